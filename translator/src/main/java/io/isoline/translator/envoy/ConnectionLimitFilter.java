package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcOverrides;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.HeaderForwardingRules;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.HeaderSendMode;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.isoline.translator.credentials.ConnectionCount;
import io.isoline.translator.model.ConnectionLimit;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.text.IpRange;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Has the service beside Envoy count what a client has under way. Envoy opens a stream to it for each
 * request of a route with a limit, and closes it when the request ends: what is open is what counts. Of
 * a request, the stream carries nothing but the address of the client.
 *
 * <p>Without an answer a request gets 503, also where the bootstrap has no such cluster.
 */
final class ConnectionLimitFilter implements FilterWriter, OptionWriter<ConnectionLimit> {

  static final String NAME = "isoline.connection-limit";

  /** Of a route without a limit. */
  static final Any NOTHING =
      Packing.any(ExtProcPerRoute.newBuilder().setDisabled(true).build());

  /** The answer comes at once, or the service is not there. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Nothing is sent, so that no stream is opened. */
  private static final ProcessingMode SILENT =
      ProcessingMode.newBuilder()
          .setRequestHeaderMode(HeaderSendMode.SKIP)
          .setResponseHeaderMode(HeaderSendMode.SKIP)
          .build();

  /** The head of the request opens the stream; as trailers may come, it is open to the end. */
  private static final ProcessingMode COUNTED =
      ProcessingMode.newBuilder()
          .setRequestHeaderMode(HeaderSendMode.SEND)
          .setResponseHeaderMode(HeaderSendMode.SKIP)
          .setResponseTrailerMode(HeaderSendMode.SEND)
          .build();

  /** Nothing but this one, which no request has. */
  private static final HeaderForwardingRules NO_HEADERS =
      HeaderForwardingRules.newBuilder()
          .setAllowedHeaders(
              ListStringMatcher.newBuilder().addPatterns(RouteWriter.exact("isoline-none")))
          .build();

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        HttpFilters.filter(
            NAME,
            NewFields.unavailableOnError(
                ExternalProcessor.newBuilder()
                    .setGrpcService(
                        GrpcService.newBuilder()
                            .setEnvoyGrpc(
                                GrpcService.EnvoyGrpc.newBuilder()
                                    .setClusterName(ConnectionCount.CLUSTER)))
                    .setProcessingMode(SILENT)
                    .addRequestAttributes(ConnectionCount.CLIENT)
                    .setMessageTimeout(Packing.duration(PATIENCE))
                    .setForwardRules(NO_HEADERS))));
  }

  @Override
  public Class<ConnectionLimit> option() {
    return ConnectionLimit.class;
  }

  @Override
  public void write(ConnectionLimit limit, ServedRoute route) {
    ExtProcOverrides.Builder overrides =
        ExtProcOverrides.newBuilder()
            .setProcessingMode(COUNTED)
            .addGrpcInitialMetadata(metadata(ConnectionCount.COUNTER, limit.counter()))
            .addGrpcInitialMetadata(
                metadata(ConnectionCount.MOST, String.valueOf(limit.most())));
    if (!limit.exempt().isEmpty()) {
      overrides.addGrpcInitialMetadata(
          metadata(
              ConnectionCount.EXEMPT,
              limit.exempt().stream().map(IpRange::toString).collect(Collectors.joining(","))));
    }
    route
        .route()
        .putTypedPerFilterConfig(
            NAME,
            Packing.any(ExtProcPerRoute.newBuilder().setOverrides(overrides).build()));
  }

  private static HeaderValue metadata(String name, String value) {
    return HeaderValue.newBuilder().setKey(name).setValue(value).build();
  }
}
