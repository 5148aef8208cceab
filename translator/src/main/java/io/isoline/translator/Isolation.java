package io.isoline.translator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The translation from the beginning, without the changes that it fails on.
 *
 * <p>Those that fail together are divided until each is alone. A pipeline that failed is in
 * disorder, so each time a new one takes all that went well before: at 10,000 hosts that is a
 * second or two. It is the price of a defect, and of nothing else. It is paid {@value
 * #MAX_FAILURES} times at most; what fails after that is left out as it comes.
 */
final class Isolation {

  static final int MAX_FAILURES = 40;

  private final Supplier<Pipeline> start;
  private final Instant now;

  /** As it went well: together, they might not. */
  private final List<List<Change>> accepted = new ArrayList<>();

  private final List<Update.Defect> defects = new ArrayList<>();
  private final Map<Resource.Key, Resource> resources = new HashMap<>();
  private Pipeline pipeline;
  private Update last;
  private int failures;

  /**
   * Begins with no objects.
   *
   * @throws RuntimeException when the translation fails on no objects at all
   */
  Isolation(Supplier<Pipeline> start, Instant now) {
    this.start = start;
    this.now = now;
    pipeline = start.get();
    last = take(List.of());
  }

  /** Applies what can be applied. */
  void enter(List<Change> changes) {
    try {
      last = take(changes);
      accepted.add(List.copyOf(changes));
    } catch (RuntimeException e) {
      failures++;
      pipeline = start.get();
      resources.clear();
      last = take(List.of());
      accepted.forEach(portion -> last = take(portion));
      if (changes.size() > 1 && failures < MAX_FAILURES) {
        int half = changes.size() / 2;
        enter(changes.subList(0, half));
        enter(changes.subList(half, changes.size()));
      } else {
        leaveOut(changes, e);
      }
    }
  }

  private Update take(List<Change> changes) {
    Update update = pipeline.apply(changes, now);
    update.removed().forEach(resources::remove);
    update.changed().forEach(resource -> resources.put(resource.key(), resource));
    return update;
  }

  private void leaveOut(List<Change> changes, RuntimeException defect) {
    // Not its message: it may have what is in a Secret, and another replica says it differently.
    String message =
        "Isoline fails on %s, which is a defect of Isoline; its log has the %s"
            .formatted(
                changes.size() == 1
                    ? "it"
                    : "it, or on one of %,d that came with it".formatted(changes.size()),
                defect.getClass().getSimpleName());
    List<Change> instead = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Upsert upsert ->
            instead.add(unreadable(upsert.object().ref(), message));
        case Change.Delete delete -> instead.add(unreadable(delete.object(), message));
        case Change.Unreadable _, Change.Configure _ -> {}
      }
    }
    defects.add(new Update.Defect(List.copyOf(changes), defect));
    if (!instead.isEmpty()) {
      enter(instead);
    }
  }

  private static Change unreadable(ObjectRef object, String message) {
    return new Change.Unreadable(object, message, "report it, with the object");
  }

  Pipeline pipeline() {
    return pipeline;
  }

  /** What was applied, in its order. */
  List<Change> accepted() {
    return accepted.stream().flatMap(List::stream).toList();
  }

  /**
   * What is different from what another pipeline came to.
   *
   * @param failure of that one, which is told when this one did not fail
   */
  Update since(Pipeline before, RuntimeException failure) {
    List<Resource> changed = new ArrayList<>();
    for (Resource resource : resources.values()) {
      if (!resource.version().equals(before.versions().get(resource.key()))) {
        changed.add(resource);
      }
    }
    Set<Resource.Key> removed = new HashSet<>(before.versions().keySet());
    removed.removeAll(resources.keySet());
    Set<ObjectRef> objects = new HashSet<>(before.verdicts().keySet());
    objects.addAll(pipeline.verdicts().keySet());
    Map<ObjectRef, List<Verdict>> judged = new HashMap<>();
    for (ObjectRef object : objects) {
      List<Verdict> verdicts = pipeline.verdicts().getOrDefault(object, List.of());
      if (!verdicts.equals(before.verdicts().getOrDefault(object, List.of()))) {
        judged.put(object, verdicts);
      }
    }
    return new Update(
        changed,
        removed,
        judged,
        last.recheckAt(),
        defects.isEmpty() ? List.of(new Update.Defect(List.of(), failure)) : defects);
  }
}
