package io.isoline.controlplane.status;

import io.isoline.controlplane.status.EventBook.Saying;
import io.isoline.controlplane.status.EventCorrelator.Step;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events of what the {@link EventBook} has to say, as the {@link EventCorrelator} says.
 *
 * <p>It keeps a list of objects to look at, never a list of events to write. So a storm costs no
 * memory beyond that, and what is over before its turn comes is not said at all.
 *
 * <p>Only the leader writes. The other replicas keep in step: what they saw more than
 * {@link #HEARD} ago, while there was a leader, counts as said. A replica that begins to lead first
 * reads the events that exist.
 *
 * <p>Owned by one thread. One request is sent at a time, by another thread.
 */
final class EventRecorder {

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  /** Longer than it takes until there is another leader. */
  static final Duration HEARD = LeaseElection.LEASE.multipliedBy(2);

  /** Beyond a burst of so many events, one each 40 ms. */
  private static final int BURST = 300;

  private static final Duration EACH = Duration.ofMillis(40);

  private final StatusApi api;
  private final EventBook book;
  private final BooleanSupplier leader;
  private final Executor workers;
  private final ScheduledExecutorService thread;
  private final LongSupplier nanoTime;
  private final Clock clock;
  private final StatusListener listener;
  private final Complaint unreachable = new Complaint(log);
  private final Complaint forbidden = new Complaint(log);
  private final Complaint refused = new Complaint(log);
  private final EventCorrelator correlator = new EventCorrelator();
  private final Pace pace;

  /** What is to be looked at, and since when. */
  private final Map<ObjectRef, Long> dirty = new LinkedHashMap<>();

  private final Deque<Saying> sayings = new ArrayDeque<>();
  private boolean speaking;
  private boolean active;
  private long term;

  /**
   * A recorder that says nothing before {@link #lead}.
   *
   * @param leader whether this replica leads at this moment; asked by any thread
   */
  EventRecorder(
      StatusApi api,
      EventBook book,
      BooleanSupplier leader,
      Executor workers,
      ScheduledExecutorService thread,
      LongSupplier nanoTime,
      Clock clock,
      StatusListener listener) {
    this.api = api;
    this.book = book;
    this.leader = leader;
    this.workers = workers;
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.listener = listener;
    long now = nanoTime.getAsLong();
    this.pace = new Pace(new TokenBucket(BURST, EACH, now), now);
  }

  /** Takes the verdicts of an object; none when it is gone. */
  void judged(ObjectRef object, List<Verdict> verdicts) {
    if (book.judged(object, verdicts)) {
      look(object);
      pump();
    } else if (verdicts.isEmpty()) {
      dirty.remove(object);
    }
  }

  /** There may be something to say of these objects. */
  void changed(Collection<ObjectRef> changed) {
    for (ObjectRef object : changed) {
      book.changed(object);
      look(object);
    }
    pump();
  }

  private void look(ObjectRef object) {
    dirty.putIfAbsent(object, nanoTime.getAsLong());
  }

  /** Begins or ends to speak. */
  void lead(boolean leading) {
    active = false;
    term++;
    sayings.forEach(saying -> look(saying.object()));
    sayings.clear();
    if (leading) {
      long current = term;
      Set<String> namespaces = book.namespaces();
      workers.execute(
          () -> {
            List<RecordedEvent> recorded = recorded(namespaces);
            thread.execute(() -> begin(current, recorded));
          });
    }
  }

  /**
   * Reads the events that exist; none when that fails: better to say something twice than not at
   * all.
   */
  private List<RecordedEvent> recorded(Set<String> namespaces) {
    try {
      return api.recorded(namespaces);
    } catch (RuntimeException e) {
      log.error("a defect in Isoline: the events of before cannot be read", e);
      return List.of();
    }
  }

  private void begin(long current, List<RecordedEvent> recorded) {
    if (current == term) {
      recorded.forEach(correlator::seed);
      recorded.forEach(book::seed);
      active = true;
      pump();
    }
  }

  /**
   * To be called each second or so.
   *
   * @param hasLeader whether another replica leads, and knows what we know
   */
  void tick(boolean hasLeader) {
    long now = nanoTime.getAsLong();
    Iterator<Map.Entry<ObjectRef, Long>> each = dirty.entrySet().iterator();
    while (hasLeader && each.hasNext()) {
      Map.Entry<ObjectRef, Long> entry = each.next();
      if (now - entry.getValue() < HEARD.toNanos()) {
        return;
      }
      each.remove();
      book.heard(entry.getKey());
    }
  }

  private void pump() {
    while (active && !speaking) {
      Saying next = sayings.poll();
      Iterator<ObjectRef> first = dirty.keySet().iterator();
      if (next != null) {
        say(next);
      } else if (first.hasNext()) {
        ObjectRef object = first.next();
        first.remove();
        sayings.addAll(book.look(object, correlator::knows));
      } else {
        return;
      }
    }
  }

  private void say(Saying saying) {
    Step step = correlator.next(saying.remark(), clock.instant());
    if (step instanceof Step.Drop) {
      listener.wrote(StatusListener.Write.EVENT, Outcome.DROPPED);
      book.said(saying);
    } else {
      speaking = true;
      send(saying, step);
    }
  }

  /** Sends it as soon as the pace allows. */
  private void send(Saying saying, Step step) {
    long now = nanoTime.getAsLong();
    if (!active) {
      giveUp(saying);
    } else if (pace.take(now)) {
      workers.execute(
          () -> {
            // The last look at who leads is right before the request, whatever waited in between.
            Answer answer = leader.getAsBoolean() ? write(step) : null;
            thread.execute(() -> answered(saying, step, answer));
          });
    } else {
      var _ = thread.schedule(() -> send(saying, step), pace.waitNanos(now), TimeUnit.NANOSECONDS);
    }
  }

  private void giveUp(Saying saying) {
    speaking = false;
    look(saying.object());
    pump();
  }

  private Answer write(Step step) {
    return switch (step) {
      case Step.Create create -> api.create(create.event());
      case Step.Update update -> {
        Answer answer = api.update(update.event());
        // Events are removed after an hour.
        yield answer.outcome() == Outcome.GONE ? api.create(update.event()) : answer;
      }
      case Step.Drop _ -> throw new IllegalArgumentException("nothing to write");
    };
  }

  private void answered(Saying saying, Step step, @Nullable Answer answer) {
    if (answer == null) {
      // Whether it leads again at once, or is told that it does not, shows soon.
      pace.failed(nanoTime.getAsLong());
      giveUp(saying);
      return;
    }
    listener.wrote(StatusListener.Write.EVENT, answer.outcome());
    if (answer.outcome() == Outcome.FAILED) {
      unreachable.raise("events cannot be written, tried again: " + answer.words());
      pace.failed(nanoTime.getAsLong());
      send(saying, step);
      return;
    }
    pace.succeeded();
    unreachable.settle("events are written again");
    switch (answer.outcome()) {
      case WRITTEN -> forbidden.settle("events may be written again");
      case FORBIDDEN -> {
        forbidden.raise(
            "events may not be written; the role needs the verbs create and patch on events: "
                + answer.words());
        pace.failed(nanoTime.getAsLong());
      }
      case REFUSED ->
          refused.raise("an event on " + saying.object() + " is not taken: " + answer.words());
      case CONFLICT, GONE, FAILED, DROPPED -> {}
    }
    speaking = false;
    book.said(saying);
    pump();
  }
}
