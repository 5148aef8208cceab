package io.isoline.controlplane.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class PrintableTest {

  @Test
  void of_whatShows_staysAsItIs() {
    String text = "a\u00FC\u00DF \"'\\ \u65E5\u672C \uD83D\uDE00";
    assertEquals(text, Printable.of(text));
  }

  @Test
  void of_lineBreaks_areEscaped() {
    assertEquals("a\\nb\\r\\tc\\u0085\\u2028", Printable.of("a\nb\r\tc\u0085\u2028"));
  }

  @Test
  void of_whatATerminalObeys_isEscaped() {
    assertEquals("\\u001B[31m\\u0000\\u007F\\u009B", Printable.of("\u001B[31m\u0000\u007F\u009B"));
  }

  @Test
  void of_whatTurnsTextAround_isEscaped() {
    assertEquals("\\u202Ea\\u2066\\uFEFF", Printable.of("\u202Ea\u2066\uFEFF"));
  }

  @Test
  void of_halfOfAPair_isEscaped() {
    assertEquals("\\uD83Dx", Printable.of("\uD83Dx"));
  }
}
