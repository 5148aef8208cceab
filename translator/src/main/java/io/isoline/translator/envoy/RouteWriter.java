package io.isoline.translator.envoy;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.isoline.translator.Settings;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.VirtualHost;
import java.util.List;

/**
 * Writes RouteConfigurations: one for each host, so that a change of one costs Envoy nothing of the
 * others, and one for all that a name alone does not lead to.
 */
final class RouteWriter {

  private static final String CLIENT_ADDRESS = "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%";
  private static final String ACME_CHALLENGE = "/.well-known/acme-challenge/";
  private static final int RETRIES = 5;

  private static final RetryPolicy RETRY_POLICY = retries();

  /** Serves the names that nobody claims. */
  static final List<Route> NOBODY =
      List.of(new Route("no-host", PathMatch.ALL, new RouteAction.DirectResponse(404)));

  /** A scope without a route for a path would count as none. */
  private static final Route NO_PATH =
      new Route("no-path", PathMatch.ALL, new RouteAction.DirectResponse(404));

  private final Settings settings;
  private final PathPattern paths;
  private final RouteConfiguration common;

  RouteWriter(Settings settings) {
    this.settings = settings;
    paths = new PathPattern(settings.paths());
    common = common(settings);
  }

  /** The RouteConfiguration of a name or a wildcard. */
  RouteConfiguration scoped(VirtualHost virtualHost) {
    return common.toBuilder()
        .setName(Names.scope(virtualHost.host()))
        .putAllTypedPerFilterConfig(ScopeLookup.OF_A_SCOPE)
        .addVirtualHosts(virtualHost(virtualHost, Host.ANY))
        .build();
  }

  /** The RouteConfiguration {@link Names#ROUTES} without its virtual hosts. */
  RouteConfiguration fallback() {
    return common.toBuilder()
        .setName(Names.ROUTES)
        .setIgnorePortInHostMatching(true)
        .putAllTypedPerFilterConfig(ScopeLookup.OF_ANY)
        .build();
  }

  /** The virtual host of the fallback for all names, or for those below a wildcard. */
  io.envoyproxy.envoy.config.route.v3.VirtualHost shared(
      Host host, List<Route> routes, boolean tls) {
    return virtualHost(new VirtualHost(host, routes, tls, null), host);
  }

