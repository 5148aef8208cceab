package io.isoline.controlplane.manifest;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the objects so that their order is that of the files, and so that an edit changes as few
 * numbers as possible: a number is a part of an object's record, and a changed record is translated
 * anew.
 *
 * <p>Numbers are assigned with wide gaps. Of the numbers that objects already have, the longest
 * increasing run is kept; the others get numbers between their neighbours. Only when a gap is used
 * up (after some twenty insertions at one place) are neighbours moved as well, few at first.
 */
final class Ordinals {

  /** The distance between two objects that are numbered one after the other. */
  static final long GAP = 1L << 20;

  /** Room to put objects before the first. */
  private static final long START = 1L << 40;

  private Ordinals() {}

  /**
   * Assigns numbers.
   *
   * @param old the number of each object in the order of the files, null for a new object
   * @return strictly increasing numbers from 0
   */
  static long[] assign(List<@Nullable Long> old) {
    int count = old.size();
    long[] numbers = new long[count];
    boolean[] kept = longestIncreasing(old, numbers);
    int from = 0;
    while (from < count) {
      if (kept[from]) {
        from++;
        continue;
      }
      int until = from;
      while (until < count && !kept[until]) {
        until++;
      }
      fill(numbers, kept, from, until);
      from = until;
    }
    return numbers;
  }

  /** Numbers the objects from..until-1, and more around them where there is no room. */
  private static void fill(long[] numbers, boolean[] kept, int from, int until) {
    int low = from;
    int high = until;
    int widen = 1;
    while (true) {
      long below = low == 0 ? -1 : numbers[low - 1];
      int amount = high - low;
      if (high == numbers.length) {
        long first = low == 0 ? START : below + GAP;
        spread(numbers, low, high, first, GAP);
        break;
      }
      long above = numbers[high];
      if (low == 0 && above > GAP * amount) {
        spread(numbers, low, high, above - GAP * amount, GAP);
        break;
      }
      long step = (above - below) / (amount + 1);
      if (step >= 1) {
        spread(numbers, low, high, below + step, step);
        break;
      }
      low = Math.max(0, low - widen);
      int reach = Math.min(numbers.length, high + widen);
      // What is not numbered yet is numbered now.
      while (reach < numbers.length && !kept[reach]) {
        reach++;
      }
      high = reach;
      widen *= 2;
    }
    Arrays.fill(kept, low, high, true);
  }

  private static void spread(long[] numbers, int low, int high, long first, long step) {
    for (int i = low; i < high; i++) {
      numbers[i] = first + step * (i - low);
    }
  }

  /** Marks the longest strictly increasing run of old numbers and copies it. */
  private static boolean[] longestIncreasing(List<@Nullable Long> old, long[] numbers) {
    int count = old.size();
    int[] previous = new int[count];
    int[] tails = new int[count];
    int length = 0;
    for (int i = 0; i < count; i++) {
      Long number = old.get(i);
      if (number == null) {
        continue;
      }
      int at = 0;
      int end = length;
      while (at < end) {
        int middle = (at + end) >>> 1;
        Long tail = old.get(tails[middle]);
        if (tail != null && tail < number) {
          at = middle + 1;
        } else {
          end = middle;
        }
      }
      previous[i] = at == 0 ? -1 : tails[at - 1];
      tails[at] = i;
      length = Math.max(length, at + 1);
    }
    boolean[] kept = new boolean[count];
    int at = length == 0 ? -1 : tails[length - 1];
    while (at >= 0) {
      kept[at] = true;
      Long number = old.get(at);
      numbers[at] = number == null ? 0 : number;
      at = previous[at];
    }
    return kept;
  }
}
