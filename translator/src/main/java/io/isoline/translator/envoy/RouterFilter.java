package io.isoline.translator.envoy;

import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.List;

/** Sends a request to its backend. It is the last one. */
final class RouterFilter implements FilterWriter {

  private static final HttpFilter ROUTER =
      HttpFilters.filter(
          "envoy.filters.http.router", Router.newBuilder().setSuppressEnvoyHeaders(true).build());

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(ROUTER);
  }
}
