package io.isoline.controlplane.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When turns are, in a time that goes on only as the test says. */
final class ChangeQueueTest {

  private static final int STORM = 5_000;
  private static final long EACH = Duration.ofMillis(2).toNanos();
  private static final long REST = ChangeQueue.LONGEST_REST.toNanos();

  private record Task(long at, int order, Runnable task) {}

  private record Turn(long begin, List<Change> changes) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingInt(Task::order));
  private final List<Turn> turns = new ArrayList<>();

  /** By number, when each change came. */
  private final List<Long> arrivals = new ArrayList<>();

  private long now = -7;
  private int order;
  private long cost;
  private long nextArrival = Long.MAX_VALUE;
  private int mostWaiting;
  private int taken;
  private final ChangeQueue queue = new ChangeQueue(this::schedule, () -> now, this::work);

  private void schedule(Runnable task, long delay) {
    tasks.add(new Task(now + delay, order++, task));
  }

  /** A turn, in which time goes on and changes come in. */
  private void work(ChangeQueue.Batch batch) {
    turns.add(new Turn(now, batch.changes()));
    taken += batch.changes().size();
    assertEquals(
        batch.changes().isEmpty() ? now : arrivals.get(taken - batch.changes().size()),
        batch.since());
    passTo(now + cost);
  }

  private static Change change(int number) {
    return new Change.Delete(ObjectRef.service("default", "s" + number));
  }

  private void passTo(long end) {
    while (nextArrival <= end) {
      now = nextArrival;
      add();
      nextArrival = arrivals.size() < STORM ? now + EACH : Long.MAX_VALUE;
    }
    now = end;
  }

  private void add() {
    queue.add(List.of(change(arrivals.size())));
    arrivals.add(now);
    mostWaiting = Math.max(mostWaiting, arrivals.size() - taken);
  }

  /** Goes on until nothing is to be done. */
  private void run() {
    while (!tasks.isEmpty() || nextArrival < Long.MAX_VALUE) {
      Task task = tasks.peek();
      if (task == null || nextArrival <= task.at()) {
        passTo(nextArrival);
      } else {
        tasks.remove();
        // The thread has one task at a time: what a turn was in the way of is late.
        passTo(Math.max(now, task.at()));
        task.task().run();
      }
    }
  }

  private List<Change> allTaken() {
    return turns.stream().flatMap(turn -> turn.changes().stream()).toList();
  }

  private static List<Change> changes(int count) {
    return IntStream.range(0, count).mapToObj(ChangeQueueTest::change).toList();
  }

  /** 5,000 changes in 10 s, and turns of 10 µs, 1 ms, 20 ms and 2 s. */
  @ParameterizedTest
  @ValueSource(longs = {10_000, 1_000_000, 20_000_000, 2_000_000_000})
  void storm_isBatched_andNoChangeWaitsLongerThanATurnAndTheRest(long turn) {
    cost = turn;
    nextArrival = 0;
    run();

    assertEquals(changes(STORM), allTaken());
    long rest = Math.min(ChangeQueue.REST * cost, REST);
    long most = STORM * EACH / (cost + rest) + 2;
    assertTrue(turns.size() <= most, () -> turns.size() + " turns, not " + most);
    long inOneRound = (cost + rest) / EACH + 1;
    assertTrue(mostWaiting <= inOneRound, () -> mostWaiting + " waited, not " + inOneRound);
    int number = 0;
    for (Turn each : turns) {
      for (Change _ : each.changes()) {
        long waited = each.begin() - arrivals.get(number++);
        assertTrue(waited <= cost + REST, () -> waited + " ns");
      }
    }
  }

  @Test
  void quiet_turnAtOnce() {
    cost = Duration.ofSeconds(1).toNanos();
    add();
    run();
    now += REST;
    add();
    run();
    assertEquals(arrivals, turns.stream().map(Turn::begin).toList());
  }

  /** Somebody asked, or a certificate has expired. */
  @Test
  void turnInBetween_takesAll_andNoneIsEmptyForIt() {
    cost = Duration.ofSeconds(1).toNanos();
    add();
    run();
    add();
    queue.turn();
    long end = now;
    add();
    run();
    assertEquals(changes(3), allTaken());
    assertEquals(3, turns.size());
    assertEquals(end + REST, turns.getLast().begin());
  }

  @Test
  void nothingAdded_noTurn() {
    queue.add(List.of());
    run();
    assertEquals(List.of(), turns);
    queue.turn();
    assertEquals(1, turns.size());
  }
}
