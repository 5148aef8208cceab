package io.isoline.controlplane.text;

/**
 * Text of others in a form that is safe to print: whoever names an object, a host or an Envoy cannot
 * move the cursor of a terminal, begin a line of a log, or turn the direction of what follows.
 *
 * <p>Escaped are control characters, those that are invisible or turn the direction of text (the
 * categories Cf, Zl and Zp of Unicode), and halves of surrogate pairs, all as JSON writes them, so
 * that a JSON document stays the same document.
 */
public final class Printable {

  /** Characters of one piece of text in a line of a log; names and hosts have 253 at most. */
  public static final int OF_NAME = 300;

  private Printable() {}

  /** As one line, however long. */
  public static String of(String text) {
    return line(text);
  }

  /** As one line, however long. */
  public static String line(String text) {
    return isPlain(text, false) ? text : escaped(text, false);
  }

  /**
   * As one line.
   *
   * @param most characters; what is longer is cut, with its length in its place
   */
  public static String line(String text, int most) {
    if (text.length() <= most) {
      return line(text);
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return line(text.substring(0, end)) + "… (" + text.length() + " characters)";
  }

  /** As lines: breaks of lines and tabs stay. */
  public static String lines(String text) {
    return isPlain(text, true) ? text : escaped(text, true);
  }

  private static boolean isPlain(String text, boolean lines) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' || c > '~') && !isShown(c, lines)) {
        return false;
      }
    }
    return true;
  }

  private static String escaped(String text, boolean lines) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    int at = 0;
    while (at < text.length()) {
      int letter = text.codePointAt(at);
      if (isShown(letter, lines)) {
        escaped.appendCodePoint(letter);
      } else {
        for (char c : Character.toChars(letter)) {
          escape(c, escaped);
        }
      }
      at += Character.charCount(letter);
    }
    return escaped.toString();
  }

  private static void escape(char c, StringBuilder escaped) {
    switch (c) {
      case '\n' -> escaped.append("\\n");
      case '\r' -> escaped.append("\\r");
      case '\t' -> escaped.append("\\t");
      default -> escaped.append("\\u%04X".formatted((int) c));
    }
  }

  private static boolean isShown(int letter, boolean lines) {
    if (letter == '\n' || letter == '\t') {
      return lines;
    }
    return switch (Character.getType(letter)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
