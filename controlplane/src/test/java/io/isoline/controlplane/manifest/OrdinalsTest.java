package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.tries.Tries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrdinalsTest {

  private static List<@Nullable Long> list(@Nullable Long... numbers) {
    return Arrays.asList(numbers);
  }

  @Test
  void assign_nothing_isEmpty() {
    assertEquals(0, Ordinals.assign(list()).length);
  }

  @Test
  void assign_unchangedOrder_keepsAll() {
    assertArrayEquals(new long[] {3, 7, 9}, Ordinals.assign(list(3L, 7L, 9L)));
  }

  @Test
  void assign_insertion_keepsTheOthers() {
    long[] numbers = Ordinals.assign(list(null, 1000L, null, null, 2000L, null));
    assertEquals(1000, numbers[1]);
    assertEquals(2000, numbers[4]);
    assertIncreasing(numbers);
  }

  @Test
  void assign_lastMovedToTheFront_changesOnlyItsNumber() {
    long[] numbers = Ordinals.assign(list(9_000L, 1_000L, 2_000L, 3_000L));
    assertArrayEquals(new long[] {1_000, 2_000, 3_000}, Arrays.copyOfRange(numbers, 1, 4));
    assertIncreasing(numbers);
  }

  @Test
  void assign_gapUsedUp_movesAFewNeighbours() {
    List<@Nullable Long> old = new ArrayList<>();
    for (long i = 0; i < 1000; i++) {
      old.add(i < 500 ? i * 1000 : (i + 1000) * 1000);
    }
    old.set(500, 499_001L);
    old.add(500, null);
    long[] numbers = Ordinals.assign(old);
    assertIncreasing(numbers);
    int changed = 0;
    for (int i = 0; i < numbers.length; i++) {
      Long before = old.get(i);
      changed += before == null || before != numbers[i] ? 1 : 0;
    }
    assertTrue(changed < 10, "changed " + changed);
  }

  @Test
  void assign_afterAnyEdits_increasesFromZero() {
    Tries.of(1000)
        .run(draw -> increasesFromZero(draw.list(0, 60, edit -> edit.between(0, 5_000))));
  }

  private static void increasesFromZero(List<Integer> edits) {
    List<@Nullable Long> objects = new ArrayList<>();
    for (int edit : edits) {
      int at = objects.isEmpty() ? 0 : edit % (objects.size() + 1);
      if (edit % 7 == 0 && at < objects.size()) {
        objects.remove(at);
      } else if (edit % 5 == 0 && at < objects.size()) {
        objects.addFirst(objects.remove(at));
      } else {
        objects.add(edit % 3 == 0 ? Math.min(1, objects.size()) : at, null);
      }
      long[] numbers = Ordinals.assign(objects);
      assertIncreasing(numbers);
      for (int i = 0; i < numbers.length; i++) {
        objects.set(i, numbers[i]);
      }
    }
  }

  @Test
  void assign_ofAnyNumbers_increasesFromZero() {
    Tries.of(1000)
        .run(
            draw -> {
              List<@Nullable Long> objects = new ArrayList<>();
              for (int number : draw.list(0, 40, old -> old.between(0, 45))) {
                objects.add(number > 40 ? null : Long.valueOf(number));
              }
              assertIncreasing(Ordinals.assign(objects));
            });
  }

  @Test
  void assign_insertionsAtOnePlace_neverFail() {
    List<@Nullable Long> objects = new ArrayList<>(list(1L, 2L));
    for (int i = 0; i < 2000; i++) {
      objects.add(1, null);
      long[] numbers = Ordinals.assign(objects);
      assertIncreasing(numbers);
      for (int j = 0; j < numbers.length; j++) {
        objects.set(j, numbers[j]);
      }
    }
  }

  private static void assertIncreasing(long[] numbers) {
    long before = -1;
    for (long number : numbers) {
      assertTrue(number > before, () -> Arrays.toString(numbers));
      before = number;
    }
  }
}