  /** What all RouteConfigurations say. */
  private static RouteConfiguration common(Settings settings) {
    boolean replace = settings.trustedHops() == 0;
    RouteConfiguration.Builder configuration = RouteConfiguration.newBuilder();
    if (replace) {
      configuration.addRequestHeadersToAdd(
          header(
              "x-forwarded-for", CLIENT_ADDRESS, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
    }
    if (!settings.http1().trailers()) {
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
            .setRetryPolicy(RETRY_POLICY);
    Settings.Hsts hsts = settings.hsts();
    if (hsts != null && virtualHost.hasCertificate()) {
      // So that it is also on what Envoy itself answers.
      out.putTypedPerFilterConfig(Names.HSTS_FILTER, Packing.any(hsts(hsts)));
    }
    if (settings.redirectToHttps() && virtualHost.hasCertificate()) {
      out.addRoutes(redirect());
    }
    boolean root = false;
    for (Route route : virtualHost.routes()) {
      if (!root && route.match().path().equals("/")) {
        root = true;
        out.addRoutes(slashes(route));
      }
      out.addRoutes(routeBuilder(route));
    }
    if (virtualHost.routes().stream().noneMatch(route -> route.match().equals(PathMatch.ALL))) {
      out.addRoutes(routeBuilder(NO_PATH));
    }
    return out.build();
  }

  /**
   * The same for the path of nothing but slashes: of however many, Envoy leaves two. The backend gets
   * one.
   *
   * @param root the route that the path {@code /} takes
   */
  private io.envoyproxy.envoy.config.route.v3.Route.Builder slashes(Route root) {
    var out = routeBuilder(root).setMatch(RouteMatch.newBuilder().setPath("//"));
    if (out.hasRoute()) {
      out.getRouteBuilder().setPrefixRewrite("/");
    }
    return out;
  }

  private io.envoyproxy.envoy.config.route.v3.Route.Builder routeBuilder(Route route) {
    var out =
        io.envoyproxy.envoy.config.route.v3.Route.newBuilder()
            .setName(route.origin())
            .setMatch(paths.match(route.match()));
    switch (route.action()) {
      case RouteAction.Forward forward ->
          out.setRoute(
              io.envoyproxy.envoy.config.route.v3.RouteAction.newBuilder()
                  .setCluster(forward.upstream().name())
                  // Envoy's own default ends every response after 15 s.
                  .setTimeout(Duration.getDefaultInstance()));
      case RouteAction.DirectResponse direct ->
          out.setDirectResponse(
              settings.explainErrors()
                  ? LocalReplies.direct(route.origin(), direct.status())
                  : DirectResponseAction.newBuilder().setStatus(direct.status()).build());
    }
    return out;
  }

  /**
   * The scheme is that of X-Forwarded-Proto, which is what Envoy saw or what a trusted proxy in
   * front of it said: behind one that ends TLS itself there is no endless redirect.
   */
  private io.envoyproxy.envoy.config.route.v3.Route.Builder redirect() {
    var redirect =
        RedirectAction.newBuilder()
            .setHttpsRedirect(true)
            .setResponseCode(RedirectAction.RedirectResponseCode.PERMANENT_REDIRECT);
    int port =
        settings.https().forwardedPort() != 0
            ? settings.https().forwardedPort()
            : settings.https().port();
    if (port != 443) {
      redirect.setPortRedirect(port);
    }
    return io.envoyproxy.envoy.config.route.v3.Route.newBuilder()
        .setName("redirect-to-https")
        .setMatch(
            RouteMatch.newBuilder()
                .setPrefix("/")
                .addHeaders(
                    HeaderMatcher.newBuilder()
                        .setName("x-forwarded-proto")
                        .setStringMatch(StringMatcher.newBuilder().setExact("http")))
                .addHeaders(
                    HeaderMatcher.newBuilder()
                        .setName(":path")
                        .setStringMatch(StringMatcher.newBuilder().setPrefix(ACME_CHALLENGE))
                        .setInvertMatch(true)))
        .setRedirect(redirect);
  }

  /**
   * What the backend can't have begun to act on is tried again, and by {@link ResetRetry} what it
   * may act on twice, each time on an endpoint that was not tried before. A Deployment that is
   * scaled from 5 to 1 leaves four endpoints that refuse, until the change of its EndpointSlice is
   * here; the pauses, 25 to 250 ms, are for that.
   */
  private static RetryPolicy retries() {
    return RetryPolicy.newBuilder()
        .setRetryOn("connect-failure,refused-stream,reset-before-request")
        .setNumRetries(UInt32Value.of(RETRIES))
        .addRetryHostPredicate(
            RetryHostPredicate.newBuilder()
                .setName("envoy.retry_host_predicates.previous_hosts")
                .setTypedConfig(Packing.any(PreviousHostsPredicate.getDefaultInstance())))
        .setHostSelectionRetryMaxAttempts(RETRIES)
        .build();
  }

  private static HeaderMutationPerRoute hsts(Settings.Hsts hsts) {
    String value =
        "max-age="
            + hsts.maxAge().toSeconds()
            + (hsts.includeSubDomains() ? "; includeSubDomains" : "")
            + (hsts.preload() ? "; preload" : "");
    return HeaderMutationPerRoute.newBuilder()
        .setMutations(
            Mutations.newBuilder()
                .addResponseMutations(set("strict-transport-security", value)))
        .build();
  }

  static HeaderMutation.Builder set(String name, String value) {
    return HeaderMutation.newBuilder()
        .setAppend(header(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
  }

  static HeaderValueOption header(String name, String value, HeaderAppendAction action) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(action)
        .build();
  }
}
