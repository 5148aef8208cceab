package io.isoline.controlplane.stream;

import static io.isoline.translator.ResourceType.CLUSTER;
import static io.isoline.translator.ResourceType.ENDPOINT;
import static io.isoline.translator.ResourceType.EXTENSION;
import static io.isoline.translator.ResourceType.LISTENER;
import static io.isoline.translator.ResourceType.ROUTE;
import static io.isoline.translator.ResourceType.SCOPE;
import static io.isoline.translator.ResourceType.SECRET;

import io.isoline.controlplane.stream.AdsRequest.ClientNode;
import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client that behaves like Envoy in what matters for the order of things.
 *
 * <ul>
 *   <li>It subscribes to the routes, secrets and extensions of a listener before it acknowledges the listener,
 *       as Envoy does. With clusters and their endpoints it may be either way round.
 *   <li>It asks for clusters, then for their endpoints, and for listeners once all clusters are
 *       warm; on a later stream it asks for all at once and says what it holds.
 *   <li>A new or changed cluster warms until endpoints arrive, and a changed one does not ask for
 *       them again. The predecessor serves meanwhile. Clusters are acknowledged when all are warm.
 *   <li>A new or changed listener warms until all of these arrive. The predecessor, with its routes,
 *       serves meanwhile.
 *   <li>It asks for scopes when it has a listener that uses them, and for the routes of the scopes
 *       that it has. A scope that has no routes yet serves nothing.
 *   <li>It refuses versions that begin with "bad".
 *   <li>It remembers the last bytes of a Secret, and acknowledges the same bytes without a look. When
 *       they are what it has, it has them by the new version from then on. A Secret that cannot be
 *       used keeps it from those that come after it in a response.
 * </ul>
 */
final class FakeEnvoy {

  /** What happens to a response with something bad in it. */
  enum Refusal {
    /** Envoy's way when a resource cannot be built: names it, takes the rest. */
    NAMED,
    /** Envoy's way when a resource breaks a validation rule: names nothing, takes nothing. */
    WHOLE
  }

  private final Variant variant;
  private final Refusal refusal;
  private final boolean answersFirst;

  final Map<ResourceType, Map<String, Resource>> held = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, Set<String>> subscribed = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, String> nonces = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, String> versions = new EnumMap<>(ResourceType.class);
  private final Set<ResourceType> asked = EnumSet.noneOf(ResourceType.class);
  private final Set<Resource.Key> absent = new HashSet<>();
  private final Map<String, Resource> lastSecrets = new HashMap<>();

  final Map<String, Resource> warmingClusters = new TreeMap<>();
  final Map<String, Resource> activeClusters = new TreeMap<>();
  final Map<String, Resource> warmingListeners = new TreeMap<>();
  final Map<String, Resource> activeListeners = new TreeMap<>();
  private boolean gotClusters;
  private boolean askedForListeners;
  private boolean askedForScopes;
  private boolean gotScopes;
  private @Nullable Runnable unanswered;

  /** What it has to say. */
  final Deque<AdsRequest> requests = new ArrayDeque<>();

  int refusals;
  int resourcesReceived;

  FakeEnvoy(Variant variant, Refusal refusal, boolean answersFirst) {
    this.variant = variant;
    this.refusal = refusal;
    this.answersFirst = answersFirst;
    for (ResourceType type : ResourceType.values()) {
      held.put(type, new TreeMap<>());
      subscribed.put(type, new TreeSet<>());
    }
  }

  FakeEnvoy(Variant variant) {
    this(variant, Refusal.NAMED, false);
  }

  // Streams.

  Variant variant() {
    return variant;
  }

  /** Opens a stream, the first or another one. */
  void connect() {
    requests.clear();
    nonces.clear();
    asked.clear();
    unanswered = null;
    ask(CLUSTER, Set.of(), Set.of());
    if (gotClusters) {
      for (ResourceType type : List.of(ENDPOINT, SECRET, LISTENER, EXTENSION, SCOPE, ROUTE)) {
        boolean wanted =
            switch (type) {
              case LISTENER -> isInitialised();
              case SCOPE -> askedForScopes;
              default -> !subscribed(type).isEmpty();
            };
        if (wanted) {
          ask(type, subscribed(type), Set.of());
        }
      }
    }
  }

