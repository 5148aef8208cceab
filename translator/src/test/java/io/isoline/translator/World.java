package io.isoline.translator;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.github.xds.type.matcher.v3.StringMatcher;
import com.google.protobuf.StringValue;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.isoline.translator.kube.ClusterObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A translator with the resources that an Envoy holds by now and the verdicts that were given. Each
 * update is checked for what every update must keep: no resource twice, none changed to what it
 * was, none removed that was not there.
 */
public final class World {

  public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  public static final Settings DEFAULTS =
      Settings.defaults(
          ByteString.copyFromUtf8("default certificate"), ByteString.copyFromUtf8("its key"));

  private final Translator translator;
  private final SortedMap<Resource.Key, Resource> resources = new TreeMap<>();
  private final SortedMap<ObjectRef, List<Verdict>> verdicts = new TreeMap<>();

  public World() {
    this(DEFAULTS);
  }

  public World(Settings settings) {
    this(new Translator(settings));
  }

  World(Translator translator) {
    this.translator = translator;
  }

  /** A world that got these objects in one batch. */
  public static World of(ClusterObject... objects) {
    World world = new World();
    world.apply(objects);
    return world;
  }

  public Update apply(ClusterObject... objects) {
    List<Change> changes = new ArrayList<>();
    for (ClusterObject object : objects) {
      changes.add(new Change.Upsert(object));
    }
    return apply(changes, NOW);
  }

  public Update delete(ObjectRef... objects) {
    List<Change> changes = new ArrayList<>();
    for (ObjectRef object : objects) {
      changes.add(new Change.Delete(object));
    }
    return apply(changes, NOW);
  }

  public Update configure(Settings settings) {
    return apply(List.of(new Change.Configure(settings)), NOW);
  }

  public Update apply(List<? extends Change> changes, Instant now) {
    Update update = translator.apply(List.copyOf(changes), now);
    Set<Resource.Key> seen = new HashSet<>(update.removed());
    for (Resource resource : update.changed()) {
      require(seen.add(resource.key()), "twice in one update: " + resource.key());
      Resource before = resources.put(resource.key(), resource);
      require(
          before == null || !before.version().equals(resource.version()),
          "not changed: " + resource.key());
    }
    for (Resource.Key key : update.removed()) {
      require(resources.remove(key) != null, "removed but never there: " + key);
    }
    update
        .verdicts()
        .forEach(
            (ref, list) -> {
              if (list.isEmpty()) {
                require(verdicts.remove(ref) != null, "gone but never there: " + ref);
              } else {
                require(!list.equals(verdicts.put(ref, list)), "not another verdict: " + ref);
              }
            });
    require(verdicts.equals(translator.verdicts()), "verdicts and updates tell two stories");
    return update;
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  public SortedMap<Resource.Key, Resource> resources() {
    return resources;
  }

  public SortedMap<ObjectRef, List<Verdict>> verdicts() {
    return verdicts;
  }

  /** The verdicts of an object that is known. */
  public List<Verdict> verdicts(ObjectRef ref) {
    return Objects.requireNonNull(verdicts.get(ref), () -> "no verdict on " + ref);
  }

  /** The only verdict of an Ingress of {@code default} on a field. */
  public Verdict verdict(String ingress, String field) {
    return verdict(ObjectRef.ingress("default", ingress), field);
  }

  public Verdict verdict(ObjectRef ref, String field) {
    List<Verdict> ofField =
        verdicts(ref).stream().filter(verdict -> verdict.field().equals(field)).toList();
    require(ofField.size() == 1, "not one verdict on " + field + ": " + verdicts(ref));
    return ofField.getFirst();
  }

  /** Where a request by plain HTTP goes: a cluster or a status. */
  public String request(String authority, String path) {
    return routes().request("http", authority, path);
  }

  public RouteTable routes() {
    List<ScopedRouteConfiguration> scopes = new ArrayList<>();
    List<RouteConfiguration> configurations = new ArrayList<>();
    for (Resource resource : resources.values()) {
      switch (proto(resource)) {
        case ScopedRouteConfiguration scope -> scopes.add(scope);
        case RouteConfiguration configuration -> configurations.add(configuration);
        default -> {}
      }
    }
    return new RouteTable(scopes, configurations);
  }

  /** The routes of the names that nobody claims. */
  public RouteConfiguration fallback() {
    return (RouteConfiguration) proto(resource(ResourceType.ROUTE, "ingress"));
  }

  public Cluster cluster(String name) {
    return (Cluster) proto(resource(ResourceType.CLUSTER, name));
  }

  public Listener listener(String name) {
    return (Listener) proto(resource(ResourceType.LISTENER, name));
  }

  public Secret secret(String name) {
    return (Secret) proto(resource(ResourceType.SECRET, name));
  }

  /** {@code address:port} of each endpoint. */
  public List<String> endpoints(String cluster) {
    List<String> endpoints = new ArrayList<>();
    ClusterLoadAssignment assignment =
        (ClusterLoadAssignment) proto(resource(ResourceType.ENDPOINT, cluster));
    for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
      locality
          .getLbEndpointsList()
          .forEach(
              endpoint -> {
                var address = endpoint.getEndpoint().getAddress().getSocketAddress();
                endpoints.add(address.getAddress() + ":" + address.getPortValue());
              });
    }
    return endpoints;
  }

