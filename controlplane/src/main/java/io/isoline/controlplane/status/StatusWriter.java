package io.isoline.controlplane.status;

import io.isoline.controlplane.kubernetes.ObjectIdentity;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.kubernetes.ObjectIndex;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
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
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the addresses in the status of Ingresses as they are to be. It never keeps a list of what
 * is to be written, only of what is to be looked at: what to do is decided from the state of that
 * moment, so what is obsolete is never written, and after any failure looking again is all.
 *
 * <p>Owned by one thread; the requests are sent by others, {@link #PARALLEL} at a time.
 */
final class StatusWriter {

  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  private static final int PARALLEL = 8;

  /** Beyond a burst of so many, one each 5 ms. */
  private static final int BURST = 400;

  private static final Duration EACH = Duration.ofMillis(5);

  /** When an Ingress is looked at again whose status we may not write, or not so. */
  private static final Duration FORBIDDEN_PAUSE = Duration.ofSeconds(60);

  /** What we wrote, until the watch tells of it. */
  private record Written(String uid, String resourceVersion, List<PublishedAddress> addresses) {}

  private final StatusApi api;
  private final ObjectIndex objects;
  private final Function<ObjectRef, Progress> progress;
  private final BooleanSupplier leader;
  private final Executor workers;
  private final ScheduledExecutorService thread;
  private final LongSupplier nanoTime;
  private final StatusListener listener;
  private final Complaint unreachable = new Complaint(log);
  private final Complaint forbidden = new Complaint(log);
  private final Complaint refused = new Complaint(log);

  private final Map<ObjectRef, Ownership> ownership = new HashMap<>();
  private final Map<ObjectRef, Written> written = new HashMap<>();
  private final Map<ObjectRef, Long> heldUntil = new HashMap<>();
  private final Set<ObjectRef> pending = new LinkedHashSet<>();
  private final Set<ObjectRef> inFlight = new HashSet<>();
  private final Pace pace;
  private @Nullable List<PublishedAddress> wanted;
  private boolean active;
  private boolean reclaimed;
  private boolean pumpScheduled;

  /**
   * A writer that does nothing before {@link #lead}.
   *
   * @param progress how far an Ingress has come; asked on the thread
   * @param leader whether this replica leads at this moment; asked by any thread
   */
  StatusWriter(
      StatusApi api,
      ObjectIndex objects,
      Function<ObjectRef, Progress> progress,
      BooleanSupplier leader,
      Executor workers,
      ScheduledExecutorService thread,
      LongSupplier nanoTime,
      StatusListener listener) {
    this.api = api;
    this.objects = objects;
    this.progress = progress;
    this.leader = leader;
    this.workers = workers;
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.listener = listener;
    long now = nanoTime.getAsLong();
    this.pace = new Pace(new TokenBucket(BURST, EACH, now), now);
  }

  /** Takes the verdicts of an Ingress; none when it is gone. */
  void judged(ObjectRef ingress, List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      ownership.remove(ingress);
      written.remove(ingress);
      heldUntil.remove(ingress);
      pending.remove(ingress);
      return;
    }
    if (Verdict.isOurs(verdicts)) {
      ownership.put(ingress, Ownership.OURS);
    } else {
      ownership.merge(
          ingress,
          Ownership.OTHER,
          (before, now) -> before == Ownership.OURS ? Ownership.FORMER : before);
    }
    look(List.of(ingress));
  }

  /** From now on these are the addresses. */
  void want(List<PublishedAddress> addresses) {
    wanted = List.copyOf(addresses);
    lookAtAll();
  }

  /** Begins or ends to write. */
  void lead(boolean leading) {
    active = leading;
    reclaimed = false;
    heldUntil.clear();
    if (leading) {
      lookAtAll();
    } else {
      pending.clear();
    }
  }

  /**
   * Compares everything, which costs a look-up for each Ingress. To be called from time to time: it
   * finds what somebody else wrote.
   */
  void lookAtAll() {
    if (active) {
      reclaim();
      look(ownership.keySet());
    }
  }

  /** Something may be different about these objects. */
  void look(Collection<ObjectRef> refs) {
    if (active) {
      for (ObjectRef ref : refs) {
        if (!(decide(ref) instanceof StatusDecision.Keep)) {
          pending.add(ref);
        }
      }
      pump();
    }
  }

  /** What lost its class while nobody looked is known by our addresses, which it still has. */
  private void reclaim() {
    if (reclaimed || wanted == null || wanted.isEmpty()) {
      return;
    }
    reclaimed = true;
    List<PublishedAddress> ours = wanted;
    ownership.replaceAll(
        (ingress, whose) ->
            whose == Ownership.OTHER && StatusDecision.isSame(ours, present(ingress))
                ? Ownership.FORMER
                : whose);
  }

  private StatusDecision decide(ObjectRef ingress) {
    Ownership whose = ownership.get(ingress);
    if (whose == null || objects.find(ingress) == null) {
      return new StatusDecision.Keep();
    }
    Long until = heldUntil.get(ingress);
    if (until != null && nanoTime.getAsLong() - until < 0) {
      return new StatusDecision.Keep();
    }
    return StatusDecision.of(whose, progress.apply(ingress), wanted, present(ingress));
  }

  private List<PublishedAddress> present(ObjectRef ingress) {
    ObjectIdentity identity = objects.find(ingress);
    if (identity == null) {
      return List.of();
    }
    Written last = written.get(ingress);
    if (last != null
        && last.uid().equals(identity.uid())
        && last.resourceVersion().equals(identity.resourceVersion())) {
      return last.addresses();
    }
    written.remove(ingress);
    return identity.addresses();
  }

  private void pump() {
    Iterator<ObjectRef> next = pending.iterator();
    while (active && next.hasNext() && inFlight.size() < PARALLEL) {
      ObjectRef ingress = next.next();
      if (inFlight.contains(ingress)) {
        continue;
      }
      StatusDecision decision = decide(ingress);
      ObjectIdentity identity = objects.find(ingress);
      List<PublishedAddress> addresses =
          switch (decision) {
            case StatusDecision.Keep _ -> null;
            case StatusDecision.Clear _ -> List.of();
            case StatusDecision.Write write -> write.addresses();
          };
      if (addresses == null || identity == null) {
        next.remove();
        continue;
      }
      if (!pace.take(nanoTime.getAsLong())) {
        pumpLater();
        return;
      }
      next.remove();
      send(ingress, identity, addresses);
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

  private void send(ObjectRef ingress, ObjectIdentity identity, List<PublishedAddress> addresses) {
    inFlight.add(ingress);
    workers.execute(
        () -> {
          // The last look at who leads is right before the request, whatever waited in between.
          Answer answer =
              leader.getAsBoolean() ? api.writeAddresses(ingress, identity.uid(), addresses) : null;
          thread.execute(() -> answered(ingress, identity, addresses, answer));
        });
  }

  private void answered(
      ObjectRef ingress,
      ObjectIdentity identity,
      List<PublishedAddress> addresses,
      @Nullable Answer answer) {
    inFlight.remove(ingress);
    if (answer != null) {
      listener.wrote(StatusListener.Write.STATUS, answer.outcome());
      take(ingress, identity, addresses, answer);
    }
    pump();
  }

  private void take(
      ObjectRef ingress, ObjectIdentity identity, List<PublishedAddress> addresses, Answer answer) {
    if (answer.outcome() == Outcome.FAILED) {
      unreachable.raise(
          "the status of Ingresses cannot be written, tried again: " + answer.words());
      pace.failed(nanoTime.getAsLong());
      look(List.of(ingress));
      return;
    }
    pace.succeeded();
    unreachable.settle("the status of Ingresses is written again");
    switch (answer.outcome()) {
      case WRITTEN -> {
        log.debug("the status of {} has the addresses {}", ingress, addresses);
        forbidden.settle("the status of Ingresses may be written again");
        if (ownership.containsKey(ingress)) {
          written.put(ingress, new Written(identity.uid(), identity.resourceVersion(), addresses));
          if (addresses.isEmpty()) {
            ownership.replace(ingress, Ownership.FORMER, Ownership.OTHER);
          }
          // What has changed meanwhile was compared with what was there before.
          look(List.of(ingress));
        }
      }
      case FORBIDDEN -> {
        hold(ingress);
        forbidden.raise(
            "the status of Ingresses may not be written; the role needs the verb patch on"
                + " ingresses/status in the group networking.k8s.io: "
                + answer.words());
      }
      case REFUSED -> {
        hold(ingress);
        refused.raise("the status of " + ingress + " is not taken: " + answer.words());
      }
      // The watch will tell of what there is now.
      case CONFLICT, GONE, FAILED, DROPPED -> {}
    }
  }

  private void hold(ObjectRef ingress) {
    heldUntil.put(ingress, nanoTime.getAsLong() + FORBIDDEN_PAUSE.toNanos());
  }
}
