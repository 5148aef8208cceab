package io.isoline.controlplane.migrate.verify;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Makes paths of requests from the path of a rule: the path itself, and its neighbours. */
final class Paths {

  private static final String WORD = "isoline-verify";

  /** Characters of a path; what is longer is no test of routing. */
  private static final int LONGEST = 2000;

  /** Besides letters and digits, what RFC 3986 has in a path. */
  private static final String UNESCAPED = "-._~!$&'()*+,;=:@/%";

  private Paths() {}

  /** The path, and its neighbours, each with what it tries; nothing for a path that is too long. */
  static Map<String, String> near(String path) {
    Map<String, String> near = new LinkedHashMap<>();
    String escaped = escaped(path);
    if (escaped.length() > LONGEST) {
      return near;
    }
    boolean slash = escaped.endsWith("/");
    near.put(escaped, "the path");
    if (slash && escaped.length() > 1) {
      near.putIfAbsent(escaped.substring(0, escaped.length() - 1), "without the slash at its end");
    } else if (!slash) {
      near.putIfAbsent(escaped + "/", "with a slash at its end");
      near.putIfAbsent(escaped + WORD, "a longer name");
    }
    near.putIfAbsent(escaped + (slash ? "" : "/") + WORD, "below the path");
    near.putIfAbsent(otherCase(escaped), "in another case");
    near.putIfAbsent(escaped + "?" + WORD + "=1", "with a query");
    return near;
  }

  /** A path that no rule has. */
  static String unknown() {
    return "/" + WORD + "-unknown";
  }

  /** Letters change their case, but for those of escapes. */
  private static String otherCase(String path) {
    String upper = path.toUpperCase(Locale.ROOT);
    return upper.equals(path) ? path.toLowerCase(Locale.ROOT) : upper;
  }

  /** Escapes a path so that it can stand in a request line, whatever its author wrote. */
  static String escaped(String path) {
    StringBuilder escaped = new StringBuilder(path.length() + 16);
    if (!path.startsWith("/")) {
      escaped.append('/');
    }
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || UNESCAPED.indexOf(c) >= 0;
      if (plain) {
        escaped.append(c);
      } else {
        escaped.append("%%%02X".formatted((int) c));
      }
    }
    return escaped.toString();
  }
}
