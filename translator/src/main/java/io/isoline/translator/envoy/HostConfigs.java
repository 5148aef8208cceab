package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says once, of a host, what all of its routes say of a filter. A list of users or of addresses would be
 * there for each path otherwise, several times where a path takes several routes.
 *
 * <p>Only what is the same in all routes that have it: of some filters, Envoy adds what a route says to
 * what its host says.
 */
final class HostConfigs {

  /** What a route says that asks for nothing of a filter, where its host asks for something. */
  static final Map<String, Any> NOTHING =
      new TreeMap<>(
          Map.of(
              AccessFilter.NAME, AccessFilter.NOTHING,
              AddressFilter.NAME, AddressFilter.NOTHING,
              ConnectionLimitFilter.NAME, ConnectionLimitFilter.NOTHING,
              ErrorPagesFilter.NAME, ByRoute.NOTHING,
              RouteBodyLimit.NAME, ByRoute.NOTHING));

  private HostConfigs() {}

  /** Moves them, where that makes the host smaller. */
  static void share(VirtualHost.Builder host) {
    NOTHING.forEach((filter, nothing) -> share(host, filter, nothing));
    shareOfBodies(host);
  }

  /** Which routes have no limit of all hosts: it means nothing where no backend gets the body. */
  private static void shareOfBodies(VirtualHost.Builder host) {
    Any shared = null;
    for (Route.Builder route : host.getRoutesBuilderList()) {
      Any own = route.getTypedPerFilterConfigMap().get(BodyLimitFilter.NAME);
      if (route.hasRoute() && (own == null || (shared != null && !shared.equals(own)))) {
        return;
      }
      shared = own == null ? shared : own;
    }
    if (shared != null) {
      for (Route.Builder route : host.getRoutesBuilderList()) {
        route.removeTypedPerFilterConfig(BodyLimitFilter.NAME);
      }
      host.putTypedPerFilterConfig(BodyLimitFilter.NAME, shared);
    }
  }

  private static void share(VirtualHost.Builder host, String filter, Any nothing) {
    Any shared = null;
    int with = 0;
    for (Route.Builder route : host.getRoutesBuilderList()) {
      Any own = route.getTypedPerFilterConfigMap().get(filter);
      if (own != null) {
        if (shared != null && !shared.equals(own)) {
          return;
        }
        shared = own;
        with++;
      }
    }
    if (shared == null) {
      return;
    }
    long without = (long) nothing.getSerializedSize() * (host.getRoutesCount() - with);
    if (without >= (long) shared.getSerializedSize() * (with - 1)) {
      return;
    }
    for (Route.Builder route : host.getRoutesBuilderList()) {
      if (route.containsTypedPerFilterConfig(filter)) {
        route.removeTypedPerFilterConfig(filter);
      } else {
        route.putTypedPerFilterConfig(filter, nothing);
      }
    }
    host.putTypedPerFilterConfig(filter, shared);
  }
}
