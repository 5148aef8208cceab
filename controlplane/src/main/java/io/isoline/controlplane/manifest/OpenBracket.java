package io.isoline.controlplane.manifest;

import java.util.ArrayDeque;
import java.util.Deque;

/** Finds the bracket that a text opens and never closes. */
final class OpenBracket {

  private OpenBracket() {}

  /** The index of the first one, outside of quotes and comments; -1 for none. */
  static int in(String text) {
    Deque<Integer> open = new ArrayDeque<>();
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char before = i == 0 ? '\n' : text.charAt(i - 1);
      boolean begins = Character.isWhitespace(before) || "[{,:".indexOf(before) >= 0;
      if (quote != 0) {
        if (c == '\\' && quote == '"') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '#' && Character.isWhitespace(before)) {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if ((c == '"' || c == '\'') && begins) {
        quote = c;
      } else if ((c == '[' || c == '{') && (begins || !open.isEmpty())) {
        open.addLast(i);
      } else if ((c == ']' || c == '}') && !open.isEmpty()) {
        open.removeLast();
      }
    }
    return open.isEmpty() ? -1 : open.getFirst();
  }
}
