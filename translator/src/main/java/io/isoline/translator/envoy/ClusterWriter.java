package io.isoline.translator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DnsResolverOptions;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.model.Backend;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.Connections;
import io.isoline.translator.model.EndpointSet;
import io.isoline.translator.model.Upstream;

/** Writes clusters and their endpoints. */
final class ClusterWriter {

  private static final String HTTP_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  /** Stands at the end of the filters of a cluster, if there are any. */
  private static final HttpFilter UPSTREAM_CODEC =
      HttpFilters.filter(
          "envoy.filters.http.upstream_codec", UpstreamCodec.getDefaultInstance());

  /** How many copies of requests may be under way: nobody waits for them. */
  private static final UInt32Value MOST_COPIES = UInt32Value.of(1_024);

  /** No limit of Envoy's: a limit that nobody chose would only turn load into 503. */
  private static final UInt32Value UNLIMITED = UInt32Value.of(-1);

  private ClusterWriter() {}

  static Resource cluster(Backend backend) {
    Upstream upstream = backend.upstream();
    Connections connections = backend.connections();
    UInt32Value most = upstream.options().copies() ? MOST_COPIES : UNLIMITED;
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(upstream.name())
            .setConnectTimeout(Packing.duration(connections.connectTimeout()))
            .setPerConnectionBufferLimitBytes(
                UInt32Value.of(connections.bufferBytes()))
            .setCircuitBreakers(
                CircuitBreakers.newBuilder()
                    .addThresholds(
                        CircuitBreakers.Thresholds.newBuilder()
                            .setMaxConnections(most)
                            .setMaxPendingRequests(most)
                            .setMaxRequests(most)
                            .setMaxRetries(UNLIMITED)));
    if (upstream.protocol().http()) {
      cluster.putTypedExtensionProtocolOptions(
          HTTP_OPTIONS, Packing.any(http(upstream, connections)));
    }
    switch (upstream) {
      case Upstream.Endpoints endpoints ->
          cluster
              .setType(Cluster.DiscoveryType.EDS)
              .setEdsClusterConfig(
                  Cluster.EdsClusterConfig.newBuilder()
                      .setEdsConfig(Names.FROM_ADS)
                      .setServiceName(endpoints.endpointsName()));
      case Upstream.ClusterIp clusterIp ->
          fix(cluster, upstream, clusterIp.address());
      case Upstream.Dns dns -> lookUp(cluster, upstream, dns.dnsName(), connections);
      case Upstream.Outside outside -> {
        if (outside.isAddress()) {
          fix(cluster, upstream, outside.host());
        } else {
          lookUp(cluster, upstream, outside.host(), connections);
        }
      }
    }
    balance(cluster, upstream.options().balancing());
    if (upstream.protocol().tls()) {
      cluster.setTransportSocket(UpstreamTlsWriter.socket(upstream, backend.credentials()));
    } else if (upstream.protocol() == Upstream.Protocol.TCP_WITH_PROXY) {
      cluster.setTransportSocket(PortWriter.writingProxyHeader());
    }
    Resource resource =
        Packing.resource(ResourceType.CLUSTER, upstream.name(), cluster.build());
    return upstream instanceof Upstream.Endpoints endpoints
        ? resource.waitingFor(endpoints.endpointsName())
        : resource;
  }

  private static void fix(Cluster.Builder cluster, Upstream upstream, String address) {
    cluster
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(only(upstream, address));
  }

  private static void lookUp(
      Cluster.Builder cluster, Upstream upstream, String name, Connections connections) {
    cluster
        .setType(Cluster.DiscoveryType.STRICT_DNS)
        .setDnsLookupFamily(
            connections.ipv6() ? Cluster.DnsLookupFamily.ALL : Cluster.DnsLookupFamily.V4_ONLY)
        .setTypedDnsResolverConfig(withoutSearchDomains())
        // The dot at the end keeps the resolver from trying it as a name of the cluster.
        .setLoadAssignment(only(upstream, name + "."));
  }

