package io.isoline.controlplane.stream;

import io.isoline.controlplane.text.Printable;

/**
 * Makes the words with which a client refuses a response fit to be told to others.
 *
 * <p>When a resource breaks a rule of its proto, Envoy repeats the whole resource: before the
 * reason, or after it in older versions. These words may be a hundred kilobytes, of which Envoy
 * sends the first four and so leaves the reason out. They name hosts that have nothing to do with
 * the refusal, and they have in them what a Secret holds. So of such words only the reason is told,
 * if it is there, and of any words {@value #MOST} characters at most.
 */
final class RefusalWords {

  /** Characters; a reason and the name of a resource have room in it, and so has an Event. */
  static final int MOST = 600;

  private static final String RULE = "Proto constraint validation failed";

  /** How protobuf begins a message in text. */
  private static final String REPEATED = "goo.gle/debug";

  private static final String WITHOUT_REASON =
      "it breaks a rule of its proto; Envoy repeats it instead of saying which";

  private RefusalWords() {}

  static String brief(String words) {
    String reason = words;
    int rule = words.lastIndexOf(RULE);
    if (rule >= 0) {
      int end = words.indexOf("): ", rule);
      reason = words.substring(rule, end < 0 ? words.length() : end + 1);
    }
    reason = reason.strip().lines().findFirst().orElse("").strip();
    if (reason.startsWith(REPEATED)) {
      return WITHOUT_REASON;
    }
    return Printable.line(reason, MOST);
  }
}
