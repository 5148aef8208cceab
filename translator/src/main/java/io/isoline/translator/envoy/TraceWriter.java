package io.isoline.translator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.RequestIDExtension;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.Percent;
import io.isoline.translator.model.Traced;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.model.Tracing.Collector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has Envoy send spans of requests.
 *
 * <p>Envoy begins a span before any filter, so with the route of the {@link Gate}, and decides again
 * with each route that a request finds whether it is recorded; for a span that goes on with a client's
 * trace the first decision holds. It would give the context of each span to the backend, of those
 * that are not recorded, too: backends would record nothing any more for requests that nobody wants
 * traced. So it gives none, and routes that are traced have the header.
 *
 * <p>Those routes must know whether a request is recorded. That is drawn once, at the gate, and noted
 * in a header. A route that is traced is there twice where it can go either way.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>
 */
final class TraceWriter {

  /** Is there for requests that are recorded if their route is traced; nobody outside sees it. */
  private static final String SAMPLED = "x-isoline-sampled";

  /** Where the trace of a client waits that is not trusted, for routes that are not traced. */
  private static final String PARENT_OF_CLIENT = "x-isoline-traceparent";

  private static final String STATE_OF_CLIENT = "x-isoline-tracestate";

  private static final String PARENT = "traceparent";
  private static final String STATE = "tracestate";

  /** The last digit of the flags is odd. */
  private static final String RECORDED = "[^-]*-[^-]*-[^-]*-.[13579bdfBDF].*";

  private static final Duration PATIENCE = Duration.newBuilder().setSeconds(5).build();

  private static final io.envoyproxy.envoy.config.route.v3.Tracing ALWAYS =
      io.envoyproxy.envoy.config.route.v3.Tracing.newBuilder()
          .setClientSampling(FractionalPercent.getDefaultInstance())
          .setRandomSampling(FractionalPercent.newBuilder().setNumerator(100))
          .setOverallSampling(FractionalPercent.newBuilder().setNumerator(100))
          .build();

  private TraceWriter() {}

  /** Has the connection manager send spans, of no request by itself. */
  static void write(HttpConnectionManager.Builder manager, Tracing tracing) {
    OpenTelemetryConfig.Builder config =
        OpenTelemetryConfig.newBuilder().setServiceName(tracing.service());
    Collector collector = tracing.collector();
    switch (collector.wire()) {
      case GRPC ->
          config.setGrpcService(
              GrpcService.newBuilder()
                  .setEnvoyGrpc(
                      GrpcService.EnvoyGrpc.newBuilder()
                          .setClusterName(CollectorWriter.CLUSTER)
                          .setAuthority(collector.address().toString()))
                  .setTimeout(PATIENCE));
      case HTTP ->
          config.setHttpService(
              HttpService.newBuilder()
                  .setHttpUri(
                      HttpUri.newBuilder()
                          .setUri(
                              (collector.authorities() == null ? "http://" : "https://")
                                  + collector.address()
                                  + "/v1/traces")
                          .setCluster(CollectorWriter.CLUSTER)
                          .setTimeout(PATIENCE)));
    }
    manager
        .setTracing(
            NewFields.withoutPropagation(
                HttpConnectionManager.Tracing.newBuilder()
                    // What a client says by x-client-trace-id.
                    .setClientSampling(Percent.getDefaultInstance())
                    .setRandomSampling(Percent.getDefaultInstance())
                    .setOverallSampling(Percent.newBuilder().setValue(100))
                    .setProvider(
                        io.envoyproxy.envoy.config.trace.v3.Tracing.Http.newBuilder()
                            .setName("envoy.tracers.opentelemetry")
                            .setTypedConfig(Packing.any(config.build())))))
        // With the decision in x-request-id, a request would stay recorded whatever its route says.
        .setRequestIdExtension(
            RequestIDExtension.newBuilder()
                .setTypedConfig(
                    Packing.any(
                        UuidRequestIdConfig.newBuilder()
                            .setPackTraceReason(BoolValue.of(false))
                            .build())));
  }

  /** What is done with a request before its span begins. */
  static List<HeaderMutation> early(@Nullable Tracing tracing) {
    if (tracing == null || tracing.trusting()) {
      return List.of();
    }
    return List.of(
        RouteWriter.set(PARENT_OF_CLIENT, "%REQ(" + PARENT + ")%").build(),
        RouteWriter.set(STATE_OF_CLIENT, "%REQ(" + STATE + ")%").build(),
        HeaderMutation.newBuilder().setRemove(PARENT).build(),
        HeaderMutation.newBuilder().setRemove(STATE).build());
  }

