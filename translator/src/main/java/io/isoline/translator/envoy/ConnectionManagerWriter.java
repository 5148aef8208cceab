package io.isoline.translator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.Tracing;

/**
 * Writes the HTTP connection manager of a listener: what happens to every request before and after
 * its route.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/best_practices/edge">Configuring
 *     Envoy as an edge proxy</a>
 */
final class ConnectionManagerWriter {

  /**
   * The host of a request of HTTP/1.0 that names none. No rule can be for an address, so it goes where
   * hosts go that nobody names.
   */
  private static final String NO_HOST = "[::]";

  /**
   * Nobody is internal by mere address, so x-envoy-* of any client is stripped. Without a range,
   * Envoy takes private and loopback addresses; no connection comes from the broadcast address.
   */
  private static final HttpConnectionManager.InternalAddressConfig NOBODY =
      HttpConnectionManager.InternalAddressConfig.newBuilder()
          .addCidrRanges(
              CidrRange.newBuilder()
                  .setAddressPrefix("255.255.255.255")
                  .setPrefixLen(UInt32Value.of(32)))
          .build();

  private final ToHttp target;
  private final HttpOptions options;

  private ConnectionManagerWriter(ToHttp target) {
    this.target = target;
    this.options = target.options();
  }

  /**
   * Writes it.
   *
   * @param listener the name of its statistics
   */
  static HttpConnectionManager write(String listener, ToHttp target) {
    return new ConnectionManagerWriter(target).write(listener);
  }

  private HttpConnectionManager write(String listener) {
    var timeouts = options.timeouts();
    var limits = options.limits();
    HttpConnectionManager.Builder manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(listener)
            .setScopedRoutes(ScopeLookup.scopes(target.space()))
            .setUseRemoteAddress(BoolValue.of(true))
            .setXffNumTrustedHops(options.trustedHops())
            .setInternalAddressConfig(NOBODY)
            // For a client on loopback Envoy would append its own address; the routes do it better.
            .setSkipXffAppend(options.trustedHops() == 0)
            .setPreserveExternalRequestId(true)
            .setServerHeaderTransformation(
                HttpConnectionManager.ServerHeaderTransformation.APPEND_IF_ABSENT)
            .setNormalizePath(BoolValue.of(true))
            .setMergeSlashes(options.paths().merges())
            .setPathWithEscapedSlashesAction(
                switch (options.paths().escapedSlashes()) {
                  case KEEP -> PathWithEscapedSlashesAction.KEEP_UNCHANGED;
                  case REJECT -> PathWithEscapedSlashesAction.REJECT_REQUEST;
                  case REDIRECT -> PathWithEscapedSlashesAction.UNESCAPE_AND_REDIRECT;
                  case DECODE -> PathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD;
                })
            .setStripTrailingHostDot(true)
            .setMaxRequestHeadersKb(UInt32Value.of(limits.headerKilobytes()))
            .setRequestHeadersTimeout(Packing.duration(timeouts.requestHeaders()))
            .setStreamIdleTimeout(Packing.duration(timeouts.streamIdle()))
            .setDrainTimeout(Packing.duration(timeouts.drain()))
            .setCommonHttpProtocolOptions(
                HttpProtocolOptions.newBuilder()
                    .setIdleTimeout(Packing.duration(timeouts.connectionIdle()))
                    .setMaxHeadersCount(UInt32Value.of(limits.headerCount()))
                    .setHeadersWithUnderscoresAction(
                        switch (options.headersWithUnderscores()) {
                          case REJECT ->
                              HttpProtocolOptions.HeadersWithUnderscoresAction.REJECT_REQUEST;
                          case DROP -> HttpProtocolOptions.HeadersWithUnderscoresAction.DROP_HEADER;
                          case ALLOW -> HttpProtocolOptions.HeadersWithUnderscoresAction.ALLOW;
                        }))
            .setHttpProtocolOptions(http1())
            .setHttp2ProtocolOptions(
                Http2ProtocolOptions.newBuilder()
                    .setMaxConcurrentStreams(
                        UInt32Value.of(options.http2().maxConcurrentStreams()))
                    .setInitialStreamWindowSize(
                        UInt32Value.of(options.http2().initialStreamWindowBytes()))
                    .setInitialConnectionWindowSize(
                        UInt32Value.of(options.http2().initialConnectionWindowBytes()))
                    // A malformed request ends its own stream; else it would end those of others
                    // behind the same proxy. Envoy still ends a connection that is full of them.
                    .setOverrideStreamErrorOnInvalidHttpMessage(BoolValue.of(true))
                    // WebSockets over HTTP/2, RFC 8441.
                    .setAllowConnect(true))
            // While the filter holds a request back, the backend could not tell the client to go on.
            .setProxy100Continue(options.interimResponses() && limits.bodyBytes() == 0);
    if (options.explainErrors()) {
      manager.setLocalReplyConfig(
          target.errorsOfNginx() ? LocalReplies.ofNginx() : LocalReplies.explaining());
    }
    Tracing tracing = target.space().tracing();
    if (tracing != null) {
      TraceWriter.write(manager, tracing);
    }
    forwarded(manager);
    manager.addAllHttpFilters(HttpFilters.ofRequests(target));
    manager.addUpgradeConfigs(
        UpgradeConfig.newBuilder()
            .setUpgradeType(WebSockets.TYPE)
            .addAllFilters(HttpFilters.ofWebSockets(target)));
    HttpOptions.AccessLog log = options.accessLog();
    if (log != null) {
      manager.addAccessLog(AccessLogWriter.write(log));
    }
    return manager.build();
  }

  private Http1ProtocolOptions http1() {
    var http1 =
        Http1ProtocolOptions.newBuilder()
            .setEnableTrailers(options.http1().trailers())
            .addIgnoreHttp11Upgrade(WebSockets.OTHER_UPGRADES);
    if (options.http1().http10()) {
      http1.setAcceptHttp10(true).setDefaultHostForHttp10(NO_HOST);
    }
    return http1.build();
  }

  private void forwarded(HttpConnectionManager.Builder manager) {
    var early =
        io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation
            .newBuilder();
    early.addMutations(ScopeLookup.TO_THE_GATE);
    // It belongs to an upgrade to HTTP/2 that is ignored.
    early.addMutations(HeaderMutation.newBuilder().setRemove("http2-settings"));
    if (!options.http1().trailers()) {
      early.addMutations(HeaderMutation.newBuilder().setRemove("trailer"));
    }
    early.addAllMutations(TraceWriter.early(target.space().tracing()));
    boolean trusting = options.trustedHops() > 0;
    if (target.forwardedPort() != 0) {
      early.addMutations(
          HeaderMutation.newBuilder()
              .setAppend(
                  RouteWriter.header(
                      "x-forwarded-port",
                      Integer.toString(target.forwardedPort()),
                      trusting
                          ? HeaderAppendAction.ADD_IF_ABSENT
                          : HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
    }
    // This would overwrite the port that was set just before.
    manager.setAppendXForwardedPort(target.forwardedPort() == 0);
    manager.addEarlyHeaderMutationExtensions(HeaderRemoval.early(options));
    manager.addEarlyHeaderMutationExtensions(
        TypedExtensionConfig.newBuilder()
            .setName("envoy.http.early_header_mutation.header_mutation")
            .setTypedConfig(Packing.any(early.build())));
  }
}
