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
import io.isoline.translator.model.Upstream;

/** Writes ports that are passed on to Services as they are. */
final class PortWriter {

  /** How many endpoints are asked to take a connection, before it is closed: nothing was sent yet. */
  private static final UInt32Value ATTEMPTS = UInt32Value.of(3);

  private PortWriter() {}

  /** What is done with each connection. */
  static FilterChain tcp(String listener, Upstream upstream) {
    return FilterChain.newBuilder()
        .setName(listener)
        .addFilters(
            Filter.newBuilder()
                .setName("envoy.filters.network.tcp_proxy")
                .setTypedConfig(
                    Packing.any(
                        TcpProxy.newBuilder()
                            .setStatPrefix(listener)
                            .setCluster(upstream.name())
                            .setMaxConnectAttempts(ATTEMPTS)
                            .build())))
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
