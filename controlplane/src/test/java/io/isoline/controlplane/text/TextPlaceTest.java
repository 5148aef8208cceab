package io.isoline.controlplane.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class TextPlaceTest {

  @Test
  void of_aPlaceInTheText_isThatFromOne() {
    assertEquals(new TextPlace(2, 3), TextPlace.of("ab\ncde\n", 1, 2));
  }

  @Test
  void of_afterTheLastLineBreak_isTheEndOfTheLastLine() {
    assertEquals(new TextPlace(1, 3), TextPlace.of("ab\n", 1, 0));
    assertEquals(new TextPlace(1, 3), TextPlace.of("ab", 0, 7));
    assertEquals(new TextPlace(2, 1), TextPlace.of("ab\r\n\r\n", 2, 0));
  }

  @Test
  void of_noText_isItsBegin() {
    assertEquals(new TextPlace(1, 1), TextPlace.of("", 3, 4));
  }

  @Test
  void at_countsCodePointsAndAnyLineBreak() {
    assertEquals(new TextPlace(1, 2), TextPlace.at("\uD83D\uDE00x", 1));
    assertEquals(new TextPlace(2, 1), TextPlace.at("a\rb", 2));
    assertEquals(new TextPlace(2, 1), TextPlace.at("a\r\nb", 3));
    assertEquals(new TextPlace(3, 1), TextPlace.at("\n\nb", 2));
    assertEquals(new TextPlace(1, 2), TextPlace.at("a\n", 9));
  }
}
