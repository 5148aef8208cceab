package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.isoline.translator.model.Cors;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Writes what browsers are told about pages of other origins: routes for requests of the origins that
 * may, which set headers on the answer. Envoy's filter for it answers preflight requests by 200 and
 * the others with fewer headers than ingress-nginx, whose users rely on both.
 */
final class CorsWriter {

  /** What {@code *} stands for. */
  private static final String LABEL = "[a-z0-9-]+";

  private CorsWriter() {}

  /** The route that answers preflight requests. */
  static Route preflight(String name, RouteMatch match, Cors cors) {
    return Route.newBuilder()
        .setName(name)
        .setMatch(
            of(match, cors)
                .addHeaders(
                    HeaderMatcher.newBuilder()
                        .setName(":method")
                        .setStringMatch(RouteWriter.exact("OPTIONS"))))
        .setDirectResponse(DirectResponseAction.newBuilder().setStatus(204))
        .addAllResponseHeadersToAdd(headers(cors))
        .build();
  }

  /** The same route, for requests of the origins that may. */
  static Route allowing(Route route, Cors cors) {
    return route.toBuilder()
        .setMatch(of(route.getMatch(), cors))
        .addAllResponseHeadersToAdd(headers(cors))
        .build();
  }

  private static RouteMatch.Builder of(RouteMatch match, Cors cors) {
    RouteMatch.Builder out = match.toBuilder();
    if (!cors.origins().isEmpty()) {
      out.addHeaders(
          HeaderMatcher.newBuilder().setName("origin").setStringMatch(matcher(cors.origins())));
    }
    return out;
  }

  /** An expression takes kilobytes of an Envoy for each route, so a single name goes without one. */
  private static StringMatcher matcher(List<String> origins) {
    if (origins.size() == 1 && origins.getFirst().indexOf('*') < 0) {
      return StringMatcher.newBuilder()
          .setExact(origins.getFirst())
          .setIgnoreCase(true)
          .build();
    }
    StringJoiner expression = new StringJoiner("|", "(?i)", "");
    origins.forEach(origin -> expression.add(expression(origin)));
    return RouteWriter.expression(expression.toString());
  }

  private static String expression(String origin) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < origin.length(); i++) {
      char c = origin.charAt(i);
      switch (c) {
        case '*' -> expression.append(LABEL);
        case '.', '+' -> expression.append('\\').append(c);
        default -> expression.append(c);
      }
    }
    return expression.toString();
  }

  private static List<HeaderValueOption> headers(Cors cors) {
    List<HeaderValueOption> headers = new ArrayList<>();
    boolean all = cors.origins().isEmpty();
    set(headers, "access-control-allow-origin", all ? "*" : "%REQ(ORIGIN)%");
    if (!all) {
      // A cache must not give the answer to one origin to another.
      headers.add(
          RouteWriter.header("vary", "Origin", HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD));
    }
    if (cors.allowCredentials()) {
      set(headers, "access-control-allow-credentials", "true");
    }
    set(headers, "access-control-allow-methods", cors.allowMethods());
    set(headers, "access-control-allow-headers", cors.allowHeaders());
    if (!cors.exposeHeaders().isEmpty()) {
      set(headers, "access-control-expose-headers", cors.exposeHeaders());
    }
    set(headers, "access-control-max-age", Long.toString(cors.maxAgeSeconds()));
    return headers;
  }

  /** The backend's own is replaced. */
  private static void set(List<HeaderValueOption> headers, String name, String value) {
    headers.add(RouteWriter.header(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
  }
}
