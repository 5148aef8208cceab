package io.isoline.controlplane.text;

import java.util.List;

/**
 * A place in a text that an editor can go to.
 *
 * @param line from 1
 * @param column from 1, in code points; one more than the line has for its end
 */
public record TextPlace(int line, int column) {

  /**
   * The place that a parser means. A parser that misses something at the end of a text names the
   * line after the last one; that becomes the end of the last line.
   *
   * @param line from 0
   * @param column from 0, in code points
   */
  public static TextPlace of(String text, int line, int column) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty()) {
      return new TextPlace(1, 1);
    }
    boolean after = line >= lines.size();
    String content = after ? lines.getLast() : lines.get(line);
    int length = content.codePointCount(0, content.length());
    return new TextPlace(
        (after ? lines.size() : line + 1), (after ? length : Math.min(column, length)) + 1);
  }

  /**
   * The place of a character.
   *
   * @param index from 0, in code points
   */
  public static TextPlace at(String text, int index) {
    int line = 0;
    int column = 0;
    int left = index;
    for (int i = 0; i < text.length() && left > 0; left--) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean ends = c == '\n' || (c == '\r' && (i == text.length() || text.charAt(i) != '\n'));
      line += ends ? 1 : 0;
      column = ends ? 0 : column + 1;
    }
    return of(text, line, column);
  }
}
