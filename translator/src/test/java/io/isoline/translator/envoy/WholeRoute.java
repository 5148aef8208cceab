package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;

/** A route with what its host says for all of its routes. */
public final class WholeRoute {

  private WholeRoute() {}

  /** The route as if it said all of it. */
  public static Route of(VirtualHost host, Route route) {
    Route.Builder whole = route.toBuilder();
    HostConfigs.NOTHING.forEach(
        (filter, nothing) -> {
          Any ofHost = host.getTypedPerFilterConfigMap().get(filter);
          Any own = route.getTypedPerFilterConfigMap().get(filter);
          if (own == null && ofHost != null) {
            whole.putTypedPerFilterConfig(filter, ofHost);
          } else if (nothing.equals(own)) {
            whole.removeTypedPerFilterConfig(filter);
          }
        });
    return whole.build();
  }
}
