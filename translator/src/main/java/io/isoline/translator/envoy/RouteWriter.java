package io.isoline.translator.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.isoline.translator.model.Cors;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HostOptions;
import io.isoline.translator.model.NginxHttpsRedirect;
import io.isoline.translator.model.NotLogged;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.Rewrite;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteMatch.Text;
import io.isoline.translator.model.RouteMatch.Value;
import io.isoline.translator.model.RouteOptions;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.model.Traced;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.model.VirtualHost;
import io.isoline.translator.model.WithoutTransportSecurity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes RouteConfigurations: one for each host, so that a change of one costs Envoy nothing of the
 * others, and one for all that a name alone does not lead to.
 */
final class RouteWriter {

  /** It has no body. */
  private static final int NOT_MODIFIED = 304;

  private static final String CLIENT_ADDRESS = "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%";
  private static final String ACME_CHALLENGE = "/.well-known/acme-challenge/";
  private static final String ACME_RULE = "/.well-known/acme-challenge";

  /** Serves the names that nobody claims. */
  static final List<Route> NOBODY = List.of(Route.own("no-host", new RouteAction.Respond(404)));

  /** A scope without a route for a path would count as none. */
  private static final Route NO_PATH = Route.own("no-path", new RouteAction.Respond(404));

  private static final Route NO_PATH_REDIRECTED =
      new Route(
          NO_PATH.name(),
          null,
          NO_PATH.match(),
          NO_PATH.action(),
          new RouteOptions(true, List.of()));

  private static final RouteMatch ALL = RouteMatch.newBuilder().setPrefix("/").build();

  private static final io.envoyproxy.envoy.config.route.v3.Route NO_TRACE =
      io.envoyproxy.envoy.config.route.v3.Route.newBuilder()
          .setName("no-trace")
          .setMatch(
              RouteMatch.newBuilder()
                  .setPrefix("/")
                  .addHeaders(
                      HeaderMatcher.newBuilder()
                          .setName(":method")
                          .setStringMatch(exact("TRACE"))))
          .setDirectResponse(LocalReplies.answer(405, "the method TRACE is not allowed"))
          .build();

  private static final RegexMatchAndSubstitute WITHOUT_LAST_SLASH =
      RegexMatchAndSubstitute.newBuilder()
          .setPattern(RegexMatcher.newBuilder().setRegex("/$"))
          .build();

  private final RouteSpace space;
  private final PathPattern paths;
  private final RouteConfiguration common;

  RouteWriter(RouteSpace space) {
    this.space = space;
    paths = new PathPattern(space.paths());
    common = common(space);
  }

  /** What holds for hosts that nobody claims. */
  HostOptions ofNobody() {
    return space.ofNobody();
  }

  /** The RouteConfiguration of a name or a wildcard. */
  RouteConfiguration scoped(VirtualHost virtualHost) {
    return common.toBuilder()
        .setName(Names.scope(virtualHost.key()))
        .putAllTypedPerFilterConfig(ScopeLookup.OF_A_SCOPE)
        .addVirtualHosts(virtualHost(virtualHost, Host.ANY))
        .build();
  }

  /** The RouteConfiguration of hosts without one of their own, without its virtual hosts. */
  RouteConfiguration fallback() {
    return common.toBuilder()
        .setName(space.name())
        .setIgnorePortInHostMatching(true)
        .putAllTypedPerFilterConfig(ScopeLookup.OF_ANY)
        .build();
  }

  /** The virtual host for all names that nobody claims, or for those below a wildcard. */
  io.envoyproxy.envoy.config.route.v3.VirtualHost shared(VirtualHost virtualHost) {
    return virtualHost(virtualHost, virtualHost.host());
  }

