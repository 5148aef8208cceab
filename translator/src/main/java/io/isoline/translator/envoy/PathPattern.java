package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.PathMatch;

/**
 * Writes the path of a route's match. Where requests come with slashes in one spelling only, it is
 * the path as it is. Where the settings leave escaped or doubled slashes in requests, each slash of a
 * rule stands for all that a backend may take for one: {@code /admin} has {@code //admin} and {@code
 * /admin%2Fx}, so that no spelling leads past a rule.
 */
final class PathPattern {

  private final boolean oneSpelling;
  private final String slashes;

  PathPattern(HttpOptions.Paths paths) {
    oneSpelling = !paths.leavesSlashes();
    slashes = paths.keepsEscapes() ? "(/|%2[fF]|%5[cC])+" : "/+";
  }

  RouteMatch.Builder match(PathMatch match) {
    if (match.equals(PathMatch.ALL)) {
      return RouteMatch.newBuilder().setPrefix("/");
    }
    if (oneSpelling && EscapedPath.hasTwoSpellings(match.path())) {
      return EscapedPath.match(match);
    }
    return switch (match) {
      case PathMatch.Exact exact ->
          oneSpelling
              ? RouteMatch.newBuilder().setPath(exact.path())
              : expression(spellings(exact.path()));
      case PathMatch.Prefix prefix ->
          oneSpelling
              ? RouteMatch.newBuilder().setPathSeparatedPrefix(prefix.path())
              : expression(spellings(prefix.path()) + "(" + slashes + "\\C*)?");
    };
  }

  private static RouteMatch.Builder expression(String regex) {
    return RouteMatch.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex(regex));
  }

  /** An expression for the path, whatever its single slashes look like. */
  private String spellings(String path) {
    StringBuilder regex = new StringBuilder();
    int at = 0;
    while (at < path.length()) {
      char c = path.charAt(at);
      if (c == '/') {
        int end = at;
        while (end < path.length() && path.charAt(end) == '/') {
          end++;
        }
        // Several were written on purpose, and are no more and no fewer.
        regex.append(end - at == 1 ? slashes : path.substring(at, end));
        at = end;
      } else if (c == '%') {
        // The digits of an escape are the same in either case, RFC 3986, section 6.2.2.1.
        regex.append('%').append(digit(path.charAt(at + 1))).append(digit(path.charAt(at + 2)));
        at += 3;
      } else {
        regex.append("\\.+*?()|[]{}^$".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
        at++;
      }
    }
    return regex.toString();
  }

  private static String digit(char digit) {
    char upper = Character.toUpperCase(digit);
    return upper >= 'A' ? "[" + upper + Character.toLowerCase(digit) + "]" : String.valueOf(digit);
  }
}
