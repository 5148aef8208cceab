package io.isoline.translator.envoy;

import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.custom_response.v3.CustomResponse;
import io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.http.custom_response.redirect_policy.v3.RedirectPolicy;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput;
import io.isoline.translator.model.BackendAsked;
import io.isoline.translator.model.ErrorPages;
import io.isoline.translator.model.Listener.ToHttp;
import io.isoline.translator.model.NotLogged;
import io.isoline.translator.model.UpstreamHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Has another backend answer where an answer has one of some statuses: Envoy begins the request
 * anew, as {@code GET /}, and in the scope of its host it finds a route to that backend.
 *
 * <p>That route matches a header which Envoy sets then, and which no client can send: those of its
 * name are dropped before a client's request is looked at, and a request that is begun anew is not
 * a client's. What the route answers is not replaced again, whatever its status.
 *
 * <p>The filter is executed by the composite filter, as {@link RouteBodyLimit} is: the matcher is
 * that of the route at the moment of its turn, and the connection manager holds nothing but that.
 * It comes before all that denies requests, whose answers are replaced as well.
 *
 * <p>Envoy does not begin a request anew of which a part has not come yet; then the answer stays.
 */
final class ErrorPagesFilter implements FilterWriter, OptionWriter<ErrorPages> {

  static final String NAME = "isoline.error-pages";

  /** Says who is asked for the page. */
  private static final String PAGE_HEADER = "x-isoline-page";

  /** Where the path of the client is kept: when its request begins anew, it has another one. */
  private static final String PATH = "isoline.error-pages.path";

  /** What names the route of a page in access logs. */
  private static final String ROUTE = "error-page";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final TypedExtensionConfig KEEPING_PATH =
      filter(
          "path",
          Config.newBuilder()
              .addOnRequestHeaders(
                  FilterStateValue.newBuilder()
                      .setObjectKey(PATH)
                      .setFactoryKey("envoy.string")
                      .setFormatString(
                          SubstitutionFormatString.newBuilder()
                              .setTextFormatSource(
                                  DataSource.newBuilder().setInlineString("%REQ(:PATH)%"))))
              .build());

  @Override
  public List<HttpFilter> inManager(ToHttp target) {
    return List.of(ByRoute.filter(NAME));
  }

  @Override
  public Class<ErrorPages> option() {
    return ErrorPages.class;
  }

  @Override
  public void write(ErrorPages pages, ServedRoute route) {
    if (route.scope().equals(Names.ANY_SCOPE) && route.model().options().has(UpstreamHost.class)) {
      return; // With that host, the request could find the routes of another one.
    }
    Message replacing =
        CustomResponse.newBuilder()
            .setCustomResponseMatcher(
                Matcher.newBuilder()
                    .setMatcherList(
                        Matcher.MatcherList.newBuilder()
                            .addMatchers(
                                Matcher.MatcherList.FieldMatcher.newBuilder()
                                    .setPredicate(replaced(pages))
                                    .setOnMatch(
                                        ByRoute.action(
                                            Packing.extension(
                                                "page", anew(pages, route.scope())))))))
            .build();
    Message chain = NewFields.executing(List.of(KEEPING_PATH, filter("page", replacing)));
    route
        .route()
        .putTypedPerFilterConfig(
            NAME,
            ByRoute.perRoute(
                WebSockets.skipped()
                    .setOnNoMatch(
                        Matcher.OnMatch.newBuilder()
                            .setMatcher(
                                headSkipped()
                                    .setOnNoMatch(
                                        ByRoute.action(Packing.extension("pages", chain)))))));
  }

  /**
   * A request that begins anew is a GET, so Envoy would send the body of the page to a client that
   * asked by HEAD, which takes it for the next answer.
   */
  private static Matcher.Builder headSkipped() {
    return ByRoute.skipping(":method", "HEAD");
  }

  private static TypedExtensionConfig filter(String name, Message config) {
    return TypedExtensionConfig.newBuilder()
        .setName(name)
        .setTypedConfig(Packing.any(config))
        .build();
  }

