package io.isoline.controlplane.text;

/** Text of others in messages: one line, of characters that show as what they are. */
public final class Printable {

  private Printable() {}

  /**
   * The text with escapes, as of a string in Java, for control characters, line breaks, characters
   * that change the direction of others, and halves of surrogate pairs.
   */
  public static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                case '\t' -> printable.append("\\t");
                default -> {
                  if (isShown(c)) {
                    printable.appendCodePoint(c);
                  } else {
                    printable.append("\\u%04X".formatted(c));
                  }
                }
              }
            });
    return printable.toString();
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
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
