package io.isoline.controlplane.engine;

import io.isoline.controlplane.xds.Programmed;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.ingress.InForce;
import io.isoline.translator.kube.IngressRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows each Ingress of ours until the Envoys have it. Owned by the engine's thread.
 *
 * <p>Many Ingresses share a resource, which may be another one again before an Envoy has
 * acknowledged the version that an Ingress waits for. So each turn of the engine is numbered, the
 * versions that it makes are noted under its number, and an Ingress of turn <i>t</i> is with an
 * Envoy that acknowledged, of each resource, the version of turn <i>t</i> or any later one.
 *
 * <p>An Ingress waits for its routes, listeners and certificates. Clusters and endpoints need no
 * look, as routes are sent after these are acknowledged. Certificates need one: Envoy acknowledges
 * a listener before it has the certificates, and uses the listener only when it has them.
 *
 * <p>An Ingress of turn <i>t</i> is done before any of a later turn, so only the head of the queue
 * is looked at. An Envoy that refuses, or does not answer, holds up the news for {@link #PATIENCE}
 * at most; an Ingress that was not with all Envoys by then is told of again when it is.
 */
final class Programming {

  /** How long one Envoy is waited for while others have it. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How many Envoys hold, of each of these resources, one of these versions. */
  interface Coverage extends Function<Map<Resource.Key, Set<String>>, Programmed> {}

  /** An Ingress: the hash of what its author wrote, and what became of it. */
  private record Known(String content, List<Verdict> verdicts) {}

  private static final class Waiting {
    final Set<ObjectRef> ingresses;
    long turn;
    final long since;

    Waiting(Set<ObjectRef> ingresses, long turn, long since) {
      this.ingresses = ingresses;
      this.turn = turn;
      this.since = since;
    }
  }

  private final Coverage coverage;
  private final Function<ObjectRef, List<Verdict>> verdicts;
  private final Function<ObjectRef, InForce> inForce;
  private final Map<ObjectRef, Known> known = new HashMap<>();

  /** The versions by key and turn, from the oldest turn that an Ingress waits for. */
  private final Map<Resource.Key, NavigableMap<Long, String>> versions = new HashMap<>();

  private final Deque<Waiting> queue = new ArrayDeque<>();

  /** Ingresses that were told of when not all Envoys had them, or there was no Envoy. */
  private @Nullable Waiting late;

  private long turn;

  /**
   * Follows nothing yet.
   *
   * @param verdicts the translator's verdicts of an object; never those of an Envoy, which differ
   *     from replica to replica
   * @param inForce how much of an Ingress the translator has put in force
   */
  Programming(
      Coverage coverage,
      Function<ObjectRef, List<Verdict>> verdicts,
      Function<ObjectRef, InForce> inForce) {
    this.coverage = coverage;
    this.verdicts = verdicts;
    this.inForce = inForce;
  }

  /** Takes a turn's changes, and what they came to. */
  void follow(List<Change> changes, Update update, long now) {
    turn++;
    Set<ObjectRef> changed = new TreeSet<>();
    for (Change change : changes) {
      if (change instanceof Change.Upsert(IngressRecord ingress)) {
        note(ingress.ref(), IngressState.content(ingress), changed);
      } else if (change instanceof Change.Delete(ObjectRef object)) {
        known.remove(object);
      }
    }
    for (ObjectRef object : update.verdicts().keySet()) {
      Known before = known.get(object);
      if (before != null) {
        note(object, before.content(), changed);
      }
    }
    for (Resource resource : update.changed()) {
      if (isWaitedFor(resource.type())) {
        NavigableMap<Long, String> byTurn =
            versions.computeIfAbsent(resource.key(), any -> new TreeMap<>());
        byTurn.put(turn, resource.version());
        Long oldest = byTurn.floorKey(oldestWaitedFor());
        if (oldest != null) {
          byTurn.headMap(oldest, false).clear();
        }
      }
    }
    update.removed().forEach(versions::remove);
    if (!changed.isEmpty()) {
      queue.add(new Waiting(changed, turn, now));
    } else if (queue.isEmpty() && late == null) {
      versions.clear();
    }
  }

  /**
   * The oldest turn that an Ingress waits for; of each resource, versions before the last one of
   * that turn matter no more.
   */
  private long oldestWaitedFor() {
    long first = queue.isEmpty() ? turn : queue.element().turn;
    return late == null ? first : Math.min(first, late.turn);
  }

  private void note(ObjectRef ingress, String content, Set<ObjectRef> changed) {
    Known now = new Known(content, verdicts.apply(ingress));
    Known before = known.put(ingress, now);
    if (Verdict.isOurs(now.verdicts()) && !now.equals(before)) {
      changed.add(ingress);
    }
  }

  private static boolean isWaitedFor(ResourceType type) {
    return switch (type) {
      case LISTENER, EXTENSION, SCOPE, ROUTE, SECRET -> true;
      case CLUSTER, ENDPOINT -> false;
    };
  }

  /** The Ingresses whose wait has ended since the last call. */
  Collection<ProgrammedIngress> settled(long now) {
    Map<ObjectRef, ProgrammedIngress> told = new TreeMap<>();
    while (!queue.isEmpty()) {
      Waiting head = queue.element();
      Programmed reached = reached(head.turn);
      boolean all = reached.isComplete();
      boolean answered =
          reached.acknowledged() + reached.rejected() >= reached.subscribed()
              || (reached.acknowledged() > 0 && now - head.since >= PATIENCE.toNanos());
      if (!answered) {
        break;
      }
      queue.remove();
      tell(head, reached, told);
      if (!all) {
        postpone(head);
      }
    }
    if (late != null) {
      Programmed reached = reached(late.turn);
      if (reached.isComplete()) {
        tell(late, reached, told);
        late = null;
      }
    }
    if (queue.isEmpty() && late == null) {
      versions.clear();
    }
    return told.values();
  }

  /**
   * When {@link #settled} has something to say even if no Envoy says anything, in nano time. Empty
   * when only an Envoy can change something: nobody is told of an Ingress that no Envoy has.
   */
  OptionalLong deadline(long now) {
    if (queue.isEmpty()) {
      return OptionalLong.empty();
    }
    long deadline = queue.element().since + PATIENCE.toNanos();
    return deadline - now > 0 ? OptionalLong.of(deadline) : OptionalLong.empty();
  }

  private void postpone(Waiting waiting) {
    if (late == null) {
      late = waiting;
    } else {
      late.ingresses.addAll(waiting.ingresses);
      late.turn = waiting.turn;
    }
  }

  private Programmed reached(long atLeast) {
    Map<Resource.Key, Set<String>> wanted = new HashMap<>();
    versions.forEach(
        (key, byTurn) -> {
          Long from = byTurn.floorKey(atLeast);
          if (from != null) {
            wanted.put(key, new HashSet<>(byTurn.tailMap(from, true).values()));
          }
        });
    return coverage.apply(wanted);
  }

  private void tell(
      Waiting waiting, Programmed reached, Map<ObjectRef, ProgrammedIngress> told) {
    for (ObjectRef ingress : waiting.ingresses) {
      Known now = known.get(ingress);
      if (now != null && Verdict.isOurs(now.verdicts())) {
        told.put(
            ingress,
            new ProgrammedIngress(
                ingress,
                IngressState.of(now.content(), now.verdicts()),
                reached.acknowledged(),
                reached.subscribed(),
                inForce.apply(ingress)));
      }
    }
  }
}
