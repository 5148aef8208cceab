package io.isoline.controlplane.status;

import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.kubernetes.ObjectIdentity;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.controlplane.replicas.Parties;
import io.isoline.controlplane.replicas.ReplicaReport;
import io.isoline.controlplane.status.EventCorrelator.Step;
import io.isoline.controlplane.status.RecordedEvent.Remark;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in events what there is to know of an object: each finding when it comes up, and that an
 * Ingress is programmed each time when it has changed and the Envoys have it.
 *
 * <p>It keeps what was said of an object, and a list of objects to look at, never a list of events
 * to write. So a storm costs no memory beyond that, and what has passed before its turn comes is
 * not said at all.
 *
 * <p>Only the leader speaks. The others keep in step: what they saw more than {@link #HEARD} ago,
 * while there was a leader, counts as said. Who begins to lead asks first which events there are,
 * and does not repeat them; and an Ingress that has an address from the start was told of by an
 * earlier process.
 *
 * <p>Owned by one thread. One request is sent at a time, by another thread.
 */
final class EventRecorder {

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  /** Longer than it takes until there is another leader. */
  static final Duration HEARD = LeaseElection.LEASE.multipliedBy(2);

  private static final int BURST = 300;
  private static final Duration EACH = Duration.ofMillis(40);
  private static final String PROGRAMMED = "Programmed";

  /**
   * That an Ingress was said to be programmed.
   *
   * @param state which state of it; empty for the first one that there is
   * @param complete whether all Envoys had it
   */
  private record Announcement(String state, boolean complete) {
    static final Announcement EARLIER = new Announcement("", true);
  }

  /** Something to be said, and what to remember when it was. */
  private record Saying(
      ObjectRef object,
      @Nullable Verdict finding,
      @Nullable Announcement announcement,
      Remark remark) {}

  private final StatusApi api;
  private final ObjectIndex objects;
  private final Parties parties;
  private final BooleanSupplier leader;
  private final Executor workers;
  private final ScheduledExecutorService thread;
  private final Clock clock;
  private final StatusListener listener;
  private final Complaint unreachable = new Complaint(log);
  private final Complaint forbidden = new Complaint(log);
  private final EventCorrelator correlator = new EventCorrelator();
  private final Pace pace =
      new Pace(new TokenBucket(BURST, EACH, System.nanoTime()), System.nanoTime());

  private final Set<ObjectRef> ingresses = new HashSet<>();
  private final Map<ObjectRef, List<Verdict>> findings = new HashMap<>();
  private final Map<ObjectRef, Set<Verdict>> said = new HashMap<>();
  private final Map<ObjectRef, Announcement> announced = new HashMap<>();

  /** Objects whose events of before our time were taken into account. */
  private final Set<ObjectRef> settled = new HashSet<>();

  /** Of which objects, by uid, events said that they are programmed before our time. */
  private final Set<String> programmedBefore = new HashSet<>();

  /** What is to be looked at, and since when. */
  private final Map<ObjectRef, Long> dirty = new LinkedHashMap<>();

  private final Deque<Saying> sayings = new ArrayDeque<>();
  private @Nullable Saying speaking;
  private boolean active;
  private long term;

  /**
   * A recorder that says nothing before {@link #lead}.
   *
   * @param leader whether this replica leads at this moment; asked by any thread
   */
  EventRecorder(
      StatusApi api,
      ObjectIndex objects,
      Parties parties,
      BooleanSupplier leader,
      Executor workers,
      ScheduledExecutorService thread,
      Clock clock,
      StatusListener listener) {
    this.api = api;
    this.objects = objects;
    this.parties = parties;
    this.leader = leader;
    this.workers = workers;
    this.thread = thread;
    this.clock = clock;
    this.listener = listener;
  }

  /** Takes the verdicts of an object; none when it is gone. */
  void judged(ObjectRef object, List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      forget(object);
      return;
    }
    List<Verdict> now = verdicts.stream().filter(Verdict::isFinding).toList();
    List<Verdict> before = now.isEmpty() ? findings.remove(object) : findings.put(object, now);
    boolean isNew = !now.equals(before == null ? List.of() : before);
    if (object.kind().equals("Ingress")) {
      boolean first = ingresses.add(object);
      isNew |= first;
      if (!ReplicaReport.isOurs(verdicts)) {
        announced.remove(object);
      } else if (first && hasAddress(object)) {
        announced.put(object, Announcement.EARLIER);
      }
    }
    if (isNew) {
      changed(List.of(object));
    }
  }

  private void forget(ObjectRef object) {
    ingresses.remove(object);
    findings.remove(object);
    said.remove(object);
    announced.remove(object);
    settled.remove(object);
    dirty.remove(object);
  }

  /** There may be something to say of these objects. */
  void changed(Collection<ObjectRef> changed) {
    for (ObjectRef object : changed) {
      Set<Verdict> before = said.get(object);
      if (before != null) {
        // What comes up again is said again.
        before.retainAll(findingsOf(object));
      }
      dirty.putIfAbsent(object, System.nanoTime());
    }
    pump();
  }

  /** Begins or ends to speak. */
  void lead(boolean leading) {
    active = false;
    term++;
    sayings.forEach(saying -> dirty.putIfAbsent(saying.object(), System.nanoTime()));
    sayings.clear();
    if (leading) {
      long current = term;
      Set<String> namespaces = new TreeSet<>();
      ingresses.forEach(ingress -> namespaces.add(ingress.namespace()));
      workers.execute(
          () -> {
            List<RecordedEvent> recorded = api.recorded(namespaces);
            thread.execute(() -> begin(current, recorded));
          });
    }
  }

  private void begin(long current, List<RecordedEvent> recorded) {
    if (current != term) {
      return;
    }
    for (RecordedEvent event : recorded) {
      correlator.seed(event);
      if (event.about().reason().equals(PROGRAMMED)) {
        programmedBefore.add(event.about().uid());
      }
    }
    active = true;
    pump();
  }

  /**
   * To be called each second or so.
   *
   * @param hasLeader whether another replica leads, and knows what we know
   */
  void tick(boolean hasLeader) {
    if (hasLeader) {
      long now = System.nanoTime();
      for (Iterator<Map.Entry<ObjectRef, Long>> each = dirty.entrySet().iterator();
          each.hasNext(); ) {
        Map.Entry<ObjectRef, Long> entry = each.next();
        if (now - entry.getValue() < HEARD.toNanos()) {
          break;
        }
        each.remove();
        heard(entry.getKey());
      }
    }
  }

  private void heard(ObjectRef object) {
    settled.add(object);
    Set<Verdict> now = findingsOf(object);
    if (!now.isEmpty()) {
      said.put(object, now);
    }
    ProgrammedIngress programmed = parties.programmed(object);
    if (programmed != null) {
      announced.put(object, announcement(programmed));
    } else if (ingresses.contains(object) && hasAddress(object)) {
      announced.putIfAbsent(object, Announcement.EARLIER);
    }
  }

  private boolean hasAddress(ObjectRef ingress) {
    ObjectIdentity identity = objects.find(ingress);
    return identity != null && !identity.addresses().isEmpty();
  }

  private Set<Verdict> findingsOf(ObjectRef object) {
    Set<Verdict> all = new TreeSet<>(findings.getOrDefault(object, List.of()));
    all.addAll(parties.refusals(object));
    return all;
  }

  private void pump() {
    while (active && speaking == null) {
      Saying next = sayings.poll();
      if (next != null) {
        say(next);
        continue;
      }
      Iterator<ObjectRef> first = dirty.keySet().iterator();
      if (!first.hasNext()) {
        return;
      }
      ObjectRef object = first.next();
      first.remove();
      look(object);
    }
  }

  private void look(ObjectRef object) {
    ObjectIdentity identity = objects.find(object);
    if (identity == null) {
      return;
    }
    Set<Verdict> before = said.computeIfAbsent(object, any -> new TreeSet<>());
    boolean first = settled.add(object);
    for (Verdict finding : findingsOf(object)) {
      Remark remark = remark(finding, identity);
      if (first && correlator.knows(remark)) {
        before.add(finding);
      } else if (!before.contains(finding)) {
        sayings.add(new Saying(object, finding, null, remark));
      }
    }
    if (before.isEmpty()) {
      said.remove(object);
    }
    ProgrammedIngress programmed = parties.programmed(object);
    if (programmed != null) {
      announce(programmed, identity);
    }
  }

  private void announce(ProgrammedIngress programmed, ObjectIdentity identity) {
    Announcement now = announcement(programmed);
    Announcement before = announced.get(programmed.ingress());
    boolean earlier =
        before == null
            ? programmedBefore.remove(identity.uid())
            : before.equals(Announcement.EARLIER);
    if (earlier) {
      announced.put(programmed.ingress(), now);
    } else if (before == null
        || !before.state().equals(now.state())
        || (now.complete() && !before.complete())) {
      Remark remark =
          new Remark(
              programmed.ingress(),
              identity.apiVersion(),
              identity.uid(),
              identity.resourceVersion(),
              "",
              false,
              PROGRAMMED,
              "acknowledged by %d of %d Envoys"
                  .formatted(programmed.acknowledged(), programmed.envoys()));
      sayings.add(new Saying(programmed.ingress(), null, now, remark));
    }
  }

  private static Announcement announcement(ProgrammedIngress programmed) {
    return new Announcement(programmed.state(), programmed.acknowledged() >= programmed.envoys());
  }

  private static Remark remark(Verdict finding, ObjectIdentity identity) {
    String field = finding.field().isEmpty() ? "" : finding.field() + ": ";
    String fix = finding.fix().isEmpty() ? "" : ". Fix: " + finding.fix();
    return new Remark(
        finding.object(),
        identity.apiVersion(),
        identity.uid(),
        identity.resourceVersion(),
        finding.field(),
        true,
        finding.reason().name(),
        field + finding.message() + fix);
  }

  private void say(Saying saying) {
    speaking = saying;
    Step step = correlator.next(saying.remark(), clock.instant());
    if (step instanceof Step.Drop) {
      listener.wrote(StatusListener.Write.EVENT, Outcome.DROPPED);
      done(saying);
    } else {
      send(saying, step);
    }
  }

  /** Sends it as soon as the pace allows. */
  private void send(Saying saying, Step step) {
    long now = System.nanoTime();
    if (!active) {
      speaking = null;
      dirty.putIfAbsent(saying.object(), now);
    } else if (pace.take(now)) {
      workers.execute(
          () -> {
            Answer answer = leader.getAsBoolean() ? write(step) : null;
            thread.execute(() -> answered(saying, step, answer));
          });
    } else {
      var _ = thread.schedule(() -> send(saying, step), pace.waitNanos(now), TimeUnit.NANOSECONDS);
    }
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
      speaking = null;
      dirty.putIfAbsent(saying.object(), System.nanoTime());
      return;
    }
    listener.wrote(StatusListener.Write.EVENT, answer.outcome());
    if (answer.outcome() == Outcome.FAILED) {
      unreachable.raise("events cannot be written, tried again: " + answer.words());
      pace.failed(System.nanoTime());
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
        pace.failed(System.nanoTime());
      }
      case REFUSED -> log.warn("an event on {} is not taken: {}", saying.object(), answer.words());
      case CONFLICT, GONE, FAILED, DROPPED -> {}
    }
    done(saying);
    pump();
  }

  private void done(Saying saying) {
    speaking = null;
    Verdict finding = saying.finding();
    if (finding != null && findingsOf(saying.object()).contains(finding)) {
      said.computeIfAbsent(saying.object(), any -> new TreeSet<>()).add(finding);
    }
    Announcement announcement = saying.announcement();
    if (announcement != null && ingresses.contains(saying.object())) {
      announced.put(saying.object(), announcement);
    }
  }
}
