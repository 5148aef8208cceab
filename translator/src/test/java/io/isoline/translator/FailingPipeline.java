package io.isoline.translator;

import io.isoline.translator.model.ModelChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A pipeline with a defect: it fails on what it has seen, or sees, and then whatever else it is
 * asked for.
 */
final class FailingPipeline extends Pipeline {

  /** When it fails. */
  enum Step {
    /** When the changes are in its books, and nothing is written. */
    TRANSLATE,
    /** When all is written. */
    JUDGE;

    static Step of(long seed) {
      return seed % 2 == 0 ? TRANSLATE : JUDGE;
    }
  }

  private final Step step;
  private final BiPredicate<List<Change>, List<Change>> fails;
  private final List<Change> seen = new ArrayList<>();
  private boolean failing;

  private FailingPipeline(
      Settings settings, Step step, BiPredicate<List<Change>, List<Change>> fails) {
    super(settings);
    this.step = step;
    this.fails = fails;
  }

  /**
   * A translator that fails for ever when it has seen certain changes.
   *
   * @param fails which
   */
  static Translator on(Settings settings, Step step, Predicate<Change> fails) {
    return on(settings, step, (seen, batch) -> seen.stream().anyMatch(fails));
  }

  /**
   * A translator that fails.
   *
   * @param fails whether it fails now that it has seen all these changes, the latter in this batch
   */
  static Translator on(
      Settings settings, Step step, BiPredicate<List<Change>, List<Change>> fails) {
    return new Translator(settings, each -> new FailingPipeline(each, step, fails));
  }

  @Override
  ModelChange translate(List<Change> changes, Instant now) {
    ModelChange model = super.translate(changes, now);
    seen.addAll(changes);
    failing |= fails.test(seen, changes);
    failAt(Step.TRANSLATE);
    return model;
  }

  @Override
  List<Verdict> judge(ObjectRef object) {
    failAt(Step.JUDGE);
    return super.judge(object);
  }

  private void failAt(Step here) {
    if (failing && here == step) {
      throw new IllegalStateException("defect");
    }
  }

  /** What becomes of a change of an object that it fails on. */
  static Change instead(ObjectRef object) {
    return new Change.Unreadable(
        object,
        "Isoline fails on it, which is a defect of Isoline; its log has the"
            + " IllegalStateException",
        "report it, with the object");
  }
}
