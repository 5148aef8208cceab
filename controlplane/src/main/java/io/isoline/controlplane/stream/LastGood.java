package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what a refused resource still needs. A client that refuses a new route goes on with the old
 * one, so the old one's clusters must stay although nothing else refers to them any more.
 *
 * <p>Of a version that came from an earlier stream and that nobody here knows, the needs are
 * unknown: then everything stays.
 *
 * <p>What needs what is read from the bytes: a resource is kept when its name occurs in the last
 * good version of a refused one, or in another that is kept for that reason. At worst a name that
 * occurs by chance keeps some garbage in the client until the refused resource is mended.
 */
final class LastGood {
  private final Map<ResourceType, TypeState> types;
  private Set<Resource.Key> seenRemovals = Set.of();
  private Set<Resource.Key> seenRejected = Set.of();
  private Set<Resource.Key> kept = Set.of();

  LastGood(Map<ResourceType, TypeState> types) {
    this.types = types;
  }

  /** The pending removals that must wait until a refused resource is mended. */
  Set<Resource.Key> kept() {
    Set<Resource.Key> rejected = new HashSet<>();
    for (TypeState state : types.values()) {
      if (state.type() == ResourceType.SECRET || state.type() == ResourceType.ENDPOINT) {
        continue; // these refer to nothing
      }
      for (String name : state.rejected()) {
        if (state.goodOf(name) != null || state.hasForeign(name)) {
          rejected.add(new Resource.Key(state.type(), name));
        }
      }
    }
    if (rejected.isEmpty()) {
      return Set.of();
    }
    Set<Resource.Key> removals = new HashSet<>();
    for (TypeState state : types.values()) {
      if (state.type() == ResourceType.LISTENER || state.type() == ResourceType.SCOPE) {
        continue; // nothing refers to these
      }
      state.gone().forEach(name -> removals.add(new Resource.Key(state.type(), name)));
    }
    if (!removals.equals(seenRemovals) || !rejected.equals(seenRejected)) {
      seenRemovals = removals;
      seenRejected = rejected;
      kept = find(removals, rejected);
    }
    return kept;
  }

  private Set<Resource.Key> find(Set<Resource.Key> removals, Set<Resource.Key> rejected) {
    Deque<Resource> needing = new ArrayDeque<>();
    for (Resource.Key key : rejected) {
      TypeState state = stateOf(key);
      if (state.hasForeign(key.name())) {
        return removals;
      }
      Resource good = state.goodOf(key.name());
      if (good != null) {
        needing.add(good);
      }
    }
    Set<Resource.Key> found = new HashSet<>();
    Set<Resource.Key> open = new HashSet<>(removals);
    while (!needing.isEmpty() && !open.isEmpty()) {
      Resource needs = needing.remove();
      for (Resource.Key key : Set.copyOf(open)) {
        if (new Mention(key.name()).isIn(needs)) {
          open.remove(key);
          found.add(key);
          if (stateOf(key).hasForeign(key.name())) {
            return removals;
          }
          Resource good = stateOf(key).goodOf(key.name());
          if (good != null) {
            needing.add(good);
          }
        }
      }
    }
    return found;
  }

  @SuppressWarnings("NullAway") // a stream has a state for every type
  private TypeState stateOf(Resource.Key key) {
    return types.get(key.type());
  }
}
