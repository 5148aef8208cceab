package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.isoline.translator.model.ConnectionForEach;
import io.isoline.translator.model.Upstream;

/**
 * Asks backends for the end of the connection. It is Envoy's to say when it closes one, but what a
 * route adds comes after that. The header of an upgrade stays.
 */
final class ConnectionForEachWriter implements OptionWriter<ConnectionForEach> {

  @Override
  public Class<ConnectionForEach> option() {
    return ConnectionForEach.class;
  }

  @Override
  public void write(ConnectionForEach option, ServedRoute route) {
    // HTTP/2 has no such header.
    if (route.model().upstreams().stream()
        .map(Upstream::protocol)
        .noneMatch(Upstream.Protocol::http2)) {
      route
          .route()
          .addRequestHeadersToAdd(
              RouteWriter.header("connection", "close", HeaderAppendAction.ADD_IF_ABSENT));
    }
  }
}
