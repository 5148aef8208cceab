package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.envoy.Packing.Part;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.model.VirtualHost;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The scopes and RouteConfigurations of one space: one of each for a host that a name leads to, and
 * one for all others, which share it.
 *
 * <p>Owned by one thread.
 */
final class SpaceWriter {

  private final String name;

  /** Of names that nobody claims: those of {@link Host#ANY}, and of wildcards at any depth. */
  private final SortedMap<Host, Part> shared = new TreeMap<>();

  private @Nullable RouteWriter routes;

  SpaceWriter(String name) {
    this.name = name;
  }

  /** Takes what holds for all hosts from now on; they have to be written again. */
  SpaceWriter configure(RouteSpace space) {
    routes = new RouteWriter(space);
    shared.clear();
    return this;
  }

  private RouteWriter routes() {
    return Objects.requireNonNull(routes);
  }

  /** Whether a host has no scope, as no name leads to it alone. */
  static boolean isShared(Host host) {
    return host.isAny() || host.atAnyDepth();
  }

  /** By what {@link Names#SCOPE_HEADER} leads to the routes of a host. */
  static String scopeOf(Host host) {
    return isShared(host) ? Names.ANY_SCOPE : host.pattern();
  }

  /** Enters one of the hosts that share a RouteConfiguration, and says whether it is different. */
  boolean share(Host host, Optional<VirtualHost> virtualHost) {
    Part before = shared.remove(host);
    Part now = virtualHost.map(each -> Packing.part(routes().shared(each))).orElse(null);
    if (now != null) {
      shared.put(host, now);
    }
    return !Objects.equals(before, now);
  }

  /** The resources of a host of its own. */
  List<Resource> scoped(VirtualHost host) {
    String scope = Names.scope(host.key());
    return List.of(
        scope(scope, scopeOf(host.host())),
        Packing.resource(ResourceType.ROUTE, scope, routes().scoped(host)));
  }

  /**
   * The resources that the others share. They are there whoever claims anything: Envoy begins its
   * search for other scopes with them.
   */
  List<Resource> fallback() {
    shared.computeIfAbsent(
        Host.ANY,
        any ->
            Packing.part(
                routes()
                    .shared(
                        new VirtualHost(
                            new VirtualHost.Key(name, any),
                            RouteWriter.NOBODY,
                            routes().ofNobody()))));
    return List.of(
        scope(name, Names.ANY_SCOPE),
        Packing.resource(
            ResourceType.ROUTE,
            name,
            routes().fallback(),
            RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER,
            shared.values()));
  }

  /** What all requests come to first. */
  static List<Resource> gate(RouteSpace space) {
    return List.of(
        scope(Names.GATE, Names.GATE_SCOPE),
        Packing.resource(ResourceType.ROUTE, Names.GATE, Gate.routes(space)));
  }

  private static Resource scope(String name, String key) {
    return Packing.resource(
        ResourceType.SCOPE,
        name,
        ScopedRouteConfiguration.newBuilder()
            .setName(name)
            .setRouteConfigurationName(name)
            .setKey(
                ScopedRouteConfiguration.Key.newBuilder()
                    .addFragments(
                        ScopedRouteConfiguration.Key.Fragment.newBuilder().setStringKey(key)))
            .build());
  }
}
