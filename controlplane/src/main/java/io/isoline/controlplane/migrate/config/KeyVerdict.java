package io.isoline.controlplane.migrate.config;

import java.util.Comparator;

/**
 * What became of one key.
 *
 * @param configMap the name of its ConfigMap
 * @param place {@code file:line}; empty for a default of ingress-nginx
 * @param outcome what became of it
 * @param message in words
 * @param fix what to do about it; empty when there is nothing to do
 */
public record KeyVerdict(
    String configMap,
    String key,
    String value,
    String place,
    Outcome outcome,
    String message,
    String fix) {

  /** What became of a key, the worst first. */
  public enum Outcome {
    PROTECTION_LOST("PROTECTION LOST"),
    UNKNOWN("unknown"),
    INVALID("invalid"),
    NO_COUNTERPART("no counterpart"),
    DIFFERS("differs"),
    TAKEN_OVER("taken over"),
    ALREADY_SO("already so"),
    NOT_NEEDED("not needed");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    /** Whether somebody should look at it. */
    public boolean isFinding() {
      return compareTo(DIFFERS) <= 0;
    }
  }

  /** The worst first, then by key. */
  static final Comparator<KeyVerdict> ORDER =
      Comparator.comparing(KeyVerdict::outcome)
          .thenComparing(KeyVerdict::configMap)
          .thenComparing(KeyVerdict::key);
}
