package io.isoline.controlplane.status;

import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.translator.ObjectRef;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
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
 * Keeps the status of the objects of one kind as the {@link StatusDecision} of the kind wants it.
 * It never keeps a list of what is to be written, only of the objects to look at. What to do is
 * decided from the state of that moment, so nothing obsolete is written, and after a failure it is
 * enough to look again.
 *
 * <p>Owned by one thread; the requests are sent by others, {@link #PARALLEL} at a time.
 */
final class StatusWriter {

  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  private static final int PARALLEL = 8;

  /** Beyond a burst of so many, one each 5 ms. */
  private static final int BURST = 400;

  private static final Duration EACH = Duration.ofMillis(5);

  /** The pause before another look at an object whose status we may not write, or not like this. */
  private static final Duration FORBIDDEN_PAUSE = Duration.ofSeconds(60);

  private final StatusApi api;
  private final StatusDecision decision;
  private final BooleanSupplier leader;
  private final Executor workers;
  private final ScheduledExecutorService thread;
  private final LongSupplier nanoTime;
  private final StatusListener listener;
  private final Complaint unreachable = new Complaint(log);
  private final Complaint forbidden = new Complaint(log);
  private final Complaint refused = new Complaint(log);

  private final Map<ObjectRef, Long> heldUntil = new HashMap<>();
  private final Set<ObjectRef> pending = new LinkedHashSet<>();
  private final Set<ObjectRef> inFlight = new HashSet<>();
  private final Pace pace;
  private boolean active;
  private boolean pumpScheduled;

  /**
   * A writer that does nothing before {@link #lead}.
   *
   * @param decision asked on the thread
   * @param leader whether this replica leads at this moment; asked by any thread
   */
  StatusWriter(
      StatusApi api,
      StatusDecision decision,
      BooleanSupplier leader,
      Executor workers,
      ScheduledExecutorService thread,
      LongSupplier nanoTime,
      StatusListener listener) {
    this.api = api;
    this.decision = decision;
    this.leader = leader;
    this.workers = workers;
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.listener = listener;
    long now = nanoTime.getAsLong();
    this.pace = new Pace(new TokenBucket(BURST, EACH, now), now);
  }

  /** Forgets an object that is gone. */
  void forget(ObjectRef object) {
    heldUntil.remove(object);
    pending.remove(object);
  }

  /** Begins or ends to write. */
  void lead(boolean leading) {
    active = leading;
    heldUntil.clear();
    if (leading) {
      decision.begin();
      lookAtAll();
    } else {
      pending.clear();
    }
  }

  /**
   * Compares everything, which costs a look-up for each object. To be called from time to time: it
   * finds what somebody else wrote.
   */
  void lookAtAll() {
    if (active) {
      look(decision.objects());
    }
  }

  /** Notes that something may be different about these objects. */
  void look(Collection<ObjectRef> refs) {
    if (active) {
      for (ObjectRef ref : refs) {
        if (decide(ref) != null) {
          pending.add(ref);
        }
      }
      pump();
    }
  }

  private @Nullable StatusWrite decide(ObjectRef object) {
    Long until = heldUntil.get(object);
    return until != null && nanoTime.getAsLong() - until < 0 ? null : decision.decide(object);
  }

  private void pump() {
    Iterator<ObjectRef> next = pending.iterator();
    while (active && next.hasNext() && inFlight.size() < PARALLEL) {
      ObjectRef object = next.next();
      if (inFlight.contains(object)) {
        continue;
      }
      StatusWrite write = decide(object);
      if (write == null) {
        next.remove();
        continue;
      }
      if (!pace.take(nanoTime.getAsLong())) {
        pumpLater();
        return;
      }
      next.remove();
      send(object, write);
    }
  }

  private void pumpLater() {
    if (!pumpScheduled) {
      pumpScheduled = true;
      var _ =
          thread.schedule(
              () -> {
                pumpScheduled = false;
                pump();
              },
              pace.waitNanos(nanoTime.getAsLong()),
              TimeUnit.NANOSECONDS);
    }
  }

  private void send(ObjectRef object, StatusWrite write) {
    inFlight.add(object);
    workers.execute(
        () -> {
          // The last look at who leads is right before the request, whatever waited in between.
          Answer answer = leader.getAsBoolean() ? api.applyStatus(write) : null;
          thread.execute(() -> answered(object, write, answer));
        });
  }

  private void answered(ObjectRef object, StatusWrite write, @Nullable Answer answer) {
    inFlight.remove(object);
    if (answer != null) {
      listener.wrote(StatusListener.Write.STATUS, answer.outcome());
      take(object, write, answer);
    }
    pump();
  }

  private void take(ObjectRef object, StatusWrite write, Answer answer) {
    String kind = decision.inWords();
    if (answer.outcome() == Outcome.FAILED) {
      unreachable.raise(
          "the status of " + kind + " cannot be written, tried again: " + answer.words());
      pace.failed(nanoTime.getAsLong());
      look(List.of(object));
      return;
    }
    pace.succeeded();
    unreachable.settle("the status of " + kind + " is written again");
    switch (answer.outcome()) {
      case WRITTEN -> {
        forbidden.settle("the status of " + kind + " may be written again");
        write.written().run();
        // What has changed meanwhile was compared with what was there before.
        look(List.of(object));
      }
      case FORBIDDEN -> {
        hold(object);
        forbidden.raise(
            "the status of "
                + kind
                + " may not be written; the role needs the verb patch on "
                + decision.resource()
                + ": "
                + answer.words());
      }
      case REFUSED -> {
        hold(object);
        refused.raise("the status of " + object + " is not taken: " + answer.words());
      }
      // The watch will tell of what there is now.
      case CONFLICT, GONE, FAILED, DROPPED -> {}
    }
  }

  private void hold(ObjectRef object) {
    heldUntil.put(object, nanoTime.getAsLong() + FORBIDDEN_PAUSE.toNanos());
  }
}
