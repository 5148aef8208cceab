package io.isoline.controlplane.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Searches for the resource that made a client refuse a response with several.
 *
 * <p>Each name that the client's words contain is tried alone, after all the others were tried
 * together: a name can be a common word, so its mention alone proves nothing. When no name is
 * mentioned, the two halves are tried. Whatever is refused alone is the culprit. With n resources
 * and one culprit that takes about 2 log2 n responses.
 */
final class Bisection {
  private final Deque<List<String>> trials = new ArrayDeque<>();
  private final Set<String> names = new HashSet<>();

  /** A response with these names, at least two, was refused with these words. */
  void refused(List<String> refused, String words) {
    List<String> suspects = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String name : refused) {
      (mentions(words, name) ? suspects : others).add(name);
    }
    if (suspects.isEmpty()) {
      int half = refused.size() / 2;
      push(refused.subList(half, refused.size()));
      push(refused.subList(0, half));
    } else {
      suspects.reversed().forEach(suspect -> push(List.of(suspect)));
      push(others);
    }
  }

  private void push(List<String> trial) {
    if (!trial.isEmpty()) {
      trials.push(List.copyOf(trial));
      names.addAll(trial);
    }
  }

  /** Whether the name waits for a trial. */
  boolean awaits(String name) {
    return names.contains(name);
  }

  /**
   * The next trial.
   *
   * @param stillWanted names for which it is false are forgotten
   * @return empty when there is nothing to try
   */
  List<String> next(Predicate<String> stillWanted) {
    while (!trials.isEmpty()) {
      List<String> trial = trials.pop();
      names.removeAll(trial);
      List<String> wanted = trial.stream().filter(stillWanted).toList();
      if (!wanted.isEmpty()) {
        return wanted;
      }
    }
    return List.of();
  }

  /** Whether the words contain the name as a whole: not as a part of a longer one. */
  static boolean mentions(String words, String name) {
    if (name.isEmpty()) {
      return false;
    }
    for (int at = words.indexOf(name); at >= 0; at = words.indexOf(name, at + 1)) {
      if (startsAt(words, at) && endsAt(words, at + name.length())) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsAt(String words, int at) {
    return at == 0 || isSpaceOrQuote(words.charAt(at - 1));
  }

  /** Punctuation ends a name only at the end of a word, as names have punctuation inside. */
  private static boolean endsAt(String words, int at) {
    int end = at;
    while (end < words.length() && ",.;:".indexOf(words.charAt(end)) >= 0) {
      end++;
    }
    return end == words.length() || isSpaceOrQuote(words.charAt(end));
  }

  private static boolean isSpaceOrQuote(char c) {
    return Character.isWhitespace(c) || "\"'`()[]{}<>=".indexOf(c) >= 0;
  }
}
