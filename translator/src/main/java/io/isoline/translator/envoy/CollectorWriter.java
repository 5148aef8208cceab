package io.isoline.translator.envoy;

import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.model.Tracing.Collector;
import io.isoline.translator.model.Tracing.Wire;
import io.isoline.translator.text.IpAddress;

/** Writes the cluster of the collector that spans are sent to. */
final class CollectorWriter {

  /** Its name. Those of backends have slashes. */
  static final String CLUSTER = "isoline-traces";

  private static final Duration CONNECT_TIMEOUT = Duration.newBuilder().setSeconds(5).build();

  private CollectorWriter() {}

  static Resource cluster(Collector collector) {
    String host = collector.address().host();
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(CLUSTER)
            .setConnectTimeout(CONNECT_TIMEOUT)
            .setLoadAssignment(endpoint(collector))
            .putTypedExtensionProtocolOptions(
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                Packing.any(http(collector.wire())));
    if (IpAddress.parse(host) == null) {
      // Of a name of both families, the one that every network has.
      cluster
          .setType(Cluster.DiscoveryType.STRICT_DNS)
          .setDnsLookupFamily(Cluster.DnsLookupFamily.V4_PREFERRED);
    } else {
      cluster.setType(Cluster.DiscoveryType.STATIC);
    }
    if (collector.authorities() != null) {
      cluster.setTransportSocket(tls(collector, collector.authorities()));
    }
    return Packing.resource(ResourceType.CLUSTER, CLUSTER, cluster.build());
  }

  private static ClusterLoadAssignment endpoint(Collector collector) {
    SocketAddress.Builder address =
        SocketAddress.newBuilder()
            .setAddress(collector.address().host())
            .setPortValue(collector.address().port());
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(CLUSTER)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(
                    LbEndpoint.newBuilder()
                        .setEndpoint(
                            Endpoint.newBuilder()
                                .setAddress(Address.newBuilder().setSocketAddress(address)))))
        .build();
  }

  private static HttpProtocolOptions http(Wire wire) {
    var explicit = HttpProtocolOptions.ExplicitHttpConfig.newBuilder();
    switch (wire) {
      case GRPC -> explicit.setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
      case HTTP -> explicit.setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
    }
    return HttpProtocolOptions.newBuilder().setExplicitHttpConfig(explicit).build();
  }

  private static TransportSocket tls(Collector collector, String authorities) {
    String host = collector.address().host();
    boolean named = IpAddress.parse(host) == null;
    UpstreamTlsContext.Builder context =
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .addAlpnProtocols(collector.wire() == Wire.GRPC ? "h2" : "http/1.1")
                    .setValidationContext(
                        CertificateValidationContext.newBuilder()
                            .setTrustedCa(DataSource.newBuilder().setFilename(authorities))
                            .addMatchTypedSubjectAltNames(
                                SubjectAltNameMatcher.newBuilder()
                                    .setSanType(named ? SanType.DNS : SanType.IP_ADDRESS)
                                    .setMatcher(RouteWriter.exact(host)))));
    if (named) {
      context.setSni(host);
    }
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Packing.any(context.build()))
        .build();
  }
}
