package io.isoline.translator.ingress;

import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code path} and {@code pathType} of a rule into the form in which Envoy sees paths: after
 * normalisation, with non-ASCII bytes percent-encoded.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types">Path
 *     types</a>
 */
sealed interface PathReading {

  /**
   * The path can be matched.
   *
   * @param difference why it is not what its author may have meant, null when there is no doubt
   */
  record Usable(PathMatch match, @Nullable String difference) implements PathReading {}

  /** The path can't be used: why, and what to do. */
  record Unusable(String message, String fix) implements PathReading {}

  /** The path type for which controllers have rules of their own. */
  String SPECIFIC = "ImplementationSpecific";

  /** Characters that Envoy leaves in a path as they are, apart from letters and digits. */
  String PLAIN = "-._~!$&'()*+,;=:@/[]";

  /** Those of them whose escapes Envoy's normalisation undoes, apart from letters and digits. */
  String UNRESERVED = "-._~";

  /**
   * How long a path with escapes may be: it becomes an expression, a character of which is one
   * instruction of RE2, and Envoy takes 1,000 with our bootstrap.
   */
  int LONGEST_WITH_ESCAPES = 900;

  /**
   * The size of the program of RE2 for a path, which Envoy limits to 1,000 with our bootstrap: a
   * character is one instruction, what stands for a slash nine more, and some are for the end.
   */
  int LONGEST_PATTERN = 900;

  int PER_SLASH = 10;

  Pattern ESCAPED_SLASH = Pattern.compile("%2[fF]|%5[cC]");

  /** An element of dots, which Envoy resolves, also where it has parameters after a semicolon. */
  Pattern RELATIVE = Pattern.compile("/\\.\\.?(;[^/]*)?(/|$)");

  /** Why there is nothing to read; null when there is. */
  static @Nullable Unusable missing(@Nullable String path, @Nullable String pathType) {
    if (pathType == null) {
      return new Unusable(
          "pathType is missing; the API requires it", "add pathType: Prefix, or Exact");
    }
    if (!pathType.equals(SPECIFIC) && !pathType.equals("Prefix") && !pathType.equals("Exact")) {
      return new Unusable(
          "pathType \"" + pathType + "\" does not exist",
          "use Prefix, Exact or ImplementationSpecific");
    }
    return (path == null || path.isEmpty()) && !pathType.equals(SPECIFIC)
        ? new Unusable("path is missing; pathType " + pathType + " requires it", "add path: /")
        : null;
  }

  /**
   * Reads them, the path as a literal one.
   *
   * @param paths which spellings of slashes requests can have
   */
  static PathReading of(@Nullable String path, @Nullable String pathType, HttpOptions.Paths paths) {
    Unusable missing = missing(path, pathType);
    if (missing != null || pathType == null) {
      return Objects.requireNonNull(missing);
    }
    boolean specific = pathType.equals(SPECIFIC);
    if (path == null || path.isEmpty()) {
      return new Usable(PathMatch.ALL, null);
    }
    PathReading reading = check(path, pathType, specific, paths);
    return reading instanceof Unusable && PathExpression.isMeant(path)
        ? new Unusable(
            "path \""
                + path
                + "\" is an expression; Isoline takes paths literally, and no request has such a"
                + " path",
            PathExpression.fix(path) + "; or add the annotation use-regex")
        : reading;
  }

  private static PathReading check(
      String path, String pathType, boolean specific, HttpOptions.Paths paths) {
    if (!path.startsWith("/")) {
      return new Unusable("path \"" + path + "\" does not start with /", "write /" + path);
    }
    if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      return new Unusable(
          "the path contains a control character, which no request has", "remove the character");
    }
    String lower = path.toLowerCase(Locale.ROOT);
    for (String never : new String[] {"//", "/./", "/../", "%2f", "%5c", "%00", "\\"}) {
      boolean kept =
          switch (never) {
            case "//" -> !paths.merges() && !lower.endsWith("//");
            case "%2f", "%5c" -> paths.keepsEscapes();
            default -> false;
          };
      if (!kept && lower.contains(never)) {
        return new Unusable(
            "path \"" + path + "\" contains " + never + ", which no normalised request has",
            "write the path as it is after normalisation");
      }
    }
    if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      return new Unusable(
          "path \"" + path + "\" contains a query or fragment, which are not part of a path",
          "end it before the ? or #; Ingress can't match queries");
    }
    String canonical = canonical(path);
    if (canonical == null) {
      return new Unusable(
          "path \"" + path + "\" has a % that is not followed by two hexadecimal digits",
          "write %25 for the character % itself");
    }
    if (canonical.length() > LONGEST_WITH_ESCAPES && canonical.indexOf('%') >= 0) {
      return new Unusable(
          "the path has escapes, or characters that need them, and more than "
              + LONGEST_WITH_ESCAPES
              + " characters with them",
          "shorten it");
    }
    if (paths.leavesSlashes()
        && canonical.length() + PER_SLASH * canonical.chars().filter(c -> c == '/').count()
            > LONGEST_PATTERN) {
      return new Unusable(
          "the path is too long to be matched where paths.escapedSlashes or paths.mergeSlashes"
              + " leave slashes in several spellings",
          "shorten it to 500 characters with 40 slashes");
    }
    // Beside an escaped slash that is kept, dots are denied.
    String slashes = ESCAPED_SLASH.matcher(canonical).replaceAll("/");
    if (RELATIVE.matcher(slashes).find()) {
      return new Unusable(
          "path \"" + path + "\" has a relative element, which no normalised request has",
          "write the path as it is after normalisation");
    }
    String doubt = PathExpression.doubt(path, specific);
    return new Usable(
        pathType.equals("Exact")
            ? new PathMatch.Exact(canonical)
            : new PathMatch.Prefix(trim(canonical)),
        doubt);
  }

  /** Without slashes at the end: {@code /foo/} and {@code /foo} are the same prefix. */
  private static String trim(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /** As Envoy sees it in a normalised request; null when an escape is broken. */
  private static @Nullable String canonical(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int octet = bytes[i] & 0xff;
      if (octet == '%') {
        if (i + 2 >= bytes.length
            || !HexFormat.isHexDigit(bytes[i + 1])
            || !HexFormat.isHexDigit(bytes[i + 2])) {
          return null;
        }
        int escaped = HexFormat.fromHexDigits(digits(bytes, i + 1));
        if (isAlphanumeric(escaped) || UNRESERVED.indexOf(escaped) >= 0) {
          text.append((char) escaped);
        } else {
          text.append('%').append(digits(bytes, i + 1).toUpperCase(Locale.ROOT));
        }
        i += 2;
      } else if (isPlain(octet)) {
        text.append((char) octet);
      } else {
        text.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) octet));
      }
    }
    return text.toString();
  }

  /** The two digits of an escape. */
  private static String digits(byte[] bytes, int at) {
    return "" + (char) bytes[at] + (char) bytes[at + 1];
  }

  private static boolean isPlain(int octet) {
    return isAlphanumeric(octet) || PLAIN.indexOf(octet) >= 0;
  }

  private static boolean isAlphanumeric(int octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9');
  }
}
