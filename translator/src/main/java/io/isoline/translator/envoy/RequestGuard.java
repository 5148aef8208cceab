package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.isoline.translator.model.HttpOptions;
import java.util.List;

/**
 * Denies what no honest client sends, before anything else looks at a request.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, the Host field</a>
 */
final class RequestGuard {

  private static final String PORT =
      ":([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

  /**
   * A name or an IPv4 address, or an IPv6 address in brackets, and perhaps a port. Names may have
   * underscores, which DNS allows. Two lines of Host come joined by a comma, which is none of these.
   */
  private static final String AUTHORITY =
      "([-._0-9A-Za-z]+|\\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*\\])(" + PORT + ")?";

  /**
   * An element of dots and parameters, in the spellings that Envoy does not resolve. Some backends
   * do, and would leave the path that was matched.
   */
  private static final String DOTS_WITH_PARAMETERS = ".*/\\.\\.?(;|%3[bB]).*";

  /** The same, and dots beside an escaped slash, where that is kept. */
  private static final String DOTS_WITH_ESCAPES =
      ".*(/|%2[fF]|%5[cC])\\.\\.?((/|;|%3[bB]|%2[fF]|%5[cC]).*)?";

  private RequestGuard() {}

  /** The routes of the {@link Gate} that answer such requests. */
  static List<Route> routes(HttpOptions.Paths paths) {
    String dots = paths.keepsEscapes() ? DOTS_WITH_ESCAPES : DOTS_WITH_PARAMETERS;
    return List.of(
        denial(
            "no-such-host",
            Gate.all()
                .addHeaders(
                    HeaderMatcher.newBuilder()
                        .setName(":authority")
                        .setStringMatch(RouteWriter.expression(AUTHORITY))
                        .setInvertMatch(true)),
            400,
            "the host of the request is not a name or an address"),
        denial(
            "dots-in-path",
            RouteMatch.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex(dots)),
            403,
            "an element of the path is dots with a parameter or an escaped slash"));
  }

  private static Route denial(String name, RouteMatch.Builder match, int status, String words) {
    return Route.newBuilder()
        .setName(name)
        .setMatch(match)
        .setDirectResponse(LocalReplies.answer(status, words))
        .build();
  }
}
