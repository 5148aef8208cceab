package io.isoline.controlplane.stream;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what may be sent before what on one stream: make before break.
 *
 * <ol>
 *   <li>Clusters that are new or changed, secrets, endpoints, extensions and scopes go at once, in
 *       the order of {@link ResourceType}; of a host whose scope is there before its routes, Envoy takes the
 *       routes that it has for it without a scope. A cluster that was sent is <em>warming</em>
 *       until the client took endpoints for it that were sent after it. They are sent again for a
 *       changed cluster, as Envoy waits for them without asking; and they do not wait for the
 *       cluster to be acknowledged, as Envoy acknowledges clusters only when they are warm.
 *   <li>Listeners and routes wait until no cluster or secret is on its way and none is warming;
 *       listeners and extensions that replace others wait for the routes that they need, too ({@link
 *       GateFirst}).
 *       Listeners that are gone go with them, as a new one may need the port of an old one.
 *   <li>What else is gone goes last, when all of the above was acknowledged: extensions and scopes, then
 *       routes, then clusters and secrets, then endpoints. What the last good version of a refused resource
 *       needs stays. A client that comes back claims its clusters before its routes, so removals
 *       wait until it has asked for listeners and routes too, or for the time limit.
 * </ol>
 *
 * <p>Nothing waits for ever. A response that has no answer after the time limit, and a cluster that
 * warms longer, hold up nobody any more, and listeners and routes wait at most the limit, removals
 * at most twice that, whatever else goes on. A refused response is an answered one.
 *
 * <p>A client that holds neither listeners nor routes serves nobody. It is not waited for until it
 * asked for endpoints at least once. So clients that do without endpoints start quickly, and they
 * wait for the limit just once later.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol#eventual-consistency-considerations">xDS
 *     protocol, "Eventual consistency considerations"</a>
 */
final class PushOrder {
  private static final Logger log = LoggerFactory.getLogger(PushOrder.class);

  /**
   * A cluster without its endpoints.
   *
   * @param endpoints the name of what it waits for
   * @param after the number of the response with the cluster: endpoints of earlier ones do not
   *     count
   */
  private record Warming(String endpoints, long deadline, long after) {
    boolean endsWith(Flight taken) {
      return taken.number() > after && taken.upserts().containsKey(endpoints);
    }
  }

  private final TypeState clusters;
  private final TypeState endpoints;
  private final TypeState secrets;
  private final TypeState listeners;
  private final TypeState extensions;
  private final TypeState scopes;
  private final TypeState routes;
  private final List<TypeState> all;
  private final ResourceStore store;
  private final long limit;
  private final LastGood lastGood;
  private final GateFirst gate;

  /** By cluster, the one that warms longest first. */
  private final Map<String, Warming> warming = new LinkedHashMap<>();

  /** What clusters wait for that were sent before the client first asked for endpoints. */
  private final Set<String> sentBeforeEndpoints = new HashSet<>();

  private boolean withoutEndpoints;
  private @Nullable Long firstRound;
  private @Nullable Long changesHeldSince;
  private @Nullable Long removalsHeldSince;

  private @Nullable Boolean changesMayGo;
  private boolean removalsMayGo;
  private Set<Resource.Key> kept = Set.of();

  @SuppressWarnings("NullAway") // a stream has a state for every type
  PushOrder(Map<ResourceType, TypeState> types, ResourceStore store, long limitNanos) {
    clusters = types.get(ResourceType.CLUSTER);
    endpoints = types.get(ResourceType.ENDPOINT);
    secrets = types.get(ResourceType.SECRET);
    listeners = types.get(ResourceType.LISTENER);
    extensions = types.get(ResourceType.EXTENSION);
    scopes = types.get(ResourceType.SCOPE);
    routes = types.get(ResourceType.ROUTE);
    all = List.of(clusters, endpoints, secrets, listeners, extensions, scopes, routes);
    this.store = store;
    limit = limitNanos;
    lastGood = new LastGood(types);
    gate = new GateFirst(scopes, routes, store, limitNanos);
  }

  // What happened.

  /** Notes that a response with these clusters was sent. */
  void clustersSent(Flight flight) {
    boolean wait = usesEndpoints();
    for (Resource cluster : flight.upserts().values()) {
      String name = cluster.name();
      String awaited = cluster.endpoints();
      if (awaited == null) {
        warming.remove(name);
        continue;
      }
      if (!endpoints.isRequested()) {
        sentBeforeEndpoints.add(awaited);
      }
      if (wait && store.find(ResourceType.ENDPOINT, awaited) != null) {
        warming.remove(name);
        warming.put(name, new Warming(awaited, flight.sentAt() + limit, flight.number()));
      }
      endpoints.distrust(awaited);
    }
  }

