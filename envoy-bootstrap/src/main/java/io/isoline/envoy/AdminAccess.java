package io.isoline.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.CodecType;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.time.Duration;

/**
 * Writes the administration interface, and the listener that lets probes and Prometheus reach two
 * harmless pages of it and adds a third. Everything else of the interface (stop, drain, change
 * runtime values, show the configuration) stays behind its own address.
 */
final class AdminAccess {
  private static final String ADMIN_CLUSTER = "admin";
  private static final String STATS_LISTENER = "stats";
  private static final int SOCKET_MODE = 0660;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int BUFFER_BYTES = 32 << 10;
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  private AdminAccess() {}

  static Admin admin(Address address) {
    var listening = Protos.address(address).toBuilder();
    if (listening.hasPipe()) {
      // For whoever has the group of the directory: in a pod, what drains Envoy.
      listening.getPipeBuilder().setMode(SOCKET_MODE);
    }
    return Admin.newBuilder()
        .setAddress(listening)
        // An Envoy that is full has to be inspected most of all.
        .setIgnoreGlobalConnLimit(true)
        .build();
  }

  static Cluster cluster(Address admin) {
    return Cluster.newBuilder()
        .setName(ADMIN_CLUSTER)
        .setType(DiscoveryType.STATIC)
        .setConnectTimeout(Protos.duration(Duration.ofSeconds(1)))
        .setLoadAssignment(Protos.oneEndpoint(ADMIN_CLUSTER, admin))
        .build();
  }

  static Listener statsListener(Address.Socket address) {
    Listener.Builder listener =
        Listener.newBuilder()
            .setName(STATS_LISTENER)
            .setAddress(Protos.address(address))
            // A probe that fails because Envoy is busy would have it killed when it is needed.
            .setIgnoreGlobalConnLimit(true)
            .setBypassOverloadManager(true)
            .setPerConnectionBufferLimitBytes(UInt32Value.of(BUFFER_BYTES));
    listener
        .addFilterChainsBuilder()
        .addFiltersBuilder()
        .setName("envoy.filters.network.http_connection_manager")
        .setTypedConfig(Any.pack(connectionManager()));
    return listener.build();
  }

  private static HttpConnectionManager connectionManager() {
    RouteConfiguration routes =
        RouteConfiguration.newBuilder()
            .setName(STATS_LISTENER)
            .addVirtualHosts(
                VirtualHost.newBuilder()
                    .setName(STATS_LISTENER)
                    .addDomains("*")
                    .addRoutes(admin("/ready"))
                    .addRoutes(serving())
                    .addRoutes(admin("/stats/prometheus")))
            .build();
    return HttpConnectionManager.newBuilder()
        .setCodecType(CodecType.HTTP1)
        .setStatPrefix(STATS_LISTENER)
        .setRouteConfig(routes)
        .setCommonHttpProtocolOptions(
            HttpProtocolOptions.newBuilder().setIdleTimeout(Protos.duration(IDLE_TIMEOUT)))
        .setRequestHeadersTimeout(Protos.duration(TIMEOUT))
        .setRequestTimeout(Protos.duration(TIMEOUT))
        .setStreamIdleTimeout(Protos.duration(TIMEOUT))
        .addHttpFilters(
            HttpFilter.newBuilder()
                .setName("envoy.filters.http.router")
                .setTypedConfig(Any.pack(Router.getDefaultInstance())))
        .build();
  }

  private static Route admin(String path) {
    Route.Builder route = Route.newBuilder().setMatch(get(path));
    route.getRouteBuilder().setCluster(ADMIN_CLUSTER).setTimeout(Protos.duration(TIMEOUT));
    return route.build();
  }

  /**
   * Answers {@code /serving}. Envoy opens its listeners, this one too, when it has its first
   * configuration. So the page answers from then on, also while Envoy drains, when {@code /ready}
   * fails.
   */
  private static Route serving() {
    Route.Builder route = Route.newBuilder().setMatch(get("/serving"));
    route
        .getDirectResponseBuilder()
        .setStatus(200)
        .setBody(DataSource.newBuilder().setInlineString("SERVING\n"));
    return route.build();
  }

  private static RouteMatch get(String path) {
    return RouteMatch.newBuilder()
        .setPath(path)
        .addHeaders(
            HeaderMatcher.newBuilder()
                .setName(":method")
                .setStringMatch(StringMatcher.newBuilder().setExact("GET")))
        .build();
  }
}
