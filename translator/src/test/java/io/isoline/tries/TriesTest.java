package io.isoline.tries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TriesTest {

  private static final Pattern SEED = Pattern.compile("-Disoline\\.seed=(-?\\d+) ");

  private static AssertionError failure(Consumer<Draw> test) {
    return assertThrows(AssertionError.class, () -> Tries.exactly(1000, null).run(test));
  }

  private static String message(AssertionError failure) {
    return String.valueOf(failure.getMessage());
  }

  private static long seed(AssertionError failure) {
    return message(failure)
        .lines()
        .findFirst()
        .flatMap(line -> SEED.matcher(line).results().findFirst())
        .map((MatchResult found) -> Long.parseLong(found.group(1)))
        .orElseThrow();
  }

  @Test
  void run_nothingFails_makesAllTries() {
    List<Long> drawn = new ArrayList<>();
    Tries.exactly(100, null).run(draw -> drawn.add(draw.seed()));
    assertEquals(100, new HashSet<>(drawn).size());
  }

  @Test
  void run_again_drawsOtherValues() {
    List<Long> once = new ArrayList<>();
    List<Long> again = new ArrayList<>();
    Tries.exactly(1, null).run(draw -> once.add(draw.seed()));
    Tries.exactly(1, null).run(draw -> again.add(draw.seed()));
    assertNotEquals(once, again);
  }

  @Test
  void run_seedGiven_makesThatTryAlone() {
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Tries.of(100, null, "42").run(draw -> drawn.add(draw.below(1_000_000)));
    }
    assertEquals(2, drawn.size());
    assertEquals(drawn.getFirst(), drawn.getLast());
  }

  @Test
  void run_seedAndNumberGiven_makesTheSameTriesEachTime() {
    List<Long> once = new ArrayList<>();
    List<Long> again = new ArrayList<>();
    Tries.of(100, "5", "42").run(draw -> once.add(draw.seed()));
    Tries.of(100, "5", "42").run(draw -> again.add(draw.seed()));
    assertEquals(once, again);
    assertEquals(5, new HashSet<>(once).size());
  }

  @Test
  void run_tryFails_firstLineRepeatsIt() {
    Consumer<Draw> test = draw -> assertTrue(draw.below(100) != 7);
    AssertionError failure = failure(test);
    assertTrue(
        message(failure).lines().toList().getFirst().endsWith(" -Dtest=TriesTest#failure"),
        message(failure));
    assertThrows(AssertionError.class, () -> Tries.exactly(1, seed(failure)).run(test));
  }

  @Test
  void run_listWithABadElement_leavesOutAllOthers() {
    AssertionError failure =
        failure(
            draw -> {
              List<Integer> list = draw.list(0, 40, element -> element.between(0, 1000));
              assertTrue(list.stream().noneMatch(number -> number >= 700));
            });
    assertTrue(message(failure).contains("\ndrew [[700]]\n"), message(failure));
  }

  @Test
  void run_stepsOfWhichTwoMatter_keepsTheseInOrder() {
    AssertionError failure =
        failure(
            draw -> {
              List<String> steps = draw.list(1, 40, step -> step.of("a", "open", "b", "close"));
              int opened = steps.indexOf("open");
              assertTrue(opened < 0 || !steps.subList(opened, steps.size()).contains("close"));
            });
    assertTrue(message(failure).contains("\ndrew [[open, close]]\n"), message(failure));
  }

  @Test
  void run_failsWithFewElements_keepsTheLeastNumberOfThem() {
    AssertionError failure =
        failure(
            draw -> {
              assertEquals(Set.of(), Set.copyOf(draw.list(3, 5, element -> element.below(9))));
            });
    assertTrue(message(failure).contains("\ndrew [[0, 0, 0]]\n"), message(failure));
  }

  @Test
  void run_anotherFailureOnTheWay_isNotTakenForIt() {
    AssertionError failure =
        failure(
            draw -> {
              int number = draw.between(0, 1000);
              if (number < 500) {
                throw new IllegalStateException();
              }
              assertTrue(number < 0);
            });
    Throwable cause = failure.getCause();
    assertTrue(
        message(failure).contains(cause instanceof IllegalStateException ? "[0]" : "[500]"),
        message(failure));
  }

  @Test
  void run_seedIsDrawn_keepsIt() {
    List<Long> drawn = new ArrayList<>();
    AssertionError failure =
        failure(
            draw -> {
              draw.list(5, 9, Draw::flag);
              drawn.add(draw.seed());
              assertEquals(drawn.getFirst(), 0L);
            });
    assertTrue(
        message(failure).contains(", " + drawn.getFirst() + "]\n"), message(failure));
  }

  @Test
  void run_valuesThatTheTestIsNotAbout_isNoFailure() {
    Tries.exactly(10, null).run(draw -> assumeTrue(draw.below(1) > 0));
  }

  @Test
  void list_anyBounds_staysWithinThem() {
    Tries.of(500)
        .run(
            draw -> {
              int least = draw.between(0, 5);
              int most = draw.between(least, 20);
              int size = draw.list(least, most, Draw::flag).size();
              assertTrue(least <= size && size <= most);
            });
  }

  @Test
  void text_manyTries_hasEveryKindOfCharacter() {
    Set<Integer> kinds = new HashSet<>();
    Tries.exactly(500, null)
        .run(
            draw -> {
              String text = draw.text(50);
              assertTrue(text.length() <= 50);
              text.codePoints().forEach(character -> kinds.add(Character.getType(character)));
            });
    assertTrue(
        kinds.containsAll(
            Set.of(
                (int) Character.UPPERCASE_LETTER,
                (int) Character.CONTROL,
                (int) Character.SURROGATE,
                (int) Character.LINE_SEPARATOR,
                (int) Character.UNASSIGNED)),
        kinds::toString);
  }

  @Test
  void bytes_manyTries_haveEveryValue() {
    Set<Byte> values = new HashSet<>();
    Tries.exactly(500, null)
        .run(
            draw -> {
              for (byte value : draw.bytes(100)) {
                values.add(value);
              }
            });
    assertEquals(256, values.size());
  }
}
