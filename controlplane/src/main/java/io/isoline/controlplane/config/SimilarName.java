package io.isoline.controlplane.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what a misspelled word was meant to be. */
final class SimilarName {

  private SimilarName() {}

  /**
   * The candidate that is nearest, or null when none is near: at most one letter in three changed,
   * added or left out. Case, {@code -} and {@code _} do not count.
   */
  static @Nullable String of(String name, Collection<String> candidates) {
    String plain = plain(name);
    String nearest = null;
    int least = Math.min(3, plain.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(plain, plain(candidate), least);
      if (distance < least) {
        nearest = candidate;
        least = distance;
      }
    }
    return nearest;
  }

  private static String plain(String name) {
    return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
