package io.isoline.translator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.listener.v3.UdpListenerConfig;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.filters.udp.udp_proxy.v3.Route;
import io.envoyproxy.envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.isoline.translator.model.TlsChain;
import io.isoline.translator.model.Upstream;

/** Writes how ports, and connections of TLS, are passed on to Services as they are. */
final class PortWriter {

  /** How many endpoints are asked to take a connection, before it is closed: nothing was sent yet. */
  private static final UInt32Value ATTEMPTS = UInt32Value.of(3);

  private PortWriter() {}

  /** What is done with each connection. */
  static FilterChain tcp(String listener, Upstream upstream) {
    return FilterChain.newBuilder()
        .setName(listener)
        .addFilters(proxy(listener, upstream))
        .build();
  }

  /** What is done with each connection of TLS that the backend ends. */
  static FilterChain tls(String name, TlsChain.Passed passed) {
    FilterChain.Builder chain = FilterChain.newBuilder().setName(name);
    if (passed.upstream() == null) {
      return chain.build(); // Envoy closes what nothing is done with.
    }
    if (passed.addresses() != null) {
      chain.addFilters(AddressFilter.ofConnections(passed.addresses()));
    }
    // One prefix for all, as there can be thousands of them.
    return chain.addFilters(proxy("passed", passed.upstream())).build();
  }

  private static Filter proxy(String prefix, Upstream upstream) {
    return Filter.newBuilder()
        .setName("envoy.filters.network.tcp_proxy")
        .setTypedConfig(
            Packing.any(
                TcpProxy.newBuilder()
                    .setStatPrefix(prefix)
                    .setCluster(upstream.name())
                    .setMaxConnectAttempts(ATTEMPTS)
                    .build()))
        .build();
  }

  /** What is done with datagrams: those of one client go to one endpoint, until it is idle. */
  static ListenerFilter udp(String listener, Upstream upstream) {
    return ListenerFilter.newBuilder()
        .setName("envoy.filters.udp_listener.udp_proxy")
        .setTypedConfig(
            Packing.any(
                UdpProxyConfig.newBuilder()
                    .setStatPrefix(listener)
                    .setMatcher(
                        Matcher.newBuilder()
                            .setOnNoMatch(
                                Matcher.OnMatch.newBuilder()
                                    .setAction(
                                        Packing.extension(
                                            "route",
                                            Route.newBuilder()
                                                .setCluster(upstream.name())
                                                .build()))))
                    .build()))
        .build();
  }

  static UdpListenerConfig ofUdp() {
    return UdpListenerConfig.getDefaultInstance();
  }

  /** Begins each connection to a backend with the address of the client. */
  static TransportSocket writingProxyHeader() {
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.upstream_proxy_protocol")
        .setTypedConfig(
            Packing.any(
                ProxyProtocolUpstreamTransport.newBuilder()
                    .setConfig(
                        ProxyProtocolConfig.newBuilder()
                            .setVersion(ProxyProtocolConfig.Version.V1))
                    .setTransportSocket(
                        TransportSocket.newBuilder()
                            .setName("envoy.transport_sockets.raw_buffer")
                            .setTypedConfig(Packing.any(RawBuffer.getDefaultInstance())))
                    .build()))
        .build();
  }
}
