package io.isoline.translator.envoy;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.List;

/**
 * Writes one kind of HTTP filter.
 *
 * <p>What depends on a host or a route is said in its RouteConfiguration, by the name of the filter. A
 * filter that protects must be active in the connection manager, and do nothing there: Envoy decides
 * which filters are disabled by the route that it finds first, and for wildcards and names with capital
 * letters that is not yet the one that counts.
 */
interface FilterWriter {

  /** The filters of a connection manager; none where it asks for none. */
  List<HttpFilter> inManager(ToHttp target);

  /** Whether it looks at bodies, so that WebSockets have to go past it. */
  default boolean isOfBodies() {
    return false;
  }
}
