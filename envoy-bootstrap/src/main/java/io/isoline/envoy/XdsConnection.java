package io.isoline.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.DynamicResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.extensions.clusters.common.dns.v3.DnsLookupFamily;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.time.Duration;

/**
 * How Envoy reaches its control plane and stays with it.
 *
 * <p>Three ways to lose a control plane, each with its answer. It stops: Envoy comes back by a
 * backoff of at most {@link #MAX_BACKOFF}, where Envoy's own goes up to 30 s. It dies without a
 * word (its machine is gone): PINGs that nobody answers close the connection. Its name resolves to
 * nothing for a while: the name is asked for again by the same backoff.
 */
final class XdsConnection {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MIN_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(1);
  private static final Duration DNS_REFRESH = Duration.ofSeconds(5);
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

  private XdsConnection() {}

  static DynamicResources dynamicResources(BootstrapOptions options) {
    ConfigSource overAds =
        ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .setInitialFetchTimeout(Protos.duration(options.initialFetchTimeout()))
            .build();
    return DynamicResources.newBuilder()
        .setCdsConfig(overAds)
        .setLdsConfig(overAds)
        .setAdsConfig(ads(options.protocol()))
        .build();
  }

  private static ApiConfigSource ads(XdsProtocol protocol) {
    ApiConfigSource.Builder ads =
        ApiConfigSource.newBuilder()
            .setApiType(
                switch (protocol) {
                  case DELTA -> ApiType.DELTA_GRPC;
                  case STATE_OF_THE_WORLD -> ApiType.GRPC;
                })
            .setTransportApiVersion(ApiVersion.V3)
            .setSetNodeOnFirstMessageOnly(true);
    ads.addGrpcServicesBuilder()
        .getEnvoyGrpcBuilder()
        .setClusterName(Bootstrap.XDS_CLUSTER)
        .getRetryPolicyBuilder()
        .getRetryBackOffBuilder()
        .setBaseInterval(Protos.duration(MIN_BACKOFF))
        .setMaxInterval(Protos.duration(MAX_BACKOFF));
    return ads.build();
  }

  static Cluster cluster(BootstrapOptions options) {
    Address xds = options.xds();
    XdsTls tls = options.xdsTls();
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(Bootstrap.XDS_CLUSTER)
            .setConnectTimeout(Protos.duration(CONNECT_TIMEOUT))
            .setLoadAssignment(Protos.oneEndpoint(Bootstrap.XDS_CLUSTER, xds))
            .putTypedExtensionProtocolOptions(
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(http2(tls != null)));
    if (xds instanceof Address.Socket socket && !socket.isIp()) {
      cluster
          .getClusterTypeBuilder()
          .setName("envoy.clusters.dns")
          .setTypedConfig(Any.pack(strictDns()));
    } else {
      cluster.setType(DiscoveryType.STATIC);
    }
    if (tls != null) {
      cluster
          .getTransportSocketBuilder()
          .setName("envoy.transport_sockets.tls")
          .setTypedConfig(Any.pack(tls.context()));
    }
    return cluster.build();
  }

  private static HttpProtocolOptions http2(boolean tls) {
    HttpProtocolOptions.Builder options = HttpProtocolOptions.newBuilder();
    if (tls) {
      // A stream that ends because a certificate is not good any more has to come back with the
      // new one, which only a new connection shows.
      options
          .getCommonHttpProtocolOptionsBuilder()
          .setMaxRequestsPerConnection(UInt32Value.of(1));
    }
    options
        .getExplicitHttpConfigBuilder()
        .getHttp2ProtocolOptionsBuilder()
        .getConnectionKeepaliveBuilder()
        .setInterval(Protos.duration(Bootstrap.KEEPALIVE_INTERVAL))
        .setTimeout(Protos.duration(PING_TIMEOUT));
    return options.build();
  }

  /** Every address of the name is an endpoint: this is STRICT_DNS, whose own fields are old. */
  private static DnsCluster strictDns() {
    return DnsCluster.newBuilder()
        .setDnsRefreshRate(Protos.duration(DNS_REFRESH))
        .setDnsFailureRefreshRate(
            DnsCluster.RefreshRate.newBuilder()
                .setBaseInterval(Protos.duration(MIN_BACKOFF))
                .setMaxInterval(Protos.duration(MAX_BACKOFF)))
        // "localhost" has two addresses, and servers often listen on the first of them only.
        .setDnsLookupFamily(DnsLookupFamily.V4_PREFERRED)
        .build();
  }
}
