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
 * Translates everything from the beginning, without the changes that the translation fails on.
 *
 * <p>Changes that fail are divided until each culprit is alone. At first the parts are tried with
 * nothing else there, which costs little more than to translate everything once. Changes that fail
 * only beside others are then searched for beside these. A pipeline that failed cannot be used any
 * more, so after each failure a new one takes all that was accepted before, which takes a second or
 * so at 10,000 hosts. After {@value #MAX_FAILURES} such failures, what still fails is left out as a
 * whole.
 */
final class Isolation {

  static final int MAX_FAILURES = 40;

  private final Supplier<Pipeline> start;
  private final Instant now;

  /** The batches that went well, each as it was: all changes in one batch might fail. */
  private final List<List<Change>> accepted = new ArrayList<>();

  private final List<Update.Defect> defects = new ArrayList<>();
  private final Map<Resource.Key, Resource> resources = new HashMap<>();
  private Pipeline pipeline;
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
    take(List.of());
  }

  /** Applies what can be applied. */
  void enter(List<Change> changes) {
    try {
      take(changes);
      accepted.add(List.copyOf(changes));
    } catch (RuntimeException e) {
      failures++;
      pipeline = start.get();
      resources.clear();
      take(List.of());
      accepted.forEach(this::take);
      if (changes.size() > 1 && failures < MAX_FAILURES) {
        int half = changes.size() / 2;
        enter(changes.subList(0, half));
        enter(changes.subList(half, changes.size()));
      } else {
        leaveOut(changes, e);
      }
    }
  }

  /** Applies what can be applied, when it is known that the translation fails on some of it. */
  void enterDoubtful(List<Change> changes) {
    Map<Change, RuntimeException> culprits = new HashMap<>();
    findAlone(changes, culprits);
    List<Change> rest = new ArrayList<>();
    for (Change change : changes) {
      RuntimeException defect = culprits.get(change);
      if (defect == null) {
        rest.add(change);
      } else {
        defects.add(new Update.Defect(List.of(change), defect));
        rest.addAll(instead(List.of(change), defect));
      }
    }
    enter(rest);
  }

  private void findAlone(List<Change> changes, Map<Change, RuntimeException> culprits) {
    try {
      start.get().apply(changes, now);
    } catch (RuntimeException e) {
      if (changes.size() == 1) {
        culprits.put(changes.getFirst(), e);
      } else if (!changes.isEmpty()) {
        int half = changes.size() / 2;
        findAlone(changes.subList(0, half), culprits);
        findAlone(changes.subList(half, changes.size()), culprits);
      }
    }
  }

  private void take(List<Change> changes) {
    Update update = pipeline.apply(changes, now);
    update.removed().forEach(resources::remove);
    update.changed().forEach(resource -> resources.put(resource.key(), resource));
  }

  private void leaveOut(List<Change> changes, RuntimeException defect) {
    List<Change> deletions =
        changes.stream().filter(change -> change instanceof Change.Delete).toList();
    if (!deletions.isEmpty() && deletions.size() < changes.size()) {
      enter(deletions);
      leaveOut(
          changes.stream().filter(change -> !(change instanceof Change.Delete)).toList(), defect);
      return;
    }
    defects.add(new Update.Defect(List.copyOf(changes), defect));
    List<Change> instead = instead(changes, defect);
    if (!instead.isEmpty()) {
      enter(instead);
    }
  }

  /**
   * The changes that take the place of those left out: they say of each object that it is
   * unreadable.
   */
  private static List<Change> instead(List<Change> changes, RuntimeException defect) {
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
    return instead;
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
   * The differences from what another pipeline came to.
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
        pipeline.ingresses().recheckAt(),
        defects.isEmpty() ? List.of(new Update.Defect(List.of(), failure)) : defects);
  }
}