  void clustersRefused(Flight flight) {
    flight.upserts().keySet().forEach(warming::remove);
  }

  private boolean usesEndpoints() {
    if (endpoints.isRequested()) {
      withoutEndpoints = false;
      return true;
    }
    return !withoutEndpoints
        && (clusters.isReturning() || listeners.holdsAny() || routes.holdsAny());
  }

  /**
   * The client asked for endpoints for the first time. What it claims to hold was given to the
   * predecessors of clusters that were sent meanwhile.
   */
  void endpointsFirstRequested() {
    sentBeforeEndpoints.forEach(endpoints::distrust);
    sentBeforeEndpoints.clear();
  }

  /** Clusters still warm: what they had before is sent again if it is wanted again meanwhile. */
  void endpointsRefused(Flight flight) {
    warming.values().stream()
        .map(Warming::endpoints)
        .filter(flight.upserts()::containsKey)
        .forEach(endpoints::distrust);
  }

  void endpointsAcknowledged(Flight flight) {
    warming.values().removeIf(cold -> cold.endsWith(flight));
  }

  // What may go.

  /** Begins a round, in which {@link #next} is asked for each type in the order of the enum. */
  void round(long now) {
    changesMayGo = null;
    firstRound = firstRound == null ? Long.valueOf(now) : firstRound;
    forgetWarm(now);
    gate.round(now, listeners, extensions);
    kept = lastGood.kept();
    boolean waiting = all.stream().anyMatch(this::hasRemovals);
    if (!waiting || !removalsBlocked(now)) {
      removalsHeldSince = null;
      removalsMayGo = true;
    } else {
      removalsHeldSince = removalsHeldSince == null ? Long.valueOf(now) : removalsHeldSince;
      removalsMayGo = now - removalsHeldSince >= 2 * limit;
      if (removalsMayGo) {
        log.info("removals were held back for {} ms and go now", limit * 2 / 1_000_000);
        removalsHeldSince = null;
      }
    }
  }

  /** Decided once in a round, after clusters and secrets had their turn. */
  private boolean changesMayGo(long now) {
    if (changesMayGo == null) {
      changesMayGo = decideChanges(now);
    }
    return changesMayGo;
  }

  private boolean decideChanges(long now) {
    boolean waiting = isPending(listeners) || isPending(routes);
    boolean blocked = isOnItsWay(clusters, now) || isOnItsWay(secrets, now) || !warming.isEmpty();
    if (!waiting || !blocked) {
      changesHeldSince = null;
      return !blocked;
    }
    changesHeldSince = changesHeldSince == null ? Long.valueOf(now) : changesHeldSince;
    if (now - changesHeldSince < limit) {
      return false;
    }
    log.info(
        "listeners and routes were held back for {} ms and go now, before {} clusters are warm",
        limit / 1_000_000,
        warming.size());
    changesHeldSince = null;
    return true;
  }

  /** The part of a type's difference that may go now; the type has nothing under way. */
  Batch next(TypeState state, long now) {
    return switch (state.type()) {
      case CLUSTER, ENDPOINT, SECRET, SCOPE ->
          batch(state, state.nextUpserts(), removalsOf(state, now));
      case EXTENSION ->
          gate.holds(state)
              ? held(state)
              : batch(state, state.nextUpserts(), removalsOf(state, now));
      case LISTENER ->
          changesMayGo(now) && !gate.holds(state)
              ? batch(state, state.nextUpserts(), List.copyOf(state.removals()))
              : held(state);
      case ROUTE ->
          changesMayGo(now)
              ? batch(state, state.nextUpserts(), removalsOf(state, now))
              : held(state);
    };
  }

  private static Batch batch(
      TypeState state, Batch.Upserts upserts, List<String> removals) {
    return new Batch(upserts, removals, List.copyOf(state.absent()), state.isAnswerDue());
  }

  /**
   * The batch while changes are held back: it only says that names do not exist, which can be said
   * at any time.
   */
  private static Batch held(TypeState state) {
    return new Batch(
        Batch.Upserts.NONE, List.of(), List.copyOf(state.absent()), false);
  }

  private List<String> removalsOf(TypeState state, long now) {
    if (state.removals().isEmpty()) {
      return List.of();
    }
    if (!removalsMayGo) {
      return state == endpoints ? awaitedRemovals() : List.of();
    }
    boolean after =
        switch (state.type()) {
          case LISTENER, EXTENSION, SCOPE -> true;
          case ROUTE -> !isLeaving(scopes, now);
          case CLUSTER, SECRET -> !isLeaving(scopes, now) && !isLeaving(routes, now);
          case ENDPOINT ->
              !isLeaving(scopes, now) && !isLeaving(routes, now) && !isLeaving(clusters, now);
        };
    return after
        ? state.removals().stream().filter(name -> !isKept(state, name)).toList()
        : List.of();
  }

