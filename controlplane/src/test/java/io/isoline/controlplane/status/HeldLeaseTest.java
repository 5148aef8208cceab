package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HeldLeaseTest {

  private static final Duration HOLD = Duration.ofSeconds(10);

  /** Never asked for anything. */
  private static final KubernetesClient CLIENT =
      (KubernetesClient)
          Proxy.newProxyInstance(
              HeldLeaseTest.class.getClassLoader(),
              new Class<?>[] {KubernetesClient.class},
              (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  private final Stored stored = new Stored();
  private final List<@Nullable String> seen = new ArrayList<>();
  private final List<KubernetesClientException> failures = new ArrayList<>();
  private long now = 100;

  private final HeldLease lease =
      new HeldLease(
          stored,
          HOLD,
          () -> now,
          new HeldLease.Listener() {
            @Override
            public void seen(@Nullable String holder) {
              seen.add(holder);
            }

            @Override
            public void failed(KubernetesClientException error) {
              failures.add(error);
            }
          });

  @Test
  void isHeld_afterARenewal_forAsLongAsSaid() {
    assertFalse(lease.isHeld());
    lease.create(CLIENT, record("us", 15));
    assertTrue(lease.isHeld());
    assertTrue(lease.isMade());
    pass(HOLD.minusNanos(1));
    assertTrue(lease.isHeld());
    pass(Duration.ofNanos(1));
    assertFalse(lease.isHeld());
    lease.update(CLIENT, record("us", 15));
    assertTrue(lease.isHeld());
  }

  @Test
  void isHeld_theRequestTookLong_countsFromBefore() {
    stored.takes = Duration.ofSeconds(9);
    lease.update(CLIENT, record("us", 15));
    pass(Duration.ofSeconds(1));
    assertFalse(lease.isHeld());
  }

  @Test
  void isHeld_theRenewalFails_untilTheTimeIsOver() {
    lease.create(CLIENT, record("us", 15));
    stored.failure = new KubernetesClientException("frozen");
    assertThrows(KubernetesClientException.class, () -> lease.update(CLIENT, record("us", 15)));
    assertEquals(1, failures.size());
    assertTrue(lease.isHeld());
    pass(HOLD);
    assertFalse(lease.isHeld());
  }

  @Test
  void isHeld_anotherOneHasIt_isNot() {
    lease.create(CLIENT, record("us", 15));
    stored.record = record("them", 15);
    assertNotNull(lease.get(CLIENT));
    assertFalse(lease.isHeld());
    assertEquals("them", seen.getLast());
  }

  @Test
  void update_givenUp_isNotHeldBeforeTheRequest() {
    lease.create(CLIENT, record("us", 15));
    stored.failure = new KubernetesClientException("gone");
    assertThrows(KubernetesClientException.class, () -> lease.update(CLIENT, record(null, 1)));
    assertFalse(lease.isHeld());
  }

  /** Their clock may be anything: what counts is for how long we saw no renewal. */
  @Test
  void get_theClockOfTheHolderIsWrong_isTimedByOurs() {
    for (Duration wrong : List.of(Duration.ofHours(-1), Duration.ofHours(1))) {
      stored.record = at(ZonedDateTime.now(ZoneOffset.UTC).plus(wrong));
      assertAge(Duration.ZERO);
      pass(Duration.ofSeconds(14));
      assertAge(Duration.ofSeconds(14));
    }
  }

  @Test
  void get_givenUp_isFreeAtOnce() {
    stored.record = record("them", 1);
    assertNull(holder());
  }

  @Test
  void get_anotherErrorThanTheLibraryExpects_isOneThatItExpects() {
    stored.failure = new IllegalStateException("unexpected");
    assertThrows(KubernetesClientException.class, () -> lease.get(CLIENT));
    assertEquals(1, failures.size());
  }

  @Test
  void update_anotherOneWasFaster_isNoFailure() {
    stored.failure = new KubernetesClientException("conflict", 409, null);
    assertThrows(KubernetesClientException.class, () -> lease.update(CLIENT, record("us", 15)));
    assertEquals(List.of(), failures);
    assertFalse(lease.isHeld());
  }

  private void assertAge(Duration expected) {
    ZonedDateTime before = ZonedDateTime.now(ZoneOffset.UTC);
    LeaderElectionRecord found = lease.get(CLIENT);
    ZonedDateTime after = ZonedDateTime.now(ZoneOffset.UTC);
    assertNotNull(found);
    ZonedDateTime renewal = found.getRenewTime().plus(expected);
    assertFalse(renewal.isBefore(before.truncatedTo(ChronoUnit.MILLIS)), renewal::toString);
    assertFalse(renewal.isAfter(after.plus(1, ChronoUnit.MILLIS)), renewal::toString);
  }

  private @Nullable String holder() {
    LeaderElectionRecord found = lease.get(CLIENT);
    assertNotNull(found);
    return found.getHolderIdentity();
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static LeaderElectionRecord record(@Nullable String holder, int seconds) {
    ZonedDateTime time = ZonedDateTime.now(ZoneOffset.UTC);
    return new LeaderElectionRecord(holder, Duration.ofSeconds(seconds), time, time, 0);
  }

  private static LeaderElectionRecord at(ZonedDateTime renewed) {
    return new LeaderElectionRecord("them", Duration.ofSeconds(15), renewed, renewed, 0);
  }

  private final class Stored implements Lock {
    private @Nullable LeaderElectionRecord record;
    private @Nullable RuntimeException failure;
    private Duration takes = Duration.ZERO;

    private void request() {
      pass(takes);
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public @Nullable LeaderElectionRecord get(KubernetesClient client) {
      request();
      return record;
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord lease) {
      request();
      record = lease;
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord lease) {
      request();
      record = lease;
    }

    @Override
    public String identity() {
      return "us";
    }

    @Override
    public String describe() {
      return "the lease";
    }
  }
}
