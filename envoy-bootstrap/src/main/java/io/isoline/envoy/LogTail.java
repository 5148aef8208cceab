package io.isoline.envoy;

import java.util.ArrayDeque;
import java.util.List;

/** The last lines of a log. Used by one thread at a time. */
final class LogTail {
  static final int LINES = 50;

  private final ArrayDeque<String> lines = new ArrayDeque<>(LINES);

  void add(String line) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
