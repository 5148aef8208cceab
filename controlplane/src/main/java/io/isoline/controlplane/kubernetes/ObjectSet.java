package io.isoline.controlplane.kubernetes;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Kind.Reporting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of one query as they were read last. It tells what differs, so that reading all of
 * them again, or an event about a field that nobody reads, comes to nothing. For one thread.
 */
final class ObjectSet {

  private final Map<ObjectRef, ObjectIdentity> index;
  private final Map<ObjectRef, Item> known = new HashMap<>();

  /**
   * An empty set.
   *
   * @param index takes the identities of the objects; shared with other threads
   */
  ObjectSet(Map<ObjectRef, ObjectIdentity> index) {
    this.index = index;
  }

  /** Takes one object as it is now. */
  Delta put(Item item, ObjectIdentity identity) {
    identify(item.ref(), identity);
    return item.equals(known.put(item.ref(), item))
        ? Delta.NONE
        : new Delta(List.of(item), List.of());
  }

  Delta remove(ObjectRef ref) {
    return forget(ref) ? new Delta(List.of(), List.of(ref)) : Delta.NONE;
  }

  /** Notes that an object cannot be read. What was read of it before remains known. */
  Delta refuse(Item.Unreadable refusal) {
    Item before = known.putIfAbsent(refusal.ref(), refusal);
    return before == null ? new Delta(List.of(refusal), List.of()) : Delta.NONE;
  }

  /** Forgets all of them. */
  Delta clear() {
    List<ObjectRef> gone = List.copyOf(known.keySet());
    gone.forEach(this::forget);
    return new Delta(List.of(), gone);
  }

  /** Begins to read all objects anew. */
  Listing list() {
    return new Listing();
  }

  private boolean forget(ObjectRef ref) {
    index.remove(ref);
    return known.remove(ref) != null;
  }

  /** Puts an object into the index, if anything is written about objects of its kind. */
  private void identify(ObjectRef ref, ObjectIdentity identity) {
    if (ref.kind().reporting() != Reporting.NOTHING) {
      index.put(ref, identity);
    }
  }

  /** A list that is being read. It counts once it is complete, and not at all when it breaks off. */
  final class Listing {

    private final Map<ObjectRef, ObjectIdentity> seen = new HashMap<>();
    private final List<Item> put = new ArrayList<>();

    private Listing() {}

    void add(Item item, ObjectIdentity identity) {
      seen.put(item.ref(), identity);
      if (!item.equals(known.get(item.ref()))) {
        put.add(item);
      }
    }

    int size() {
      return seen.size();
    }

    /** What differs from before; what the list did not hold is gone. */
    Delta complete() {
      List<ObjectRef> gone = new ArrayList<>();
      for (ObjectRef ref : known.keySet()) {
        if (!seen.containsKey(ref)) {
          gone.add(ref);
        }
      }
      gone.forEach(ObjectSet.this::forget);
      put.forEach(item -> known.put(item.ref(), item));
      seen.forEach(ObjectSet.this::identify);
      return new Delta(put, gone);
    }
  }
}
