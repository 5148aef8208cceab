package io.isoline.controlplane.credentials;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.access.Fingerprint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the comparisons that take long, a few at a time. The lists of users take turns, so whoever
 * guesses passwords of one delays the users of another by about one comparison. A comparison is not
 * made when the line of its list is full, or when it has waited too long.
 *
 * <p>For any thread.
 */
final class HashingQueue implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HashingQueue.class);

  /** A comparison that was not made. The cache in front tells a log of any other exception. */
  static final class BusyException extends TimeoutException {
    /** Leaves the stack trace out, which would cost more than the answer. */
    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /**
   * The limits of the queue.
   *
   * @param threads how many comparisons go on at a time
   * @param perList how many wait of one list of users
   * @param total how many wait of all of them together
   * @param patienceNanos how long one waits at most
   */
  record Limits(int threads, int perList, int total, long patienceNanos) {}

  private record Job(BooleanSupplier work, long since, CompletableFuture<Boolean> result) {}

  private final Limits limits;
  private final LongSupplier clock;
  private final List<Thread> threads = new ArrayList<>();

  /** The comparisons that wait, by list; the list whose turn it is comes first. */
  @GuardedBy("this")
  private final Map<Fingerprint, ArrayDeque<Job>> lines = new LinkedHashMap<>();

  @GuardedBy("this")
  private int waiting;

  @GuardedBy("this")
  private boolean closed;

  private HashingQueue(Limits limits, LongSupplier clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Starts its threads.
   *
   * @param clock in nanoseconds, as {@link System#nanoTime}
   */
  static HashingQueue start(Limits limits, LongSupplier clock) {
    HashingQueue queue = new HashingQueue(limits, clock);
    for (int i = 0; i < limits.threads(); i++) {
      queue.threads.add(Thread.ofPlatform().daemon().name("password-" + i).start(queue::work));
    }
    return queue;
  }

  /**
   * Has the comparison done by one of its threads.
   *
   * @param list whose turn it needs
   * @return fails with {@link BusyException} and nothing else
   */
  CompletableFuture<Boolean> submit(Fingerprint list, BooleanSupplier work) {
    Job job = new Job(work, clock.getAsLong(), new CompletableFuture<>());
    synchronized (this) {
      ArrayDeque<Job> line = lines.getOrDefault(list, new ArrayDeque<>());
      if (closed || line.size() >= limits.perList() || waiting >= limits.total()) {
        return CompletableFuture.failedFuture(new BusyException());
      }
      line.add(job);
      lines.putIfAbsent(list, line);
      waiting++;
      notify();
    }
    return job.result();
  }

  private void work() {
    Job job = next();
    while (job != null) {
      if (clock.getAsLong() - job.since() > limits.patienceNanos()) {
        job.result().completeExceptionally(new BusyException());
      } else {
        try {
          job.result().complete(job.work().getAsBoolean());
        } catch (RuntimeException | Error e) {
          // Its message may repeat the hash.
          LOG.error("a password cannot be compared: {}", e.getClass().getName());
          job.result().completeExceptionally(new BusyException());
        }
      }
      job = next();
    }
  }

  /** Waits for something to do; null at the end. */
  private synchronized @Nullable Job next() {
    while (lines.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        return null;
      }
    }
    if (closed) {
      return null;
    }
    Map.Entry<Fingerprint, ArrayDeque<Job>> first = lines.entrySet().iterator().next();
    Fingerprint list = first.getKey();
    ArrayDeque<Job> line = first.getValue();
    lines.remove(list);
    Job job = line.remove();
    if (!line.isEmpty()) {
      lines.put(list, line);
    }
    waiting--;
    return job;
  }

  /** How many wait. */
  synchronized int waiting() {
    return waiting;
  }

  /** Drops the comparisons that wait; those under way end by themselves. */
  @Override
  public void close() {
    List<Job> left = new ArrayList<>();
    synchronized (this) {
      closed = true;
      lines.values().forEach(left::addAll);
      lines.clear();
      waiting = 0;
      notifyAll();
    }
    left.forEach(job -> job.result().completeExceptionally(new BusyException()));
  }
}