  /** What the routes of a host that are not traced leave to backends as it came. */
  static void giveBack(VirtualHost.Builder host, @Nullable Tracing tracing) {
    if (tracing != null && !tracing.trusting()) {
      host.addRequestHeadersToAdd(
              RouteWriter.header(
                  PARENT, "%REQ(" + PARENT_OF_CLIENT + ")%", HeaderAppendAction.ADD_IF_ABSENT))
          .addRequestHeadersToAdd(
              RouteWriter.header(
                  STATE, "%REQ(" + STATE_OF_CLIENT + ")%", HeaderAppendAction.ADD_IF_ABSENT));
    }
  }

  /** The headers that no backend gets. */
  static List<String> ownHeaders(@Nullable Tracing tracing) {
    if (tracing == null) {
      return List.of();
    }
    return tracing.trusting()
        ? List.of(SAMPLED)
        : List.of(PARENT_OF_CLIENT, STATE_OF_CLIENT, SAMPLED);
  }

  /** One of the outcomes of the gate. It is found in the order of {@link #draws}. */
  interface Draw {
    /** Says for which requests it is, and notes the outcome. */
    void write(Route.Builder route, Mutations.Builder mutations);
  }

  /** All of them; one that says nothing where there is nothing to draw. */
  static List<Draw> draws(@Nullable Tracing tracing) {
    if (tracing == null || !tracing.samples() || !tracing.leavesOut()) {
      return List.of((route, mutations) -> {});
    }
    List<Draw> draws = new ArrayList<>();
    if (tracing.trusting()) {
      draws.add(
          (route, mutations) -> {
            route
                .getMatchBuilder()
                .addHeaders(
                    HeaderMatcher.newBuilder()
                        .setName(PARENT)
                        .setStringMatch(RouteWriter.expression(RECORDED)));
            note(route, mutations);
          });
      draws.add(
          (route, mutations) ->
              route
                  .getMatchBuilder()
                  .addHeaders(HeaderMatcher.newBuilder().setName(PARENT).setPresentMatch(true)));
    }
    if (tracing.sampling() > 0) {
      draws.add(
          (route, mutations) -> {
            if (tracing.sampling() < Tracing.EVERY) {
              route.getMatchBuilder().setRuntimeFraction(fraction(tracing.sampling()));
            }
            note(route, mutations);
          });
    }
    if (tracing.sampling() < Tracing.EVERY) {
      draws.add((route, mutations) -> {});
    }
    return draws;
  }

  private static void note(Route.Builder route, Mutations.Builder mutations) {
    // A span that goes on with the trace of a client is recorded only if it is at once.
    route.setTracing(ALWAYS);
    mutations.addRequestMutations(RouteWriter.set(SAMPLED, "1"));
  }

  private static RuntimeFractionalPercent fraction(int ofTenThousand) {
    return RuntimeFractionalPercent.newBuilder()
        .setDefaultValue(
            FractionalPercent.newBuilder()
                .setNumerator(ofTenThousand)
                .setDenominator(FractionalPercent.DenominatorType.TEN_THOUSAND))
        .build();
  }

  /**
   * Has the last routes of a host traced.
   *
   * @param first the place of the first of them
   * @param model what they are made of
   */
  static void trace(
      VirtualHost.Builder host,
      int first,
      io.isoline.translator.model.Route model,
      Tracing tracing) {
    for (Route route : RouteWriter.takeFrom(host, first)) {
      if (tracing.samples()) {
        host.addRoutes(recorded(route, model, tracing));
      }
      if (tracing.leavesOut()) {
        host.addRoutes(withContext(route.toBuilder(), "00"));
      }
    }
  }

  private static Route.Builder recorded(
      Route route, io.isoline.translator.model.Route model, Tracing tracing) {
    Route.Builder recorded = withContext(route.toBuilder(), "01");
    if (tracing.leavesOut()) {
      recorded
          .getMatchBuilder()
          .addHeaders(HeaderMatcher.newBuilder().setName(SAMPLED).setPresentMatch(true));
    }
    Traced said = model.options().get(Traced.class);
    String operation = said == null ? null : said.operation();
    return recorded
        .setTracing(ALWAYS)
        .setDecorator(
            Decorator.newBuilder()
                // It is a format.
                .setOperation((operation == null ? model.name() : operation).replace("%", "%%"))
                // Clients would see it.
                .setPropagate(BoolValue.of(false)));
  }

  /** Gives backends the span of Envoy as the one that theirs belong to. */
  private static Route.Builder withContext(Route.Builder route, String flags) {
    return route.hasRoute()
        ? route
            .addRequestHeadersToRemove(STATE_OF_CLIENT)
            .addRequestHeadersToAdd(
                RouteWriter.header(
                    PARENT,
                    "00-%TRACE_ID%-%SPAN_ID%-" + flags,
                    HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
        : route;
  }
}
