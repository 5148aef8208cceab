package io.isoline.controlplane.xds;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An engine for which time passes when the test says so. What has no delay is done at once, in its
 * one thread. For any thread.
 */
final class ManualTimeEngine extends ScheduledThreadPoolExecutor {

  @GuardedBy("itself")
  private final PriorityQueue<Task> waiting =
      new PriorityQueue<>(Comparator.comparingLong((Task task) -> task.at));

  private volatile long now;

  ManualTimeEngine() {
    super(1);
  }

  /** The time, in nanoseconds. */
  long now() {
    return now;
  }

  /** Lets time pass, and returns when all that is due by then was done. */
  void advance(Duration duration) {
    long end = now + duration.toNanos();
    for (Task task = due(end); task != null; task = due(end)) {
      now = Math.max(now, task.at);
      Task next = task;
      try {
        submit(next::go).get(120, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    now = end;
  }

  private @Nullable Task due(long end) {
    synchronized (waiting) {
      Task first = waiting.peek();
      return first != null && first.at <= end ? waiting.poll() : null;
    }
  }

  private Task add(Task task) {
    synchronized (waiting) {
      waiting.add(task);
    }
    return task;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return delay <= 0
        ? super.schedule(command, delay, unit)
        : add(new Task(command, now + unit.toNanos(delay), 0));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return add(new Task(command, now + unit.toNanos(initialDelay), unit.toNanos(delay)));
  }

  private final class Task extends FutureTask<@Nullable Void> implements ScheduledFuture<@Nullable Void> {
    private final Runnable command;
    private long at; // changes only while it is not in the queue
    private final long period;

    Task(Runnable command, long at, long period) {
      super(command, null);
      this.command = command;
      this.at = at;
      this.period = period;
    }

    void go() {
      if (period == 0) {
        run();
      } else if (!isCancelled()) {
        command.run();
        at += period;
        var _ = add(this);
      }
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - now, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
