package io.isoline.controlplane.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock that knows until when it is surely held, and that does not compare the clocks of two
 * machines.
 *
 * <ul>
 *   <li>The library notices that it cannot renew the lock when a request ends, which may be long
 *       after the lock has expired. So the time counts from before the last request that renewed
 *       it, and is over whatever the library knows.
 *   <li>The library takes the lock over when the time that the holder wrote is long ago, by our
 *       clock. A clock that is ahead would take it from a holder that is alive. So the time that
 *       counts is when we saw that renewal first.
 *   <li>A lock that was given up is recorded as one that lasts a second. It is free at once.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
final class HeldLease implements Lock {

  /** Is told what became of the lock. */
  interface Listener {
    /**
     * The lock was read or written.
     *
     * @param holder who has it; null when nobody has
     */
    void seen(@Nullable String holder);

    /** The lock could not be read or written. */
    void failed(KubernetesClientException error);
  }

  private final Lock lock;
  private final Duration hold;
  private final LongSupplier nanoTime;
  private final Listener listener;

  @GuardedBy("this")
  private boolean held;
  @GuardedBy("this")
  private long heldUntil;
  @GuardedBy("this")
  private boolean made;
  @GuardedBy("this")
  private @Nullable LeaderElectionRecord observed;
  @GuardedBy("this")
  private long observedAt;

  /**
   * Wraps a lock.
   *
   * @param hold how long it is surely held after a renewal: less than the others wait by at least
   *     the time that a request may take
   */
  HeldLease(Lock lock, Duration hold, LongSupplier nanoTime, Listener listener) {
    this.lock = lock;
    this.hold = hold;
    this.nanoTime = nanoTime;
    this.listener = listener;
  }

  /** Whether we hold it at this moment. */
  synchronized boolean isHeld() {
    return held && nanoTime.getAsLong() - heldUntil < 0;
  }

  /** Whether it did not exist before us, so that there was no other holder. */
  synchronized boolean isMade() {
    return made;
  }

  @Override
  public @Nullable LeaderElectionRecord get(KubernetesClient client) {
    LeaderElectionRecord found;
    try {
      found = lock.get(client);
    } catch (RuntimeException e) {
      throw failure(e);
    }
    LeaderElectionRecord ours = found == null ? null : observe(found);
    listener.seen(ours == null ? null : ours.getHolderIdentity());
    return ours;
  }

  private synchronized LeaderElectionRecord observe(LeaderElectionRecord found) {
    long now = nanoTime.getAsLong();
    if (!found.equals(observed)) {
      observed = found;
      observedAt = now;
    }
    boolean free =
        found.getHolderIdentity() == null
            || found.getLeaseDuration().compareTo(Duration.ofSeconds(1)) <= 0;
    if (!identity().equals(found.getHolderIdentity())) {
      held = false;
    }
    ZonedDateTime renewed = ZonedDateTime.now(ZoneOffset.UTC).minusNanos(now - observedAt);
    return new LeaderElectionRecord(
        free ? null : found.getHolderIdentity(),
        found.getLeaseDuration(),
        found.getAcquireTime(),
        renewed,
        found.getLeaderTransitions());
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord lease) {
    write(lease, () -> lock.create(client, lease));
    synchronized (this) {
      made = true;
    }
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord lease) {
    write(lease, () -> lock.update(client, lease));
  }

  private void write(LeaderElectionRecord lease, Runnable request) {
    boolean taking = identity().equals(lease.getHolderIdentity());
    if (!taking) {
      giveUp();
    }
    long before = nanoTime.getAsLong();
    try {
      request.run();
    } catch (RuntimeException e) {
      throw failure(e);
    }
    if (taking) {
      synchronized (this) {
        held = true;
        heldUntil = before + hold.toNanos();
      }
    }
    listener.seen(lease.getHolderIdentity());
  }

  /** From now on it is not held, whatever the server knows. */
  synchronized void giveUp() {
    held = false;
  }

  /** The library goes on after exceptions of this type only. */
  private KubernetesClientException failure(RuntimeException e) {
    KubernetesClientException failure =
        e instanceof KubernetesClientException already
            ? already
            : new KubernetesClientException(String.valueOf(e.getMessage()), e);
    if (failure.getCode() != 409) {
      listener.failed(failure);
    }
    return failure;
  }

  @Override
  public String identity() {
    return lock.identity();
  }

  @Override
  public String describe() {
    return lock.describe();
  }
}
