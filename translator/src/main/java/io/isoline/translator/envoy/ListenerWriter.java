package io.isoline.translator.envoy;

import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.model.Bind;
import io.isoline.translator.model.ClientVerification;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HostTls;
import io.isoline.translator.model.Listener;
import io.isoline.translator.model.Listener.PlainHttp;
import io.isoline.translator.model.Listener.Tcp;
import io.isoline.translator.model.Listener.Tls;
import io.isoline.translator.model.Listener.Udp;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.TlsChain;
import io.isoline.translator.model.TlsOptions;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes listeners, their connection managers, and a filter chain for each way to take TLS. */
final class ListenerWriter {

  private static final String ALL_IPV4 = "0.0.0.0";

  /**
   * A filter chain, and which names lead to it.
   *
   * @param serverNames names and wildcards, not {@link Host#ANY}
   * @param oneLabel whether its wildcards stand for one label only, as with Ingress
   */
  record Chain(String name, List<Host> serverNames, boolean oneLabel, Packing.Part part) {
    Chain {
      serverNames = List.copyOf(serverNames);
    }
  }

  private ListenerWriter() {}

  /**
   * The listener.
   *
   * @param chains those of a listener for TLS, by name
   */
  static Resource listener(Listener listener, Collection<Chain> chains) {
    String name = listener.name();
    var out = listener(name, listener.bind());
    return switch (listener.traffic()) {
      case Tcp tcp ->
          Packing.resource(
              ResourceType.LISTENER,
              name,
              // Without a prefix, its statistics have its address: a drain waits for its connections.
              out.setStatPrefix(name)
                  .addFilterChains(PortWriter.tcp(name, tcp.upstream()))
                  .build());
      case Udp udp -> {
        out.getAddressBuilder()
            .getSocketAddressBuilder()
            .setProtocol(SocketAddress.Protocol.UDP);
        out.getAdditionalAddressesBuilderList()
            .forEach(
                each ->
                    each.getAddressBuilder()
                        .getSocketAddressBuilder()
                        .setProtocol(SocketAddress.Protocol.UDP));
        yield Packing.resource(
            ResourceType.LISTENER,
            name,
            out.setUdpListenerConfig(PortWriter.ofUdp())
                .addListenerFilters(PortWriter.udp(name, udp.upstream()))
                .build());
      }
      case PlainHttp plain ->
          Packing.resource(
              ResourceType.LISTENER,
              name,
              out.addFilterChains(
                      FilterChain.newBuilder()
                          .setName(name)
                          .addFilters(
                              Filter.newBuilder()
                                  .setName("envoy.filters.network.http_connection_manager")
                                  .setTypedConfig(
                                      Packing.any(
                                          ConnectionManagerWriter.write(name, plain.target())))))
                  .build());
      case Tls tls -> {
        out.addListenerFilters(
            listenerFilter(
                "envoy.filters.listener.tls_inspector", TlsInspector.getDefaultInstance()));
        if (!chains.isEmpty()) {
          out.setFilterChainMatcher(ServerNames.matcher(chains));
        }
        yield Packing.resource(
            ResourceType.LISTENER,
            name,
            out.setDefaultFilterChain(
                    chain(
                        name, "default", List.of(Names.DEFAULT_CERTIFICATE), tls.options()))
                .build(),
            io.envoyproxy.envoy.config.listener.v3.Listener.FILTER_CHAINS_FIELD_NUMBER,
            chains.stream().map(Chain::part).toList());
      }
    };
  }

  /** A chain; null when no name leads to it. */
  static @Nullable Chain chain(TlsChain chain) {
    List<Host> names = chain.serverNames().stream().filter(host -> !host.isAny()).toList();
    if (names.isEmpty()) {
      return null;
    }
    String name = chain.key().name();
    return switch (chain.key()) {
      case TlsChain.Ended ended ->
          new Chain(
              name,
              names,
              false,
              Packing.part(
                  chain(ended.listener(), name, ended.secrets(), ended.options()).build()));
      case TlsChain.Passed passed ->
          new Chain(name, names, true, Packing.part(PortWriter.tls(name, passed)));
    };
  }

  /** What all chains of a listener do with a connection. */
  static Resource manager(String listener, ToHttp target) {
    String name = Names.manager(listener);
    return Packing.resource(
        ResourceType.EXTENSION,
        name,
        TypedExtensionConfig.newBuilder()
            .setName(name)
            .setTypedConfig(Packing.any(ConnectionManagerWriter.write(listener, target)))
            .build());
  }

  private static FilterChain.Builder chain(
      String listener, String name, List<String> secrets, TlsOptions options) {
    FilterChain.Builder chain = FilterChain.newBuilder().setName(name);
    ClientVerification verification = options.ofHosts().verification();
    if (verification != null) {
      chain.addFilters(ClientCertificates.mark(verification));
    }
    return chain
        .addFilters(
            Filter.newBuilder()
                .setName(Names.manager(listener))
                .setConfigDiscovery(
                    ExtensionConfigSource.newBuilder()
                        .setConfigSource(Names.FROM_ADS)
                        .addTypeUrls(Packing.typeUrl(HttpConnectionManager.getDescriptor()))))
        .setTransportSocket(
            TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Packing.any(tls(secrets, options))));
  }

  private static DownstreamTlsContext tls(List<String> secrets, TlsOptions options) {
    HostTls ofHosts = options.ofHosts();
    var common =
        CommonTlsContext.newBuilder()
            .setTlsParams(
                TlsParameters.newBuilder()
                    .addAllCipherSuites(ofHosts.ciphers())
                    .setTlsMinimumProtocolVersion(
                        switch (options.minVersion()) {
                          case TLSv1_2 -> TlsParameters.TlsProtocol.TLSv1_2;
                          case TLSv1_3 -> TlsParameters.TlsProtocol.TLSv1_3;
                        })
                    .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3))
            .addAlpnProtocols("h2")
            .addAlpnProtocols("http/1.1");
    for (String secret : secrets) {
      common.addTlsCertificateSdsSecretConfigs(
          SdsSecretConfig.newBuilder().setName(secret).setSdsConfig(Names.FROM_ADS));
    }
    DownstreamTlsContext.Builder context = DownstreamTlsContext.newBuilder();
    if (ofHosts.verification() != null) {
      ClientCertificates.ask(ofHosts.verification(), common, context);
    }
    return context
        .setPreferClientCiphers(ofHosts.clientsChoose())
        .setCommonTlsContext(common)
        .build();
  }

  private static io.envoyproxy.envoy.config.listener.v3.Listener.Builder listener(
      String name, Bind bind) {
    var out =
        io.envoyproxy.envoy.config.listener.v3.Listener.newBuilder()
            .setName(name)
            .setAddress(address(bind.address(), bind.port()))
            .setPerConnectionBufferLimitBytes(UInt32Value.of(bind.bufferBytes()));
    if (bind.ipv6() && bind.address().equals(ALL_IPV4)) {
      out.addAdditionalAddresses(
          AdditionalAddress.newBuilder().setAddress(address("::", bind.port())));
    }
    if (bind.proxyProtocol()) {
      out.addListenerFilters(
          listenerFilter(
              "envoy.filters.listener.proxy_protocol", ProxyProtocol.getDefaultInstance()));
    }
    return out;
  }

  private static Address address(String address, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
        .build();
  }

  private static ListenerFilter listenerFilter(String name, Message config) {
    return ListenerFilter.newBuilder().setName(name).setTypedConfig(Packing.any(config)).build();
  }
}
