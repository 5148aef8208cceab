package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** The time of day, by which events are counted, may do that. */
  @Test
  void take_clockPutBack_goesOnFromThere() {
    TokenBucket bucket = new TokenBucket(2, Duration.ofSeconds(1), 0);
    assertTrue(bucket.take(1000 * SECOND));
    assertTrue(bucket.take(0));
    assertFalse(bucket.take(0));
    assertTrue(bucket.take(SECOND));
  }
}
