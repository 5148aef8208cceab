package io.isoline.tries;

import io.isoline.tries.Draw.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The search for a smaller try that fails like a given one: elements of its lists are left out, many
 * at a time first, then single choices are lowered, until neither helps.
 */
final class Shrinking {

  /** A try that failed. */
  record Failure(Draw draw, Throwable thrown) {}

  private final Function<List<Choice>, @Nullable Failure> run;
  private final Class<?> kind;
  private Failure best;
  private int runs;

  private Shrinking(Failure first, int runs, Function<List<Choice>, @Nullable Failure> run) {
    best = first;
    kind = first.thrown().getClass();
    this.runs = runs;
    this.run = run;
  }

  /**
   * The smallest that was found; {@code first} when none was.
   *
   * @param runs how many tries it may cost
   * @param run makes a try of these choices; null when it does not fail
   */
  static Failure of(Failure first, int runs, Function<List<Choice>, @Nullable Failure> run) {
    Shrinking shrinking = new Shrinking(first, runs, run);
    boolean better = true;
    while (better) {
      better = shrinking.leaveOut();
      better |= shrinking.lower();
    }
    return shrinking.best;
  }

  private boolean leaveOut() {
    boolean better = false;
    for (int list = 0; list < best.draw().lists().size(); list++) {
      for (int many = size(list); many > 0; many /= 2) {
        for (int from = size(list) - many; from >= 0; from -= many) {
          better |= leaveOut(list, from, many);
          // It may be another list now.
          from = Math.min(from, size(list));
        }
      }
    }
    return better;
  }

  private int size(int list) {
    List<List<Integer>> lists = best.draw().lists();
    return list < lists.size() ? lists.get(list).size() - 1 : 0;
  }

  private boolean leaveOut(int list, int from, int many) {
    if (from + many > size(list)) {
      return false;
    }
    List<Integer> starts = best.draw().lists().get(list);
    List<Choice> fewer = new ArrayList<>(best.draw().choices());
    fewer.subList(starts.get(from), starts.get(from + many)).clear();
    return fails(fewer);
  }

  private boolean lower() {
    boolean better = false;
    for (int at = 0; at < best.draw().choices().size(); at++) {
      Choice choice = best.draw().choices().get(at);
      for (long less = choice.isSeed() ? 0 : choice.value(); less > 0; less /= 2) {
        long value = at < best.draw().choices().size() ? best.draw().choices().get(at).value() : 0;
        if (less <= value) {
          List<Choice> lower = new ArrayList<>(best.draw().choices());
          lower.set(at, new Choice(value - less, choice.isSeed()));
          better |= fails(lower);
        }
      }
    }
    return better;
  }

  /** Whether this fails in the same way and is smaller, in which case it is the best from now on. */
  private boolean fails(List<Choice> choices) {
    if (runs == 0) {
      return false;
    }
    runs--;
    Failure failure = run.apply(choices);
    if (failure == null || failure.thrown().getClass() != kind || !isSmaller(failure.draw())) {
      return false;
    }
    best = failure;
    return true;
  }

  /** Fewer choices, or as many and the first that is different is lower: so the search ends. */
  private boolean isSmaller(Draw draw) {
    List<Choice> before = best.draw().choices();
    List<Choice> after = draw.choices();
    if (before.size() != after.size()) {
      return after.size() < before.size();
    }
    for (int i = 0; i < before.size(); i++) {
      int order = Long.compareUnsigned(after.get(i).value(), before.get(i).value());
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }
}