  private boolean isInitialised() {
    return (gotClusters && warmingClusters.isEmpty()) || askedForListeners;
  }

  private void ask(ResourceType type, Set<String> added, Set<String> dropped) {
    boolean first = asked.add(type);
    askedForListeners |= type == LISTENER;
    askedForScopes |= type == SCOPE;
    @Nullable ClientNode node =
        requests.isEmpty() && first && type == CLUSTER
            ? new ClientNode("fake", "test", "envoy 1.40.0")
            : null;
    if (variant == Variant.SOTW) {
      requests.add(sotw(type, nonces.getOrDefault(type, ""), null, node));
      return;
    }
    Map<String, String> initial = new HashMap<>();
    if (first) {
      // Envoy leaves out what it waits for.
      held(type).forEach((name, resource) -> initial.put(name, resource.version()));
      if (type == ENDPOINT) {
        warmingClusters.values().stream()
            .map(Resource::endpoints)
            .filter(Objects::nonNull)
            .forEach(initial::remove);
      }
    }
    requests.add(
        new AdsRequest(
            type.typeUrl(),
            "",
            null,
            node,
            new DeltaInterest(List.copyOf(added), List.copyOf(dropped), initial)));
  }

  private AdsRequest sotw(
      ResourceType type, String nonce, @Nullable String error, @Nullable ClientNode node) {
    return new AdsRequest(
        type.typeUrl(),
        nonce,
        error,
        node,
        new SotwInterest(List.copyOf(subscribed(type)), versions.getOrDefault(type, "")));
  }

  // Responses.

  void receive(AdsResponse response) {
    ResourceType type = typeOf(response);
    nonces.put(type, response.nonce());
    resourcesReceived += response.resources().size();
    List<Resource> looked = lookedAt(type, response.resources());
    List<Resource> bad = looked.stream().filter(Resources::isBad).toList();
    gotClusters |= type == CLUSTER;
    gotScopes |= type == SCOPE;
    @Nullable String error = null;
    if (!bad.isEmpty()) {
      refusals++;
      error =
          refusal == Refusal.NAMED
              ? "Error adding/updating: "
                  + String.join(", ", bad.stream().map(r -> r.name() + ": is bad").toList())
              : "Proto constraint validation failed";
    }
    if (error == null || refusal == Refusal.NAMED) {
      take(type, looked, response);
    }
    if (error == null) {
      versions.put(type, response.version());
      if (type == SECRET) {
        response.resources().forEach(this::noteVersion);
      }
    }
    if (error != null && type == ENDPOINT) {
      // Envoy goes on without endpoints rather than not to start.
      response.resources().forEach(resource -> warm(resource.name()));
    }
    answerClusters();
    if (answersFirst && type == CLUSTER) {
      answer(type, response, error);
      resubscribe();
    } else {
      resubscribe();
      answer(type, response, error);
    }
  }

  private void answer(ResourceType type, AdsResponse response, @Nullable String error) {
    if (type == CLUSTER && asked.contains(LISTENER) && !warmingClusters.isEmpty()) {
      unanswered = () -> answerNow(type, response, error);
    } else {
      answerNow(type, response, error);
    }
  }

  /** Envoy says nothing about clusters while one warms. */
  private void answerClusters() {
    if (warmingClusters.isEmpty() && unanswered != null) {
      unanswered.run();
      unanswered = null;
    }
  }

  private void answerNow(ResourceType type, AdsResponse response, @Nullable String error) {
    requests.add(
        variant == Variant.SOTW
            ? sotw(type, response.nonce(), error, null)
            : new AdsRequest(
                type.typeUrl(),
                response.nonce(),
                error,
                null,
                new DeltaInterest(List.of(), List.of(), Map.of())));
  }

