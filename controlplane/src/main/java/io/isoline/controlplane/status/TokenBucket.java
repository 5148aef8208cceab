package io.isoline.controlplane.status;

import java.time.Duration;

/** Allows a burst, and then one more each time a while has passed. Owned by one thread. */
final class TokenBucket {

  /** A whole token, less what a sum of fractions may lack. */
  private static final double ONE = 1 - 1e-9;

  private final double burst;
  private final double perNano;
  private double tokens;
  private long at;

  /**
   * Makes a full bucket.
   *
   * @param now in nanoseconds, as all times here
   */
  TokenBucket(int burst, Duration refill, long now) {
    this.burst = burst;
    this.perNano = 1.0 / refill.toNanos();
    this.tokens = burst;
    this.at = now;
  }

  /** Takes one; false when there is none. */
  boolean take(long now) {
    fill(now);
    if (tokens < ONE) {
      return false;
    }
    tokens = Math.max(0, tokens - 1);
    return true;
  }

  /** How long until there is one; 0 when there is. */
  long waitNanos(long now) {
    fill(now);
    return tokens >= ONE ? 0 : (long) Math.ceil((1 - tokens) / perNano);
  }

  private void fill(long now) {
    // A clock that is put back must not take away what there is.
    tokens = Math.min(burst, tokens + Math.max(0, now - at) * perNano);
    at = now;
  }
}
