package io.isoline.translator.envoy;

import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.List;

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
}
