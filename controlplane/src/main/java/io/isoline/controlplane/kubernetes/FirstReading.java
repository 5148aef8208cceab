package io.isoline.controlplane.kubernetes;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps what some queries gave until all of them have been read. Guarded by the lock of the feed.
 */
final class FirstReading {

  private static final ObjectRef SETTINGS = new ObjectRef(Kind.of("Settings"), "", "");

  private final Set<Query> unread = new HashSet<>();

  /** The changes of IngressClasses, which go first: what is done with Ingresses depends on them. */
  private final Map<ObjectRef, Change> classes = new LinkedHashMap<>();

  private final Map<ObjectRef, Change> others = new LinkedHashMap<>();

  void expect(Query query) {
    unread.add(query);
  }

  /** Notes that a query was read, or will not be. */
  void tick(Query query) {
    unread.remove(query);
  }

  boolean isComplete() {
    return unread.isEmpty();
  }

  /** Keeps of each object its last change. */
  void keep(List<Change> changes) {
    for (Change change : changes) {
      switch (change) {
        case Change.Upsert upsert -> put(upsert.object().ref(), change);
        case Change.Unreadable fault -> put(fault.object(), change);
        case Change.Delete delete -> {
          classes.remove(delete.object());
          others.remove(delete.object());
        }
        case Change.Configure _ -> classes.put(SETTINGS, change);
      }
    }
  }

  private void put(ObjectRef ref, Change change) {
    boolean ofClass = ref.kind() == KnownKind.INGRESS_CLASS;
    (ofClass ? classes : others).put(ref, change);
  }

  /** Gives what was kept, and forgets it. */
  List<Change> take() {
    List<Change> changes = new ArrayList<>(classes.values());
    changes.addAll(others.values());
    classes.clear();
    others.clear();
    return changes;
  }
}