  private List<Resource> lookedAt(ResourceType type, List<Resource> resources) {
    if (type != SECRET || refusal == Refusal.WHOLE) {
      return resources;
    }
    List<Resource> looked = new ArrayList<>();
    for (Resource secret : resources) {
      if (!subscribed(SECRET).contains(secret.name())) {
        continue;
      }
      Resource last = lastSecrets.put(secret.name(), secret);
      if (last == null || !last.body().equals(secret.body())) {
        looked.add(secret);
        if (Resources.isBad(secret)) {
          break;
        }
      }
    }
    return looked;
  }

  /**
   * Envoy notes the versions of all that it acknowledges, looked at or not. So the default
   * certificate comes by another version where it stood in for a refused Secret, and is wanted now.
   */
  private void noteVersion(Resource secret) {
    if (!Resources.isBad(secret)) {
      held(SECRET)
          .computeIfPresent(
              secret.name(), (name, has) -> has.body().equals(secret.body()) ? secret : has);
    }
  }

  private void take(ResourceType type, List<Resource> looked, AdsResponse response) {
    for (Resource resource : looked) {
      if (!Resources.isBad(resource)
          && (type.isWholeSet() || subscribed(type).contains(resource.name()))) {
        take(type, resource);
      }
    }
    List<String> gone = new ArrayList<>(response.removed());
    if (variant == Variant.SOTW && type.isWholeSet()) {
      gone.addAll(held(type).keySet());
      response.resources().forEach(resource -> gone.remove(resource.name()));
    }
    gone.forEach(name -> drop(type, name));
  }

  private void take(ResourceType type, Resource resource) {
    String name = resource.name();
    Resource old = held(type).put(name, resource);
    absent.remove(resource.key());
    boolean same = old != null && old.version().equals(resource.version());
    switch (type) {
      case CLUSTER -> {
        if (!same && resource.endpoints() != null) {
          warmingClusters.put(name, resource);
        } else if (!same) {
          warmingClusters.remove(name);
          activeClusters.put(name, resource);
        }
      }
      case ENDPOINT -> warm(name);
      case LISTENER -> {
        if (!same) {
          warmingListeners.put(name, resource);
        }
      }
      case SECRET, EXTENSION, SCOPE, ROUTE -> {}
    }
  }

  private void warm(String endpoints) {
    for (Resource cluster : List.copyOf(warmingClusters.values())) {
      if (endpoints.equals(cluster.endpoints())) {
        warmingClusters.remove(cluster.name());
        activeClusters.put(cluster.name(), cluster);
      }
    }
  }

  private void drop(ResourceType type, String name) {
    if ((type == ROUTE || type == SECRET) && held(type).containsKey(name)) {
      return; // As Envoy does: they live as long as a listener refers to them.
    }
    held(type).remove(name);
    switch (type) {
      case CLUSTER -> {
        warmingClusters.remove(name);
        activeClusters.remove(name);
      }
      case ENDPOINT -> warm(name);
      case LISTENER -> {
        warmingListeners.remove(name);
        activeListeners.remove(name);
      }
      case SCOPE -> {}
      case SECRET, EXTENSION, ROUTE -> absent.add(new Resource.Key(type, name));
    }
  }

  private void resubscribe() {
    boolean before = asked.contains(LISTENER);
    Set<String> eds = new TreeSet<>();
    held(CLUSTER)
        .values()
        .forEach(
            cluster ->
                Stream.of(cluster, activeClusters.getOrDefault(cluster.name(), cluster))
                    .map(Resource::endpoints)
                    .filter(Objects::nonNull)
                    .forEach(eds::add));
    subscribe(ENDPOINT, eds);
    // The wildcard of listeners, when the clusters are warm.
    if (!before && isInitialised()) {
      ask(LISTENER, Set.of(), Set.of());
    }
    subscribeToListenerNeeds();
    for (Resource listener : List.copyOf(warmingListeners.values())) {
      boolean ready =
          Resources.words(listener).stream()
              .allMatch(
                  name -> {
                    if (name.equals(Resources.SCOPES)) {
                      return gotScopes;
                    }
                    Resource.Key key = new Resource.Key(typeOf(name), name);
                    return held(key.type()).containsKey(name) || absent.contains(key);
                  });
      if (ready) {
        warmingListeners.remove(listener.name());
        activeListeners.put(listener.name(), listener);
      }
    }
    subscribeToListenerNeeds();
  }

