package io.isoline.translator.envoy;

import com.google.protobuf.Any;
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
import io.envoyproxy.envoy.config.listener.v3.Listener;
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
import io.isoline.translator.Settings;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.TlsTermination;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the two listeners, and a filter chain for each way to terminate TLS. */
final class ListenerWriter {

  private static final String ALL_IPV4 = "0.0.0.0";

  private static final Filter HTTPS_MANAGER =
      Filter.newBuilder()
          .setName(Names.HTTPS_MANAGER)
          .setConfigDiscovery(
              ExtensionConfigSource.newBuilder()
                  .setConfigSource(Names.FROM_ADS)
                  .addTypeUrls(Packing.typeUrl(HttpConnectionManager.getDescriptor())))
          .build();

  /**
   * A filter chain, and which names lead to it.
   *
   * @param serverNames names and wildcards, not {@link Host#ANY}
   */
  record Chain(String name, List<Host> serverNames, Packing.Part part) {
    Chain {
      serverNames = List.copyOf(serverNames);
    }
  }

  private final Settings settings;

  ListenerWriter(Settings settings) {
    this.settings = settings;
  }

  /** The listener for plain HTTP; null where the settings leave it out. */
  @Nullable Resource http() {
    if (settings.http().port() == 0) {
      return null;
    }
    return Packing.resource(
        ResourceType.LISTENER,
        Names.HTTP,
        listener(Names.HTTP, settings.http())
            .addFilterChains(
                FilterChain.newBuilder()
                    .setName(Names.HTTP)
                    .addFilters(
                        Filter.newBuilder()
                            .setName("envoy.filters.network.http_connection_manager")
                            .setTypedConfig(connectionManager(Names.HTTP))))
            .build());
  }

  /**
   * The listener for HTTPS; null where the settings leave it out. Which names lead to which chain
   * is not in the chains: the connections of a chain that stays as it is stay too.
   *
   * @param chains made by {@link #chain}, in order
   */
  @Nullable Resource https(Collection<Chain> chains) {
    if (settings.https().port() == 0) {
      return null;
    }
    Listener.Builder listener =
        listener(Names.HTTPS, settings.https())
            .addListenerFilters(
                listenerFilter(
                    "envoy.filters.listener.tls_inspector", TlsInspector.getDefaultInstance()));
    if (!chains.isEmpty()) {
      listener.setFilterChainMatcher(ServerNames.matcher(chains));
    }
    return Packing.resource(
        ResourceType.LISTENER,
        Names.HTTPS,
        listener
            .setDefaultFilterChain(
                chain("default", List.of(Names.DEFAULT_CERTIFICATE)))
            .build(),
        Listener.FILTER_CHAINS_FIELD_NUMBER,
        chains.stream().map(Chain::part).toList());
  }

  /** The chain of a termination; null when no name leads to it. */
  @Nullable Chain chain(TlsTermination termination) {
    List<Host> names =
        termination.serverNames().stream().filter(host -> !host.isAny()).toList();
    return names.isEmpty()
        ? null
        : new Chain(
            termination.name(),
            names,
            Packing.part(chain(termination.name(), termination.secrets()).build()));
  }

  /** What all chains of HTTPS do with a connection; null where the settings leave HTTPS out. */
  @Nullable Resource httpsManager() {
    return settings.https().port() == 0
        ? null
        : Packing.resource(
            ResourceType.EXTENSION,
            Names.HTTPS_MANAGER,
            TypedExtensionConfig.newBuilder()
                .setName(Names.HTTPS_MANAGER)
                .setTypedConfig(connectionManager(Names.HTTPS))
                .build());
  }

  private Any connectionManager(String listener) {
    return Packing.any(new ConnectionManagerWriter(settings).write(listener));
  }

  private FilterChain.Builder chain(String name, List<String> secrets) {
    return FilterChain.newBuilder()
        .setName(name)
        .addFilters(HTTPS_MANAGER)
        .setTransportSocket(
            TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(Packing.any(tls(secrets))));
  }

  private DownstreamTlsContext tls(List<String> secrets) {
    var common =
        CommonTlsContext.newBuilder()
            .setTlsParams(
                TlsParameters.newBuilder()
                    .setTlsMinimumProtocolVersion(
                        switch (settings.tls().minVersion()) {
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
    return DownstreamTlsContext.newBuilder().setCommonTlsContext(common).build();
  }

  private Listener.Builder listener(String name, Settings.Listener where) {
    Listener.Builder listener =
        Listener.newBuilder()
            .setName(name)
            .setAddress(address(where.address(), where.port()))
            .setPerConnectionBufferLimitBytes(
                UInt32Value.of(settings.limits().connectionBufferBytes()));
    if (settings.ipv6() && where.address().equals(ALL_IPV4)) {
      listener.addAdditionalAddresses(
          AdditionalAddress.newBuilder().setAddress(address("::", where.port())));
    }
    if (where.proxyProtocol()) {
      listener.addListenerFilters(
          listenerFilter(
              "envoy.filters.listener.proxy_protocol", ProxyProtocol.getDefaultInstance()));
    }
    return listener;
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
