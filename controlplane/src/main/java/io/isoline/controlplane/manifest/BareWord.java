package io.isoline.controlplane.manifest;

import io.isoline.controlplane.text.TextPlace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line that holds a word and no {@code :} where a key belongs. YAML takes it for the beginning of
 * a text of several lines, so that a parser complains of the next {@code :}, some lines below.
 */
final class BareWord {

  private BareWord() {}

  /**
   * The word that is the real mistake.
   *
   * @param complaint the place of the {@code :} that the parser does not accept
   * @return null when the mistake is where the parser says
   */
  static @Nullable TextPlace before(String text, TextPlace complaint) {
    List<String> lines = text.lines().limit(complaint.line()).toList();
    String accused = lines.getLast();
    int letters = accused.codePointCount(0, accused.length());
    int colon = accused.offsetByCodePoints(0, Math.min(complaint.column() - 1, letters));
    if (hasKey(accused.substring(0, colon))) {
      return null;
    }
    int word = -1;
    for (int i = lines.size() - 2; i >= 0; i--) {
      String line = lines.get(i);
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      if (hasKey(line) || isDocument(line)) {
        boolean continued = hasKey(line) && !endsAKey(line) && indent(line) < indent(lines, word);
        return word < 0 || continued ? null : place(lines, word);
      }
      word = i;
    }
    return word >= 0 ? place(lines, word) : null;
  }

  private static int indent(List<String> lines, int line) {
    return line < 0 ? 0 : indent(lines.get(line));
  }

  private static TextPlace place(List<String> lines, int word) {
    return new TextPlace(word + 1, indent(lines, word) + 1);
  }

  private static boolean isDocument(String line) {
    return line.startsWith("---") || line.startsWith("...");
  }

  private static boolean hasKey(String line) {
    return line.contains(": ") || endsAKey(line);
  }

  private static boolean endsAKey(String line) {
    return line.stripTrailing().endsWith(":");
  }

  /** The column of the first letter, from 0, that of the key after {@code - }. */
  private static int indent(String line) {
    int at = 0;
    while (at < line.length() && (line.charAt(at) == ' ' || line.startsWith("- ", at))) {
      at++;
    }
    return at;
  }
}