  private static ResourceType typeOf(String name) {
    return switch (name.charAt(0)) {
      case 'r' -> ROUTE;
      case 'e' -> EXTENSION;
      default -> SECRET;
    };
  }

  private void subscribeToListenerNeeds() {
    Set<String> secrets = new TreeSet<>();
    Set<String> extensions = new TreeSet<>();
    Set<String> routes = new TreeSet<>();
    for (Map<String, Resource> listeners : List.of(activeListeners, warmingListeners)) {
      for (Resource listener : listeners.values()) {
        for (String name : Resources.words(listener)) {
          if (name.equals(Resources.SCOPES)) {
            if (!asked.contains(SCOPE)) {
              ask(SCOPE, Set.of(), Set.of());
            }
          } else {
            switch (typeOf(name)) {
              case ROUTE -> routes.add(name);
              case EXTENSION -> extensions.add(name);
              default -> secrets.add(name);
            }
          }
        }
      }
    }
    held(SCOPE).values().forEach(scope -> routes.addAll(Resources.words(scope)));
    subscribe(SECRET, secrets);
    subscribe(EXTENSION, extensions);
    subscribe(ROUTE, routes);
  }

  private void subscribe(ResourceType type, Set<String> wanted) {
    Set<String> names = subscribed(type);
    Set<String> added = new TreeSet<>(wanted);
    added.removeAll(names);
    Set<String> dropped = new TreeSet<>(names);
    dropped.removeAll(wanted);
    names.addAll(added);
    names.removeAll(dropped);
    for (String name : dropped) {
      held(type).remove(name);
      absent.remove(new Resource.Key(type, name));
      if (type == SECRET) {
        lastSecrets.remove(name);
      }
    }
    if (!added.isEmpty() || !dropped.isEmpty()) {
      ask(type, added, dropped);
    }
  }

  /** Envoy's {@code initial_fetch_timeout}: goes on without the endpoints that it waits for. */
  boolean fetchTimeout() {
    if (warmingClusters.isEmpty()) {
      return false;
    }
    activeClusters.putAll(warmingClusters);
    warmingClusters.clear();
    answerClusters();
    resubscribe();
    return true;
  }

  // Questions.

  /** Clusters that a route in use names and that do not serve. */
  Set<String> brokenClusters() {
    Set<String> routes = new TreeSet<>();
    activeListeners.values().forEach(listener -> routes.addAll(Resources.words(listener)));
    if (routes.contains(Resources.SCOPES)) {
      held(SCOPE).values().forEach(scope -> routes.addAll(Resources.words(scope)));
    }
    Set<String> broken = new TreeSet<>();
    for (String name : routes) {
      Resource route = held(ROUTE).get(name);
      if (route != null) {
        broken.addAll(Resources.words(route));
      }
    }
    broken.removeAll(activeClusters.keySet());
    return broken;
  }

  /** Secrets of which it has, for the next listener, what it refused. */
  Set<String> spoiledSecrets() {
    Set<String> spoiled = new TreeSet<>();
    lastSecrets.forEach(
        (name, secret) -> {
          if (Resources.isBad(secret)) {
            spoiled.add(name);
          }
        });
    return spoiled;
  }

  boolean hasRoutes() {
    return !subscribed(ROUTE).isEmpty();
  }

  boolean isSubscribed(ResourceType type, String name) {
    return switch (type) {
      case CLUSTER, LISTENER -> true;
      case SCOPE -> askedForScopes;
      case ENDPOINT, SECRET, EXTENSION, ROUTE -> subscribed(type).contains(name);
    };
  }

  @SuppressWarnings("NullAway") // the constructor fills the map with every type
  Map<String, Resource> held(ResourceType type) {
    return held.get(type);
  }

  @SuppressWarnings("NullAway") // the constructor fills the map with every type
  private Set<String> subscribed(ResourceType type) {
    return subscribed.get(type);
  }

  static ResourceType typeOf(AdsResponse response) {
    for (ResourceType type : ResourceType.values()) {
      if (type.typeUrl().equals(response.typeUrl())) {
        return type;
      }
    }
    throw new AssertionError("a response of type " + response.typeUrl());
  }
}
