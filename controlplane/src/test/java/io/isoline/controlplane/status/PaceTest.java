package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Pace pace = new Pace(new TokenBucket(2, Duration.ofSeconds(1), 0), 0);

  @Test
  void take_burst_thenOneEachSecond() {
    assertTrue(pace.take(0));
    assertTrue(pace.take(0));
    assertFalse(pace.take(0));
    assertEquals(SECOND, pace.waitNanos(0));
    assertFalse(pace.take(SECOND / 2));
    assertTrue(pace.take(SECOND));
    assertFalse(pace.take(SECOND));
  }

  @Test
  void take_aLongTimeLater_noMoreThanTheBurst() {
    assertTrue(pace.take(1000 * SECOND));
    assertTrue(pace.take(1000 * SECOND));
    assertFalse(pace.take(1000 * SECOND));
  }

  @Test
  void failed_inARow_thePauseDoublesToALimit() {
    long now = 10 * SECOND;
    long before = 0;
    for (int i = 0; i < 20; i++) {
      pace.failed(now);
      long pause = pace.waitNanos(now);
      assertTrue(pause >= before && pause <= 10 * SECOND);
      before = pause;
      now += pause;
    }
    assertEquals(10 * SECOND, before);
    pace.succeeded();
    pace.failed(now);
    assertEquals(SECOND / 4, pace.waitNanos(now));
  }

  @Test
  void failed_severalAtATime_countOnce() {
    for (int i = 0; i < 8; i++) {
      pace.failed(0);
    }
    assertEquals(SECOND / 4, pace.waitNanos(0));
  }
}
