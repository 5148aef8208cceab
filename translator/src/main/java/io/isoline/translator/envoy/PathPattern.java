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
 *
 * <p>The digits of an escape may be small letters or capitals and mean the same. Envoy leaves them as
 * they are and compares letter by letter, so a path with such digits is an expression.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.1">RFC 3986, case
 *     normalization</a>
 */
final class PathPattern {

  private final boolean oneSpelling;

  /** What one slash of a rule stands for. */
  private final String slash;

  /** What may follow a prefix. */
  private final String below;

  PathPattern(HttpOptions.Paths paths) {
    oneSpelling = !paths.leavesSlashes();
    if (oneSpelling) {
      slash = "/";
      below = "(/.*)?";
    } else {
      slash = paths.keepsEscapes() ? "(/|%2[fF]|%5[cC])+" : "/+";
      below = "(" + slash + "\\C*)?";
    }
  }

  RouteMatch.Builder match(PathMatch match) {
    if (match.equals(PathMatch.ALL)) {
      return RouteMatch.newBuilder().setPrefix("/");
    }
    return switch (match) {
      case PathMatch.Exact(String path) ->
          isPlain(path)
              ? RouteMatch.newBuilder().setPath(path)
              : expression(spellings(path));
      case PathMatch.Prefix(String path) ->
          isPlain(path)
              ? RouteMatch.newBuilder().setPathSeparatedPrefix(path)
              : expression(spellings(path) + below);
      case PathMatch.Expression(String _, String regex, int _) -> expression(regex);
    };
  }

  /**
   * Whether requests have it in one spelling.
   *
   * @param path in normal form: each {@code %} is before two digits, and letters are capitals
   */
  private boolean isPlain(String path) {
    if (!oneSpelling) {
      return false;
    }
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      if (path.charAt(i + 1) >= 'A' || path.charAt(i + 2) >= 'A') {
        return false;
      }
    }
    return true;
  }

  private static RouteMatch.Builder expression(String regex) {
    return RouteMatch.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex(regex));
  }

  /** An expression for the path, whatever its single slashes and its escapes look like. */
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
        regex.append(end - at == 1 ? slash : path.substring(at, end));
        at = end;
      } else if (c == '%') {
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
