package io.isoline.controlplane.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.translator.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Holds the changes that wait for the engine's next turn, and decides when that turn begins.
 *
 * <p>A turn takes all changes that have come in. A quiet engine begins one at once. After each turn
 * the engine rests, {@value #REST} times as long as the turn took and for {@link #LONGEST_REST} at
 * most. So where a turn costs much, as among thousands of hosts, a storm makes few turns, and
 * leaves the thread to the streams of the Envoys in between.
 *
 * <p><b>The longest wait:</b> a change is in the first turn that begins after it has come. That
 * turn begins no later than {@link #LONGEST_REST} after the end of the one before; only what the
 * thread has to do for the Envoys can come between. So never more changes wait than come in during
 * one turn and one rest.
 *
 * <p>{@link #add} may be called by any thread, all else by the engine's.
 */
final class ChangeQueue {

  /** However long a turn took, the next may begin after this. */
  static final Duration LONGEST_REST = Duration.ofMillis(50);

  /** After a turn, the next waits this many times as long as that one took. */
  static final int REST = 10;

  /** Runs tasks on the engine's thread. */
  interface Timer {
    /** Runs a task after a delay in nanoseconds. */
    void schedule(Runnable task, long delay);
  }

  /**
   * What a turn takes.
   *
   * @param changes in the order in which they came; may be empty
   * @param since when the first of them came, in nano time; the turn's begin, when there is none
   */
  record Batch(List<Change> changes, long since) {}

  private final Timer thread;
  private final LongSupplier nanoTime;
  private final Consumer<Batch> work;

  @GuardedBy("this")
  private List<Change> waiting = new ArrayList<>();
  @GuardedBy("this")
  private long since;
  private long restUntil;

  /**
   * An empty queue.
   *
   * @param work what a turn does; it throws nothing
   */
  ChangeQueue(Timer thread, LongSupplier nanoTime, Consumer<Batch> work) {
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.work = work;
    this.restUntil = nanoTime.getAsLong();
  }

  /** Puts changes after those that wait, and returns at once. */
  synchronized void add(Collection<? extends Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    if (waiting.isEmpty()) {
      since = nanoTime.getAsLong();
      thread.schedule(this::turnWhenRested, 0);
    }
    waiting.addAll(changes);
  }

  /** A turn may have been under way, or another one have come, since this was scheduled. */
  private void turnWhenRested() {
    long rest = restUntil - nanoTime.getAsLong();
    if (rest > 0) {
      thread.schedule(this::turnWhenRested, rest);
    } else if (isAnythingWaiting()) {
      turn();
    }
  }

  private synchronized boolean isAnythingWaiting() {
    return !waiting.isEmpty();
  }

  /** Begins a turn now, even if nothing waits. */
  void turn() {
    long begin = nanoTime.getAsLong();
    work.accept(take(begin));
    long end = nanoTime.getAsLong();
    restUntil = end + Math.min(REST * (end - begin), LONGEST_REST.toNanos());
  }

  private synchronized Batch take(long now) {
    Batch batch = new Batch(waiting, waiting.isEmpty() ? now : since);
    waiting = new ArrayList<>();
    return batch;
  }
}
