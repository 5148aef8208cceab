package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.model.Tracing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The RouteConfiguration that every request comes to first: it denies what no honest client sends
 * ({@link RequestGuard}), drops headers that are not the client's to set ({@link HeaderRemoval}), and
 * sends the request on to the scope of its host ({@link ScopeLookup}).
 *
 * <p>Envoy builds the connection manager anew for each filter chain, and a RouteConfiguration once.
 * So what is large is here, above all regular expressions: they would be 0.4 MB of each certificate.
 *
 * <p>The filter does nothing by itself, and all of it by what this RouteConfiguration says. A request
 * that does not find it gets no further: it is answered with 404.
 */
final class Gate implements FilterWriter {

  /** Does to a request what its route of the gate says, and names the scope of its host. */
  private static final String FILTER = "isoline.gate";

  /** Has the route chosen again, by that scope; that of a request that was denied is the same one. */
  private static final String ADMISSION = "isoline.admission";

  /** Two of them, before all that look at routes. */
  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(
        HttpFilters.filter(FILTER, HeaderMutation.getDefaultInstance()),
        HttpFilters.filter(ADMISSION, NewFields.clearingRouteCache()));
  }

  /** The RouteConfiguration {@link Names#GATE}. */
  static RouteConfiguration routes(RouteSpace space) {
    VirtualHost.Builder all = VirtualHost.newBuilder().setName("gate").addDomains("*");
    RequestGuard.routes(space.paths()).forEach(all::addRoutes);
    Mutations other =
        Mutations.newBuilder()
            .addRequestMutations(RouteWriter.set(Names.SCOPE_HEADER, "%REQ(:AUTHORITY)%"))
            .build();
    Mutations idempotent =
        other.toBuilder().addRequestMutations(ResetRetry.RETRIED_ON_RESET).build();
    Mutations webSocket =
        idempotent.toBuilder().addAllRequestMutations(WebSockets.COMPLETING).build();
    return RouteConfiguration.newBuilder()
        .setName(Names.GATE)
        .putTypedPerFilterConfig(FILTER, HeaderRemoval.atTheGate(space))
        .putAllTypedPerFilterConfig(ScopeLookup.OF_A_SCOPE)
        .putAllTypedPerFilterConfig(AccessFilter.OFF)
        .addVirtualHosts(
            all.addAllRoutes(
                    admitting(
                        "websocket",
                        all().addHeaders(WebSockets.HANDSHAKE),
                        webSocket,
                        space.tracing()))
                .addAllRoutes(
                    admitting(
                        "idempotent",
                        all().addHeaders(ResetRetry.IDEMPOTENT),
                        idempotent,
                        space.tracing()))
                .addAllRoutes(admitting("other", all(), other, space.tracing())))
        .build();
  }

  /** Matches all requests, also those whose path does not begin with a slash: {@code OPTIONS *}. */
  static RouteMatch.Builder all() {
    return RouteMatch.newBuilder().setPrefix("");
  }

  /**
   * An admitted request finds another route, so these have no answer of their own. There are several
   * where it is drawn which requests are traced.
   */
  private static List<Route> admitting(
      String name, RouteMatch.Builder match, Mutations mutations, @Nullable Tracing tracing) {
    List<Route> routes = new ArrayList<>();
    for (TraceWriter.Draw draw : TraceWriter.draws(tracing)) {
      Route.Builder route =
          Route.newBuilder()
              .setName(name)
              .setMatch(match)
              .setDirectResponse(DirectResponseAction.newBuilder().setStatus(404));
      Mutations.Builder all = mutations.toBuilder();
      draw.write(route, all);
      routes.add(
          route
              .putTypedPerFilterConfig(
                  FILTER,
                  Packing.any(HeaderMutationPerRoute.newBuilder().setMutations(all).build()))
              .build());
    }
    return routes;
  }
}