  /** What all RouteConfigurations say. */
  private static RouteConfiguration common(RouteSpace space) {
    boolean replace = !space.trustsForwarded();
    RouteConfiguration.Builder configuration = RouteConfiguration.newBuilder();
    if (replace) {
      configuration.addRequestHeadersToAdd(
          header(
              "x-forwarded-for", CLIENT_ADDRESS, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
    }
    if (!space.trailers()) {
      // What it announces does not come.
      configuration.addResponseHeadersToRemove("trailer");
    }
    return configuration
        .addRequestHeadersToAdd(
            header(
                "x-forwarded-host",
                "%REQ(:AUTHORITY)%",
                replace
                    ? HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD
                    : HeaderAppendAction.ADD_IF_ABSENT))
        .addRequestHeadersToAdd(
            header(
                "x-real-ip",
                CLIENT_ADDRESS,
                HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD))
        .addRequestHeadersToRemove("x-envoy-external-address")
        .addRequestHeadersToRemove(Names.SCOPE_HEADER)
        .addAllRequestHeadersToRemove(TraceWriter.ownHeaders(space.tracing()))
        .putAllTypedPerFilterConfig(AccessFilter.OFF)
        .build();
  }

  /**
   * Writes one.
   *
   * @param domain {@link Host#ANY} where the scope has the names of one host only
   */
  private io.envoyproxy.envoy.config.route.v3.VirtualHost virtualHost(
      VirtualHost virtualHost, Host domain) {
    var out =
        io.envoyproxy.envoy.config.route.v3.VirtualHost.newBuilder()
            .setName(virtualHost.host().pattern())
            .addDomains(domain.pattern())
            .setRetryPolicy(RetriesWriter.OF_ALL_ROUTES);
    HostOptions options = virtualHost.options();
    if (options.strictTransportSecurity() != null) {
      StrictTransportSecurityFilter.add(out, options.strictTransportSecurity());
    }
    RequestLimitFilter.add(out, virtualHost.routes());
    CookieFilter.add(out, virtualHost.routes());
    if (options.schemeHeaders()) {
      out.addRequestHeadersToAdd(scheme("x-scheme")).addRequestHeadersToAdd(scheme("x-forwarded-scheme"));
    }
    ErrorPagesFilter.add(out, virtualHost.routes());
    TraceWriter.giveBack(out, space.tracing());
    if (options.refusesTrace()) {
      out.addRoutes(NO_TRACE);
    }
    boolean redirectsAll =
        options.redirectsToHttps()
            && virtualHost.routes().stream().allMatch(RouteWriter::redirectsAtOnce)
            && virtualHost.routes().stream()
                    .map(route -> route.options().get(NginxHttpsRedirect.class))
                    .distinct()
                    .limit(2)
                    .count()
                < 2;
    if (redirectsAll) {
      RouteOptions all =
          virtualHost.routes().isEmpty()
              ? RouteOptions.NONE
              : virtualHost.routes().getFirst().options();
      addRedirectToHttps(out, ALL, all.get(NginxHttpsRedirect.class));
    }
    String scope = SpaceWriter.scopeOf(virtualHost.host());
    PathMatch root = null;
    // Envoy adds what a route says of that filter to what its host says, so one of the two says it.
    Any transport =
        virtualHost.routes().stream()
                .anyMatch(route -> route.options().has(WithoutTransportSecurity.class))
            ? StrictTransportSecurityFilter.take(out)
            : null;
    giveFrom(out, 0, transport);
    for (Route route : virtualHost.routes()) {
      int first = out.getRoutesCount();
      PathMatch path = route.match().path();
      boolean ofRoot = path.equals(root) || (root == null && path.path().equals("/"));
      if (ofRoot) {
        root = path;
      }
      add(out, route, scope, ofRoot, !redirectsAll);
      if (!route.options().has(WithoutTransportSecurity.class)) {
        giveFrom(out, first, transport);
      }
    }
    int first = out.getRoutesCount();
    if (virtualHost.routes().stream().noneMatch(route -> route.match().equals(io.isoline.translator.model.RouteMatch.ALL))) {
      add(
          out,
          options.redirectsToHttps() ? NO_PATH_REDIRECTED : NO_PATH,
          scope,
          false,
          !redirectsAll);
    }
    giveFrom(out, first, transport);
    if (options.clients() != null) {
      ClientCertificates.guard(out, options.clients());
    }
    HostConfigs.share(out);
    return out.build();
  }

  private static void giveFrom(
      io.envoyproxy.envoy.config.route.v3.VirtualHost.Builder host,
      int first,
      @Nullable Any transport) {
    if (transport != null) {
      host.getRoutesBuilderList().stream()
          .skip(first)
          .forEach(route -> StrictTransportSecurityFilter.give(route, transport));
    }
  }

  private static HeaderValueOption scheme(String name) {
    return header(
        name, "%REQ(X-FORWARDED-PROTO)%", HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
  }

  /** Whether nothing is done with a request before it is redirected to HTTPS. */
  private static boolean redirectsAtOnce(Route route) {
    return route.options().redirectsToHttps()
        && route.options().get(Cors.class) == null
        && !isOfAcmeByNginx(route);
  }

  private static boolean isOfAcmeByNginx(Route route) {
    return route.options().has(NginxHttpsRedirect.class)
        && route.match().path().path().startsWith(ACME_RULE);
  }

  /**
   * Adds what a route of the model takes: for what is answered before the backend is asked, routes of
   * their own.
   *
   * @param scope of the host
   * @param ofRoot whether it is for {@code //} as well: of however many slashes Envoy leaves two. The
   *     backend gets one
   * @param redirects whether redirects to HTTPS are to be written
   */
  private void add(
      io.envoyproxy.envoy.config.route.v3.VirtualHost.Builder out,
      Route route,
      String scope,
      boolean ofRoot,
      boolean redirects) {
    int first = out.getRoutesCount();
    PathMatch path = route.match().path();
    RouteMatch match = matching(paths.match(path), route.match()).build();
    RouteMatch slashes =
        ofRoot ? matching(RouteMatch.newBuilder().setPath("//"), route.match()).build() : null;
    boolean ofAll = path.equals(PathMatch.ALL); // with two slashes, too
    if (slashes != null && !ofAll) {
      addOwnAnswers(out, route, slashes, redirects);
    }
    addOwnAnswers(out, route, match, redirects);
    boolean rewrites = route.options().has(Rewrite.class);
    if (slashes != null && (!ofAll || (route.action() instanceof RouteAction.Forward && !rewrites))) {
      addAction(out, route, action(route, scope, slashes, "/"));
    }
    addAction(out, route, action(route, scope, match, null));
    if (route.options().has(NotLogged.class)) {
      out.getRoutesBuilderList().stream().skip(first).forEach(AccessLogWriter::leaveOut);
    }
    Tracing tracing = space.tracing();
    if (tracing != null && Traced.isOn(route.options().get(Traced.class), tracing)) {
      TraceWriter.trace(out, first, route, tracing);
    }
  }

  /** What is answered before the action is. */
  private void addOwnAnswers(
      io.envoyproxy.envoy.config.route.v3.VirtualHost.Builder out,
      Route route,
      RouteMatch match,
      boolean redirects) {
    RouteOptions options = route.options();
    Cors cors = options.get(Cors.class);
    if (cors != null) {
      out.addRoutes(CorsWriter.preflight(route.name(), match, cors));
    }
    if (redirects && options.redirectsToHttps() && !isOfAcmeByNginx(route)) {
      NginxHttpsRedirect ofNginx = options.get(NginxHttpsRedirect.class);
      int redirecting = out.getRoutesCount();
      addRedirectToHttps(out, match, ofNginx);
      if (cors != null && ofNginx != null) {
        allow(out, redirecting, cors);
      }
    }
  }

  private static void addAction(
      io.envoyproxy.envoy.config.route.v3.VirtualHost.Builder out,
      Route route,
      io.envoyproxy.envoy.config.route.v3.Route action) {
    if (route.action() instanceof RouteAction.OtherHost other && other.dropsSlash()) {
      out.addRoutes(withoutLastSlash(action));
    }
    Cors cors = route.options().get(Cors.class);
    if (cors != null) {
      out.addRoutes(CorsWriter.allowing(action, cors));
    }
    if (cors == null || !cors.origins().isEmpty()) {
      out.addRoutes(action);
    }
  }

  /** Has browsers follow redirects that they come to from pages of the origins that may. */
  private static void allow(
      io.envoyproxy.envoy.config.route.v3.VirtualHost.Builder out, int first, Cors cors) {
    var redirects = takeFrom(out, first);
    redirects.forEach(redirect -> out.addRoutes(CorsWriter.allowing(redirect, cors)));
    if (!cors.origins().isEmpty()) {
      redirects.forEach(out::addRoutes);
    }
  }

  /** Takes away the last routes of a host, beginning with that at a place. */
  static List<io.envoyproxy.envoy.config.route.v3.Route> takeFrom(
      io.envoyproxy.envoy.config.route.v3.VirtualHost.Builder host, int first) {
    var routes = List.copyOf(host.getRoutesList().subList(first, host.getRoutesCount()));
    while (host.getRoutesCount() > first) {
      host.removeRoutes(host.getRoutesCount() - 1);
    }
    return routes;
  }

  private static RouteMatch.Builder matching(
      RouteMatch.Builder path, io.isoline.translator.model.RouteMatch match) {
    for (Value header : match.headers()) {
      path.addHeaders(
          HeaderMatcher.newBuilder().setName(header.name()).setStringMatch(text(header.text())));
    }
    for (Value parameter : match.query()) {
      path.addQueryParameters(
          QueryParameterMatcher.newBuilder()
              .setName(parameter.name())
              .setStringMatch(text(parameter.text())));
    }
    return path;
  }

  private static StringMatcher text(Text text) {
    return switch (text) {
      case Text.Exact exact -> exact(exact.text());
      case Text.Expression expression -> expression(expression.expression());
    };
  }

  static StringMatcher exact(String text) {
    return StringMatcher.newBuilder().setExact(text).build();
  }

  static StringMatcher expression(String expression) {
    return StringMatcher.newBuilder()
        .setSafeRegex(RegexMatcher.newBuilder().setRegex(expression))
        .build();
  }

  private io.envoyproxy.envoy.config.route.v3.Route action(
      Route route, String scope, RouteMatch match, @Nullable String rewrite) {
    var out =
        io.envoyproxy.envoy.config.route.v3.Route.newBuilder()
            .setName(route.name())
            .setMatch(match);
    switch (route.action()) {
      case RouteAction.Forward forward -> {
        boolean rewrites = route.options().has(Rewrite.class);
        var action = forward(forward.split(), rewrites ? null : rewrite);
        RouteOptionWriters.write(new ServedRoute(out, action, route, space, scope));
        out.setRoute(action);
      }
      case RouteAction.Redirect redirect -> {
        var answer = DirectResponseAction.newBuilder().setStatus(redirect.status());
        if (redirect.isFollowed()) {
          out.addResponseHeadersToAdd(literal("location", redirect.location()));
        } else {
          out.addResponseHeadersToRemove("location"); // Envoy sets it to the URL of the request.
          if (redirect.status() != NOT_MODIFIED) {
            answer.setBody(DataSource.newBuilder().setInlineString(redirect.location()));
          }
        }
        out.setDirectResponse(answer);
      }
      case RouteAction.OtherHost(String host, boolean _) ->
          out.setRedirect(
              RedirectAction.newBuilder()
                  .setHostRedirect(host)
                  .setResponseCode(RedirectAction.RedirectResponseCode.PERMANENT_REDIRECT));
      case RouteAction.WithSlash() ->
          out.setRedirect(
              RedirectAction.newBuilder()
                  .setResponseCode(RedirectAction.RedirectResponseCode.MOVED_PERMANENTLY)
                  .setRegexRewrite(
                      RegexMatchAndSubstitute.newBuilder()
                          .setPattern(RegexMatcher.newBuilder().setRegex("$"))
                          .setSubstitution("/")));
      case RouteAction.Elsewhere elsewhere -> out.setRedirect(redirect(elsewhere));
      case RouteAction.Respond respond -> {
        // Who may not pass gets no answer of the route either; where it would send requests is moot.
        RouteOptionWriters.write(
            new ServedRoute(
                out,
                io.envoyproxy.envoy.config.route.v3.RouteAction.newBuilder(),
                route,
                space,
                scope));
        out.setDirectResponse(
            space.explainErrors()
                ? LocalReplies.direct(route.name(), respond)
                : DirectResponseAction.newBuilder().setStatus(respond.status()).build());
      }
    }
    return out.build();
  }

  private static RedirectAction.Builder redirect(RouteAction.Elsewhere elsewhere) {
    return RedirectAction.newBuilder()
        .setResponseCode(RedirectAction.RedirectResponseCode.FOUND)
        .setSchemeRedirect(elsewhere.scheme())
        .setHostRedirect(elsewhere.host())
        .setPortRedirect(elsewhere.port())
        .setRegexRewrite(
            RegexMatchAndSubstitute.newBuilder()
                .setPattern(RegexMatcher.newBuilder().setRegex(elsewhere.pattern()))
                .setSubstitution(elsewhere.path()));
  }

  private static io.envoyproxy.envoy.config.route.v3.RouteAction.Builder forward(
      RouteAction.Split split, @Nullable String rewrite) {
    var out = io.envoyproxy.envoy.config.route.v3.RouteAction.newBuilder();
    if (split.backends().size() == 1) {
      out.setCluster(split.backends().getFirst().upstream().name());
    } else {
      WeightedCluster.Builder weighted = WeightedCluster.newBuilder();
      for (RouteAction.Weighted backend : split.backends()) {
        weighted.addClusters(
            WeightedCluster.ClusterWeight.newBuilder()
                .setName(backend.upstream().name())
                .setWeight(UInt32Value.of(backend.weight())));
      }
      out.setWeightedClusters(
          split.byHash() ? NewFields.choosingByHash(weighted) : weighted.build());
    }
    if (rewrite != null) {
      out.setPrefixRewrite(rewrite);
    }
    // Envoy's own default ends every response after 15 s.
    return out.setTimeout(Duration.getDefaultInstance());
  }

  /**
   * The scheme is that of X-Forwarded-Proto, which is what Envoy saw or what a trusted proxy in
   * front of it said: behind one that ends TLS itself there is no endless redirect.
   *
   * @param match the requests that it is for, when they come by plain HTTP
   * @param ofNginx null where paths of ACME challenges have none and others stay as they are
   */
  private void addRedirectToHttps(
      io.envoyproxy.envoy.config.route.v3.VirtualHost.Builder out,
      RouteMatch match,
      @Nullable NginxHttpsRedirect ofNginx) {
    RouteMatch.Builder plain =
        match.toBuilder()
            .addHeaders(
                HeaderMatcher.newBuilder()
                    .setName("x-forwarded-proto")
                    .setStringMatch(exact("http")));
    if (ofNginx == null) {
      plain.addHeaders(
          HeaderMatcher.newBuilder()
              .setName(":path")
              .setStringMatch(StringMatcher.newBuilder().setPrefix(ACME_CHALLENGE))
              .setInvertMatch(true));
    }
    var redirect =
        RedirectAction.newBuilder()
            .setHttpsRedirect(true)
            .setResponseCode(RedirectAction.RedirectResponseCode.PERMANENT_REDIRECT);
    if (space.httpsPort() != 443) {
      redirect.setPortRedirect(space.httpsPort());
    }
    var route =
        io.envoyproxy.envoy.config.route.v3.Route.newBuilder()
            .setName("redirect-to-https")
            .setMatch(plain)
            .setRedirect(redirect)
            .build();
    if (ofNginx != null && !ofNginx.keepsSlash()) {
      out.addRoutes(withoutLastSlash(route));
    }
    out.addRoutes(route);
  }

  /** The same redirect for paths without a query that end with a slash, which it drops. */
  private static io.envoyproxy.envoy.config.route.v3.Route withoutLastSlash(
      io.envoyproxy.envoy.config.route.v3.Route redirect) {
    var out = redirect.toBuilder();
    out.getMatchBuilder()
        .addHeaders(
            HeaderMatcher.newBuilder()
                .setName(":path")
                .setStringMatch(StringMatcher.newBuilder().setSuffix("/")))
        .addHeaders(
            HeaderMatcher.newBuilder()
                .setName(":path")
                .setStringMatch(StringMatcher.newBuilder().setContains("?"))
                .setInvertMatch(true));
    out.getRedirectBuilder().setRegexRewrite(WITHOUT_LAST_SLASH);
    return out.build();
  }

  static HeaderMutation.Builder set(String name, String value) {
    return HeaderMutation.newBuilder()
        .setAppend(header(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
  }

  /** A header with a text of somebody else: nothing in it is a command of Envoy. */
  static HeaderValueOption literal(String name, String value) {
    return header(
        name, value.replace("%", "%%"), HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
  }

  static HeaderValueOption header(String name, String value, HeaderAppendAction action) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(action)
        .build();
  }
}