  /**
   * A client that warms a cluster, and acknowledges nothing before, must hear that the endpoints
   * are gone. It does no harm: the cluster keeps the ones that it has.
   */
  private List<String> awaitedRemovals() {
    Flight flight = clusters.flight();
    if (flight == null) {
      return List.of();
    }
    Set<String> awaited =
        flight.upserts().values().stream()
            .map(Resource::endpoints)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return endpoints.removals().stream().filter(awaited::contains).toList();
  }

  // What is in the way.

  private boolean removalsBlocked(long now) {
    return isYoung(now)
        || isOnItsWay(clusters, now)
        || isOnItsWay(secrets, now)
        || !warming.isEmpty()
        || isOnItsWay(listeners, now)
        || isLeaving(listeners, now)
        // A listener that was acknowledged may wait for one, and its predecessor serves on.
        || isOnItsWay(extensions, now)
        || isOnItsWay(scopes, now)
        || isOnItsWay(routes, now);
  }

  /** A client that comes back says type by type what it holds, the clusters first. */
  private boolean isYoung(long now) {
    return clusters.isReturning()
        && !(listeners.isRequested() && routes.isRequested())
        && (firstRound == null || now - firstRound < limit);
  }

  private boolean isOnItsWay(TypeState state, long now) {
    Flight flight = state.flight();
    return flight == null
        ? !state.upserts().isEmpty()
        : isFresh(flight, now) && (!flight.upserts().isEmpty() || !state.upserts().isEmpty());
  }

  private boolean isLeaving(TypeState state, long now) {
    Flight flight = state.flight();
    return flight == null
        ? hasRemovals(state)
        : isFresh(flight, now) && (!flight.removals().isEmpty() || hasRemovals(state));
  }

  private boolean isFresh(Flight flight, long now) {
    return now - flight.sentAt() < limit;
  }

  private static boolean isPending(TypeState state) {
    return state.flight() == null
        && !(state.upserts().isEmpty() && state.removals().isEmpty() && !state.isAnswerDue());
  }

  private boolean hasRemovals(TypeState state) {
    return kept.isEmpty()
        ? !state.removals().isEmpty()
        : state.removals().stream().anyMatch(name -> !isKept(state, name));
  }

  private boolean isKept(TypeState state, String name) {
    return !kept.isEmpty() && isKept(new Resource.Key(state.type(), name));
  }

  /** Whether the last good version of a refused resource needs it. */
  boolean isKept(Resource.Key key) {
    return kept.contains(key);
  }

  /** Forgets clusters at the head that need no waiting for; the others come to the head in time. */
  private void forgetWarm(long now) {
    Iterator<Map.Entry<String, Warming>> entries = warming.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Warming> entry = entries.next();
      String name = entry.getKey();
      boolean late = now - entry.getValue().deadline() >= 0;
      if (late) {
        log.info("cluster {} took no endpoints within {} ms", name, limit / 1_000_000);
        withoutEndpoints = !endpoints.isRequested();
      }
      if (!late
          && !endpoints.isRejected(entry.getValue().endpoints())
          && store.find(ResourceType.ENDPOINT, entry.getValue().endpoints()) != null
          && store.find(ResourceType.CLUSTER, name) != null) {
        return;
      }
      entries.remove();
    }
  }

  /** When to look again though nothing happened: the earliest end of a wait. */
  OptionalLong deadline(long now) {
    boolean waiting =
        all.stream()
            .anyMatch(
                state -> !state.upserts().isEmpty() || isPending(state) || hasRemovals(state));
    if (!waiting) {
      return OptionalLong.empty();
    }
    long earliest = Long.MAX_VALUE;
    for (TypeState state : all) {
      Flight flight = state.flight();
      if (flight != null) {
        earliest = earlier(earliest, flight.sentAt() + limit - now);
      }
    }
    if (!warming.isEmpty()) {
      earliest = earlier(earliest, warming.values().iterator().next().deadline() - now);
    }
    if (firstRound != null) {
      earliest = earlier(earliest, firstRound + limit - now);
    }
    if (changesHeldSince != null) {
      earliest = earlier(earliest, changesHeldSince + limit - now);
    }
    if (gate.end().isPresent()) {
      earliest = earlier(earliest, gate.end().getAsLong() - now);
    }
    if (removalsHeldSince != null) {
      earliest = earlier(earliest, removalsHeldSince + 2 * limit - now);
    }
    return earliest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(now + earliest);
  }

  private static long earlier(long earliest, long left) {
    return left > 0 ? Math.min(earliest, left) : earliest;
  }
}
