package io.isoline.translator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.compression.zstd.compressor.v3.Zstd;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.HttpOptions.Compression.Algorithm;
import io.isoline.translator.model.Listener.ToHttp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
      manager.setLocalReplyConfig(LocalReplies.explaining());
    }
    forwarded(manager);
    filters(manager);
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

  private void filters(HttpConnectionManager.Builder manager) {
    List<HttpFilter> first = first();
    List<HttpFilter> ofBodies = ofBodies();
    List<HttpFilter> last = last();
    manager.addAllHttpFilters(first).addAllHttpFilters(ofBodies).addAllHttpFilters(last);
    UpgradeConfig.Builder webSocket = UpgradeConfig.newBuilder().setUpgradeType(WebSockets.TYPE);
    if (!ofBodies.isEmpty()) {
      // A WebSocket has no body to wait for or to compress. Without filters of its own it has all.
      webSocket.addAllFilters(first).addAllFilters(last);
    }
    manager.addUpgradeConfigs(webSocket);
  }

  private List<HttpFilter> ofBodies() {
    List<HttpFilter> filters = new ArrayList<>();
    HttpOptions.Compression compression = options.compression();
    if (compression != null) {
      boolean preferred = true;
      for (Algorithm algorithm : compression.algorithms()) {
        filters.add(compressor(compression, algorithm, preferred));
        preferred = false;
      }
    }
    if (options.limits().bodyBytes() > 0) {
      long bytes = Math.min(options.limits().bodyBytes(), 0xffff_ffffL);
      filters.add(
          filter(
              "envoy.filters.http.buffer",
              Buffer.newBuilder().setMaxRequestBytes(UInt32Value.of((int) bytes)).build()));
    }
    return filters;
  }

  private List<HttpFilter> last() {
    List<HttpFilter> last = new ArrayList<>();
    if (target.strictTransportSecurity()) {
      last.add(
          filter(
              Names.HSTS_FILTER,
              io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                  .getDefaultInstance()));
    }
    last.add(router());
    return last;
  }

  private List<HttpFilter> first() {
    List<HttpFilter> first = new ArrayList<>();
    Message noted = AccessLogWriter.filter(options.accessLog());
    if (noted != null) {
      first.add(filter(AccessLogWriter.FILTER, noted));
    }
    first.addAll(Gate.filters());
    first.addAll(ScopeLookup.filters());
    return first;
  }

  private static HttpFilter router() {
    return filter(
        "envoy.filters.http.router", Router.newBuilder().setSuppressEnvoyHeaders(true).build());
  }

  private static HttpFilter compressor(
      HttpOptions.Compression compression, Algorithm algorithm, boolean preferred) {
    Message library =
        switch (algorithm) {
          case GZIP -> Gzip.getDefaultInstance();
          case BROTLI -> Brotli.getDefaultInstance();
          case ZSTD -> Zstd.getDefaultInstance();
        };
    String name = algorithm.name().toLowerCase(Locale.ROOT);
    return filter(
        "isoline.compressor." + name,
        Compressor.newBuilder()
            .setCompressorLibrary(
                TypedExtensionConfig.newBuilder()
                    .setName(name)
                    .setTypedConfig(Packing.any(library)))
            .setChooseFirst(preferred)
            .setResponseDirectionConfig(
                Compressor.ResponseDirectionConfig.newBuilder()
                    .setCommonConfig(
                        Compressor.CommonDirectionConfig.newBuilder()
                            .setMinContentLength(UInt32Value.of(compression.minimumBytes()))
                            .addAllContentType(compression.contentTypes())))
            .build());
  }

  static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Packing.any(config)).build();
  }
}
