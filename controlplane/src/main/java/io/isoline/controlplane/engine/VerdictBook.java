package io.isoline.controlplane.engine;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The verdicts of the translator together with those of the Envoys. A refusal holds until the
 * resource changes, or all Envoys take it after all. Owned by the engine's thread.
 */
final class VerdictBook {

  private final Supplier<Map<ObjectRef, List<Verdict>>> translated;
  private final Map<Resource.Key, Rejection> rejections = new HashMap<>();
  private final Map<ObjectRef, Set<Resource.Key>> rejectedOf = new HashMap<>();

  /**
   * Makes a book without refusals.
   *
   * @param translated the translator's verdicts of all objects, as they are when it is asked
   */
  VerdictBook(Supplier<Map<ObjectRef, List<Verdict>>> translated) {
    this.translated = translated;
  }

  /** Takes a translator's update over; returns all verdicts of each object that has others. */
  Map<ObjectRef, List<Verdict>> enter(Update update) {
    Set<ObjectRef> changed = new TreeSet<>(update.verdicts().keySet());
    update.changed().forEach(resource -> changed.addAll(forget(resource.key())));
    update.removed().forEach(key -> changed.addAll(forget(key)));
    return of(changed);
  }

  /** Notes what an Envoy refused; returns all verdicts of each object that it concerns. */
  Map<ObjectRef, List<Verdict>> enter(Rejection rejection) {
    Rejection known = rejections.get(rejection.resource().key());
    if (rejection.origins().isEmpty()
        && known != null
        && known.resource().version().equals(rejection.resource().version())) {
      return Map.of(); // Another Envoy refused it for a reason that is nobody's fault.
    }
    Set<ObjectRef> changed = new TreeSet<>(forget(rejection.resource().key()));
    rejections.put(rejection.resource().key(), rejection);
    for (ObjectRef origin : rejection.origins()) {
      rejectedOf
          .computeIfAbsent(origin, any -> new TreeSet<>())
          .add(rejection.resource().key());
    }
    changed.addAll(rejection.origins());
    return of(changed);
  }

  /**
   * Notes that an Envoy took these versions; returns all verdicts of each object whose resource no
   * Envoy refuses any more.
   */
  Map<ObjectRef, List<Verdict>> take(
      ResourceType type, Map<String, String> versions, Predicate<Resource> isRefused) {
    Set<ObjectRef> changed = new TreeSet<>();
    for (Rejection rejection : List.copyOf(rejections.values())) {
      Resource refused = rejection.resource();
      if (refused.type() == type
          && refused.version().equals(versions.get(refused.name()))
          && !isRefused.test(refused)) {
        changed.addAll(forget(refused.key()));
      }
    }
    return of(changed);
  }

  /** All verdicts, by object. */
  SortedMap<ObjectRef, List<Verdict>> all() {
    SortedMap<ObjectRef, List<Verdict>> all = new TreeMap<>(translated.get());
    all.putAll(of(rejectedOf.keySet()));
    return all;
  }

  private Set<ObjectRef> forget(Resource.Key key) {
    Rejection rejection = rejections.remove(key);
    if (rejection == null) {
      return Set.of();
    }
    for (ObjectRef origin : rejection.origins()) {
      Set<Resource.Key> keys = rejectedOf.get(origin);
      if (keys != null && keys.remove(key) && keys.isEmpty()) {
        rejectedOf.remove(origin);
      }
    }
    return rejection.origins();
  }

  private Map<ObjectRef, List<Verdict>> of(Set<ObjectRef> objects) {
    Map<ObjectRef, List<Verdict>> verdicts = new TreeMap<>();
    for (ObjectRef object : objects) {
      List<Verdict> ofObject =
          new ArrayList<>(translated.get().getOrDefault(object, List.of()));
      for (Resource.Key key : rejectedOf.getOrDefault(object, Set.of())) {
        Rejection rejection = rejections.get(key);
        if (rejection != null) {
          ofObject.add(rejection.verdict(object));
        }
      }
      verdicts.put(object, List.copyOf(ofObject));
    }
    return verdicts;
  }
}
