package io.isoline.controlplane.manifest;

/** The ends of lines as YAML and editors count them: LF, CR LF, and CR alone. */
final class LineBreak {

  private LineBreak() {}

  /** Whether a line ends with the character at an index. */
  static boolean endsAt(String text, int index) {
    char c = text.charAt(index);
    return c == '\n'
        || (c == '\r' && (index + 1 == text.length() || text.charAt(index + 1) != '\n'));
  }

  /** How many lines end in a part of a text. */
  static int count(String text, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += endsAt(text, i) ? 1 : 0;
    }
    return count;
  }
}
