package io.isoline.controlplane.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into the JSON values that follow each other in it, as {@code kubectl get -o json} in a
 * loop, {@code jq} and {@code kubectl apply} know it.
 */
final class JsonStream {

  private JsonStream() {}

  /** A value and where it begins. */
  record Value(Origin origin, String text) {}

  /**
   * The values of a text, at least two of them; none when the text is something else. What follows the
   * last value that ends is a value as well, so that its mistake is told.
   *
   * @param origin of the text
   */
  static List<Value> split(String text, Origin origin) {
    List<Value> values = new ArrayList<>();
    int line = 0;
    int column = -1;
    int depth = 0;
    int from = -1;
    int fromLine = 0;
    int fromColumn = 0;
    boolean quoted = false;
    boolean escaped = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (LineBreak.endsAt(text, i)) {
        line++;
        column = -1;
      } else if (!Character.isLowSurrogate(c)) {
        column++;
      }
      if (quoted) {
        quoted = c != '"' || escaped;
        escaped = c == '\\' && !escaped;
      } else if (c == '{' || c == '[') {
        if (depth++ == 0) {
          from = i;
          fromLine = line;
          fromColumn = column;
        }
      } else if (depth == 0 && !Character.isWhitespace(c) && c != '\uFEFF') {
        return List.of();
      } else if (c == '"') {
        quoted = true;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        values.add(value(text.substring(from, i + 1), origin, fromLine, fromColumn));
        from = -1;
      }
    }
    if (from >= 0) {
      values.add(value(text.substring(from), origin, fromLine, fromColumn));
    }
    return values.size() > 1 ? values : List.of();
  }

  private static Value value(String text, Origin origin, int line, int column) {
    return new Value(
        new Origin(origin.line(line) - 1, origin.column(line, column) - 1), text);
  }
}
