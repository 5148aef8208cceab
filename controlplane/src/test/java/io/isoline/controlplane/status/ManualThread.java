package io.isoline.controlplane.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread, the workers beside it, and the time, all of which go on only when the test says so.
 * What is done is done by the test's own thread, in the order in which it was asked for.
 */
final class ManualThread extends ScheduledThreadPoolExecutor {

  private record Timer(long at, long order, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }
  }

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Deque<Runnable> requests = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private long nanos = -5;
  private long order;

  ManualThread() {
    super(1, new DiscardPolicy());
    shutdown();
  }

  /** What the requests are sent by. */
  Executor workers() {
    return requests::add;
  }

  long nanoTime() {
    return nanos;
  }

  /** The time of day. */
  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Instant instant() {
        return START.plusNanos(nanos);
      }
    };
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    timers.add(new Timer(nanos + unit.toNanos(delay), order++, task));
    // Nobody cancels.
    return super.schedule(CompletableFuture.completedFuture("")::join, 0, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  /** Does all that can be done now. */
  void run() {
    for (; ; ) {
      Runnable next = tasks.isEmpty() ? requests.poll() : tasks.poll();
      if (next == null) {
        return;
      }
      next.run();
    }
  }

  /** Does what can be done by the thread, and leaves the requests unanswered. */
  void runWithoutAnswers() {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      next.run();
    }
  }

  /** How many requests wait for their answer. */
  int unanswered() {
    return requests.size();
  }

  /** Lets time pass, and does what is due on the way. */
  void advance(Duration time) {
    long end = nanos + time.toNanos();
    run();
    for (Timer next = timers.peek(); next != null && next.at() <= end; next = timers.peek()) {
      timers.remove();
      nanos = Math.max(nanos, next.at());
      next.task().run();
      run();
    }
    nanos = end;
  }
}
