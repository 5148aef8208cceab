package io.isoline.controlplane.config;

import java.util.Comparator;

/**
 * Something wrong in the configuration file.
 *
 * @param file the file as it was named to us
 * @param line from 1; 0 when the problem has no place in the text
 * @param column from 1, in characters; 0 when the problem has no place in the text
 * @param message what is wrong, and what would be right
 */
public record Problem(String file, int line, int column, String message)
    implements Comparable<Problem> {

  private static final Comparator<Problem> ORDER =
      Comparator.comparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::message);

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:column: message}, as editors and terminals link it. */
  @Override
  public String toString() {
    return line == 0
        ? file + ": " + message
        : "%s:%d:%d: %s".formatted(file, line, column, message);
  }
}