  /** Each filter chain of HTTPS as {@code names -> secrets}; the default chain is for {@code *}. */
  public SortedMap<String, List<String>> certificates() {
    SortedMap<String, List<String>> certificates = new TreeMap<>();
    Listener https = listener("https");
    SortedMap<String, SortedSet<String>> names = new TreeMap<>();
    serverNames(https)
        .forEach((name, chain) -> names.computeIfAbsent(chain, any -> new TreeSet<>()).add(name));
    names.forEach(
        (chain, led) ->
            certificates.put(String.join(",", led), secrets(filterChain(https, chain))));
    certificates.put("*", secrets(https.getDefaultFilterChain()));
    return certificates;
  }

  /** The filter chain that is led to by a server name as it was written. */
  FilterChain chain(String serverName) {
    Listener https = listener("https");
    return filterChain(
        https, Objects.requireNonNull(serverNames(https).get(serverName), serverName));
  }

  private static FilterChain filterChain(Listener listener, String name) {
    return listener.getFilterChainsList().stream()
        .filter(chain -> chain.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no filter chain " + name));
  }

  /** Which server name leads to which filter chain; wildcards come in the order of their tries. */
  static SequencedMap<String, String> serverNames(Listener listener) {
    SequencedMap<String, String> chains = new LinkedHashMap<>();
    Matcher matcher = listener.getFilterChainMatcher();
    matcher
        .getMatcherTree()
        .getExactMatchMap()
        .getMapMap()
        .forEach((name, leads) -> chains.put(name, chainOf(leads)));
    Matcher wildcards = matcher.hasMatcherTree() ? matcher.getOnNoMatch().getMatcher() : matcher;
    for (FieldMatcher field : wildcards.getMatcherList().getMatchersList()) {
      StringMatcher text = field.getPredicate().getSinglePredicate().getValueMatch();
      String name =
          text.hasSafeRegex()
              ? text.getSafeRegex().getRegex().replace("[^.]+", "*").replace("\\", "")
              : "*" + text.getSuffix();
      chains.put(name, chainOf(field.getOnMatch()));
    }
    return chains;
  }

  /** The name of the filter chain that a match leads to. */
  private static String chainOf(OnMatch leads) {
    try {
      return leads.getAction().getTypedConfig().unpack(StringValue.class).getValue();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> secrets(FilterChain chain) {
    if (!chain.hasTransportSocket()) {
      return List.of(chain.getName());
    }
    try {
      return chain
          .getTransportSocket()
          .getTypedConfig()
          .unpack(DownstreamTlsContext.class)
          .getCommonTlsContext()
          .getTlsCertificateSdsSecretConfigsList()
          .stream()
          .map(SdsSecretConfig::getName)
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  public boolean has(ResourceType type, String name) {
    return resources.containsKey(new Resource.Key(type, name));
  }

  public Resource resource(ResourceType type, String name) {
    return Objects.requireNonNull(
        resources.get(new Resource.Key(type, name)), () -> "no " + type + " " + name);
  }

  public static Message proto(Resource resource) {
    try {
      ByteString bytes = resource.body().getValue();
      return switch (resource.type()) {
        case CLUSTER -> Cluster.parseFrom(bytes);
        case ENDPOINT -> ClusterLoadAssignment.parseFrom(bytes);
        case SECRET -> Secret.parseFrom(bytes);
        case LISTENER -> Listener.parseFrom(bytes);
        case EXTENSION -> TypedExtensionConfig.parseFrom(bytes);
        case SCOPE -> ScopedRouteConfiguration.parseFrom(bytes);
        case ROUTE -> RouteConfiguration.parseFrom(bytes);
      };
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(resource.key() + " does not parse", e);
    }
  }
}
