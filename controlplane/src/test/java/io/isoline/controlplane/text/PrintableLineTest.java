package io.isoline.controlplane.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableLineTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00, 0x07, 0x08, 0x0B, 0x1B, 0x7F, 0x85, 0x90, 0x9B, 0xAD, 0x061C, 0x200B, 0x200E, 0x2028,
        0x2029, 0x202E, 0x2066, 0xFEFF, 0xD800, 0xDFFF
      })
  void line_characterThatIsObeyedOrUnseen_isEscaped(int character) {
    String text = "a" + (char) character + "b";
    String escaped = "a\\u%04Xb".formatted(character);
    assertEquals(escaped, Printable.line(text));
    assertEquals(escaped, Printable.lines(text));
  }

  @Test
  void line_breaksAndTabs_areEscaped() {
    assertEquals("a\\r\\n\\tb", Printable.line("a\r\n\tb"));
  }

  @Test
  void lines_breaksAndTabs_stayAndReturnsDoNot() {
    assertEquals("a\n\tb\\r\n", Printable.lines("a\n\tb\r\n"));
  }

  @Test
  void line_characterBeyondTheFirstPlane_isEscapedAsAPair() {
    assertEquals("\\uDB40\\uDC41", Printable.line(Character.toString(0xE0041)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Ingress default/web", "bücher.test 日本 😀", "\\n", "C:\\u001b"})
  void line_textThatIsShown_isTheSame(String text) {
    assertEquals(text, Printable.line(text));
  }

  @Test
  void line_longText_isCutBetweenCharacters() {
    assertEquals("abc… (5 characters)", Printable.line("abcde", 3));
    assertEquals("ab… (6 characters)", Printable.line("ab\ud83d\ude00cd", 3));
    assertEquals("abc", Printable.line("abc", 3));
  }
}
