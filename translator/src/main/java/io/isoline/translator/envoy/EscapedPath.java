package io.isoline.translator.envoy;

import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.isoline.translator.model.PathMatch;

/**
 * Matches a path with escapes whose hexadecimal digits are letters: requests may have them in small
 * letters or in capitals, and mean the same path. Envoy leaves them as they are and compares letter by
 * letter, so such a path is an expression; any other is not.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.1">RFC 3986, case
 *     normalization</a>
 */
final class EscapedPath {

  private EscapedPath() {}

  /**
   * Whether a path is one.
   *
   * @param path in normal form: each {@code %} is before two digits, and letters are capitals
   */
  static boolean hasTwoSpellings(String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      if (path.charAt(i + 1) >= 'A' || path.charAt(i + 2) >= 'A') {
        return true;
      }
    }
    return false;
  }

  /** The match for any spelling. */
  static RouteMatch.Builder match(PathMatch match) {
    String rest =
        switch (match) {
          case PathMatch.Exact _ -> "";
          case PathMatch.Prefix _ -> "(/.*)?";
        };
    return RouteMatch.newBuilder()
        .setSafeRegex(RegexMatcher.newBuilder().setRegex(anySpelling(match.path()) + rest));
  }

  private static String anySpelling(String path) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        regex.append(c).append(digit(path.charAt(i + 1))).append(digit(path.charAt(i + 2)));
        i += 2;
      } else if ("\\.+*?()|[]{}^$".indexOf(c) >= 0) {
        regex.append('\\').append(c);
      } else {
        regex.append(c);
      }
    }
    return regex.toString();
  }

  private static String digit(char digit) {
    return digit < 'A' ? String.valueOf(digit) : "[" + digit + Character.toLowerCase(digit) + "]";
  }
}
