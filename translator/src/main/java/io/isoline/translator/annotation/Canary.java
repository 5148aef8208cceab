package io.isoline.translator.annotation;

import org.jspecify.annotations.Nullable;

/**
 * Which of the requests of its main Ingress a canary gets: those that its header says, else those that
 * its cookie says, else its share.
 *
 * @param header null for none
 * @param cookie the name of the cookie; null for none
 * @param weight its part of {@code total}
 * @param total at least one
 */
public record Canary(@Nullable ByHeader header, @Nullable String cookie, int weight, int total) {

  /** What a header or a cookie says for the canary, and against it. */
  public static final String ALWAYS = "always";

  /** Against it. */
  public static final String NEVER = "never";

  /** What a header has to be. Its name is in lower case. */
  public sealed interface ByHeader {
    String name();

    /** {@link #ALWAYS} for the canary, {@link #NEVER} against it. */
    record Word(String name) implements ByHeader {}

    /** This value for the canary. */
    record Value(String name, String value) implements ByHeader {}

    /**
     * A value that an expression matches for the canary.
     *
     * @param expression in the syntax of RE2, checked, for the whole value
     */
    record Matching(String name, String expression) implements ByHeader {}
  }

  public Canary {
    if (total < 1 || weight < 0 || weight > total) {
      throw new IllegalArgumentException(weight + " of " + total);
    }
  }

  /** Whether it gets nothing, whatever a request has. */
  public boolean isNothing() {
    return header == null && cookie == null && weight == 0;
  }

  /** What it gets, in words. */
  @Override
  public String toString() {
    String share = weight + " of " + total;
    if (header == null && cookie == null) {
      return share + " requests";
    }
    return "requests with "
        + (header == null ? "" : "the header " + header.name())
        + (header == null || cookie == null ? "" : " or ")
        + (cookie == null ? "" : "the cookie " + cookie)
        + " that asks for it"
        + (weight == 0 ? "" : ", and " + share + " others");
  }
}
