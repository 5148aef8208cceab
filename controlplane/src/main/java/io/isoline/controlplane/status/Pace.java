package io.isoline.controlplane.status;

import java.time.Duration;

/**
 * Decides when the next request may be sent: at most so many in a while, and after a failure only
 * after a pause, which doubles with each failure in a row. Owned by one thread.
 */
final class Pace {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final TokenBucket bucket;
  private Duration pause = Duration.ZERO;
  private long resumeAt;

  Pace(TokenBucket bucket, long now) {
    this.bucket = bucket;
    this.resumeAt = now;
  }

  /** Takes the right to send one now; false when it is too early. */
  boolean take(long now) {
    return now - resumeAt >= 0 && bucket.take(now);
  }

  /** How long until it is not too early. */
  long waitNanos(long now) {
    return Math.max(bucket.waitNanos(now), resumeAt - now);
  }

  /** The API server did not answer, or failed. Failures of one moment count once. */
  void failed(long now) {
    if (now - resumeAt < 0) {
      return;
    }
    Duration longer = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    resumeAt = now + pause.toNanos();
  }

  /** The API server answered. */
  void succeeded() {
    pause = Duration.ZERO;
  }
}