  private static ClusterLoadAssignment.Builder only(Upstream upstream, String address) {
    return assignment(upstream.name())
        .addEndpoints(
            LocalityLbEndpoints.newBuilder().addLbEndpoints(endpoint(address, upstream.port())));
  }

  private static void balance(Cluster.Builder cluster, BackendOptions.Balancing balancing) {
    switch (balancing) {
      case ROUND_ROBIN -> {} // Envoy's default.
      case LEAST_REQUEST -> cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
      case HASH -> cluster.setLbPolicy(Cluster.LbPolicy.RING_HASH);
    }
  }

  static Resource endpoints(String name, EndpointSet set) {
    ClusterLoadAssignment.Builder assignment = assignment(name);
    if (!set.endpoints().isEmpty()) {
      LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
      for (EndpointSet.Endpoint endpoint : set.endpoints()) {
        locality.addLbEndpoints(endpoint(endpoint.address(), endpoint.port()));
      }
      assignment.addEndpoints(locality);
    }
    return Packing.resource(ResourceType.ENDPOINT, name, assignment.build());
  }

  private static ClusterLoadAssignment.Builder assignment(String name) {
    return ClusterLoadAssignment.newBuilder().setClusterName(name);
  }

  private static LbEndpoint endpoint(String address, int port) {
    return LbEndpoint.newBuilder()
        .setEndpoint(
            io.envoyproxy.envoy.config.endpoint.v3.Endpoint.newBuilder()
                .setAddress(
                    Address.newBuilder()
                        .setSocketAddress(
                            SocketAddress.newBuilder().setAddress(address).setPortValue(port))))
        .build();
  }

  private static HttpProtocolOptions http(Upstream upstream, Connections connections) {
    var explicit = HttpProtocolOptions.ExplicitHttpConfig.newBuilder();
    if (upstream.protocol().http2()) {
      // WebSockets reach an HTTP/2 backend by the extended CONNECT of RFC 8441.
      explicit.setHttp2ProtocolOptions(
          Http2ProtocolOptions.newBuilder()
              .setAllowConnect(true)
              // A malformed answer ends its own stream, not those beside it.
              .setOverrideStreamErrorOnInvalidHttpMessage(BoolValue.of(true)));
    } else {
      explicit.setHttpProtocolOptions(
          Http1ProtocolOptions.newBuilder().setEnableTrailers(connections.trailers()));
    }
    var options =
        HttpProtocolOptions.newBuilder()
            .setExplicitHttpConfig(explicit)
            .setCommonHttpProtocolOptions(
                io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.newBuilder()
                    .setIdleTimeout(Packing.duration(connections.idleTimeout()))
                    .setMaxHeadersCount(
                        UInt32Value.of(connections.responseHeaderCount()))
                    .setMaxResponseHeadersKb(
                        UInt32Value.of(connections.responseHeaderKilobytes())));
    if (upstream.options().copies()) {
      options.addHttpFilters(MirrorWriter.COPIED).addHttpFilters(UPSTREAM_CODEC);
    } else if (upstream.protocol() == Upstream.Protocol.HTTP2) {
      options.addHttpFilters(WebSockets.ACCEPT).addHttpFilters(UPSTREAM_CODEC);
    }
    if (upstream.protocol().tls() && UpstreamTlsWriter.followsRequest(upstream)) {
      BackendTls tls = upstream.options().tls();
      options.setUpstreamHttpProtocolOptions(
          UpstreamHttpProtocolOptions.newBuilder()
              .setAutoSni(tls.announced())
              .setAutoSanValidation(tls.verified()));
    }
    return options.build();
  }

  private static TypedExtensionConfig withoutSearchDomains() {
    return TypedExtensionConfig.newBuilder()
        .setName("envoy.network.dns_resolver.cares")
        .setTypedConfig(
            Packing.any(
                CaresDnsResolverConfig.newBuilder()
                    .setDnsResolverOptions(
                        DnsResolverOptions.newBuilder().setNoDefaultSearchDomain(true))
                    .build()))
        .build();
  }
}
