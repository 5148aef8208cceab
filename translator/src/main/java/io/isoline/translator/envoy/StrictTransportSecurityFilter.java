package io.isoline.translator.envoy;

import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds Strict-Transport-Security, also to what Envoy itself answers; only HTTPS has it. */
final class StrictTransportSecurityFilter implements FilterWriter {

  private static final String NAME = "isoline.hsts";

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return target.strictTransportSecurity()
        ? List.of(HttpFilters.filter(NAME, HeaderMutation.getDefaultInstance()))
        : List.of();
  }

  /** Has it add this value to answers of a host. */
  static void add(VirtualHost.Builder host, String value) {
    host.putTypedPerFilterConfig(
        NAME,
        Packing.any(
            HeaderMutationPerRoute.newBuilder()
                .setMutations(
                    Mutations.newBuilder()
                        .addResponseMutations(
                            RouteWriter.set("strict-transport-security", value)))
                .build()));
  }

  /** Takes away what a host has by {@link #add}; null where it has nothing. */
  static @Nullable Any take(VirtualHost.Builder host) {
    Any value = host.getTypedPerFilterConfigMap().get(NAME);
    host.removeTypedPerFilterConfig(NAME);
    return value;
  }

  /** Gives a route what was taken from its host, where it is for answers of the route as well. */
  static void give(Route.Builder route, @Nullable Any value) {
    if (value != null) {
      route.putTypedPerFilterConfig(NAME, value);
    }
  }
}