  private static Predicate replaced(ErrorPages pages) {
    List<Predicate> statuses =
        pages.statuses().stream()
            .map(
                status ->
                    is(
                        Packing.extension(
                            "status", HttpResponseStatusCodeMatchInput.getDefaultInstance()),
                        status.toString()))
            .toList();
    Predicate any =
        statuses.size() == 1
            ? statuses.getFirst()
            : Predicate.newBuilder()
                .setOrMatcher(Predicate.PredicateList.newBuilder().addAllPredicate(statuses))
                .build();
    return pages.ofBackends()
        ? any
        : Predicate.newBuilder()
            .setAndMatcher(
                Predicate.PredicateList.newBuilder()
                    .addPredicate(is(NewFields.whetherOfEnvoy(), "true"))
                    .addPredicate(any))
            .build();
  }

  private static Predicate is(
      com.github.xds.core.v3.TypedExtensionConfig input, String value) {
    return Predicate.newBuilder()
        .setSinglePredicate(
            Predicate.SinglePredicate.newBuilder()
                .setInput(input)
                .setValueMatch(
                    com.github.xds.type.matcher.v3.StringMatcher.newBuilder().setExact(value)))
        .build();
  }

  /** How the request begins anew: with these headers it finds its route. */
  private static RedirectPolicy anew(ErrorPages pages, String scope) {
    RedirectPolicy.Builder anew =
        RedirectPolicy.newBuilder()
            .setRedirectAction(RedirectAction.newBuilder().setPathRedirect("/"))
            .addRequestHeadersToAdd(RouteWriter.literal(Names.SCOPE_HEADER, scope))
            .addRequestHeadersToAdd(RouteWriter.literal(PAGE_HEADER, pages.page().name()))
            .addRequestHeadersToAdd(set("x-code", "%RESPONSE_CODE%"))
            .addRequestHeadersToAdd(set("x-original-uri", "%FILTER_STATE(" + PATH + ":PLAIN)%"));
    told(pages.asked()).forEach(anew::addRequestHeadersToAdd);
    return anew.build();
  }

  private static HeaderValueOption set(String name, String value) {
    return RouteWriter.header(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
  }

  /** What a backend is told that answers for another one. */
  static List<HeaderValueOption> told(BackendAsked asked) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("x-namespace", asked.namespace());
    headers.put("x-ingress-name", asked.ingress());
    headers.put("x-service-name", asked.service());
    headers.put("x-service-port", asked.port());
    List<HeaderValueOption> told = new ArrayList<>();
    headers.forEach(
        (name, value) ->
            // Also what is empty, in the place of what a client may have sent.
            told.add(RouteWriter.literal(name, value).toBuilder().setKeepEmptyValue(true).build()));
    return told;
  }

  /** Adds the routes by which the routes of a host find their pages; before all others. */
  static void add(VirtualHost.Builder host, List<io.isoline.translator.model.Route> routes) {
    // Whether all that is seen by it is left out of the log.
    Map<String, Boolean> pages = new TreeMap<>();
    for (io.isoline.translator.model.Route route : routes) {
      ErrorPages option = route.options().get(ErrorPages.class);
      if (option != null) {
        pages.merge(
            option.page().name(), route.options().has(NotLogged.class), Boolean::logicalAnd);
      }
    }
    pages.forEach((page, leftOut) -> host.addRoutes(route(page, leftOut)));
  }

  private static Route route(String page, boolean leftOut) {
    Route.Builder route =
        Route.newBuilder()
            .setName(ROUTE)
            .setMatch(
                Gate.all()
                    .addHeaders(
                        HeaderMatcher.newBuilder()
                            .setName(PAGE_HEADER)
                            .setStringMatch(RouteWriter.exact(page))))
            .setRoute(
                RouteAction.newBuilder()
                    .setCluster(page)
                    .setTimeout(com.google.protobuf.Duration.getDefaultInstance())
                    .setIdleTimeout(Packing.duration(PATIENCE)))
            // The page is for whoever may not pass as well, and needs to know of nobody who it is.
            .addRequestHeadersToRemove("authorization")
            .addRequestHeadersToRemove(PAGE_HEADER)
            .addRequestHeadersToRemove("x-format")
            .addRequestHeadersToAdd(set("x-format", "%REQ(ACCEPT)%"));
    if (leftOut) {
      AccessLogWriter.leaveOut(route);
    }
    return route.build();
  }

  /** Whether a route is one of those of {@link #add}. */
  static boolean isPage(Route route) {
    return route.getName().equals(ROUTE);
  }
}
