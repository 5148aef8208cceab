package io.isoline.translator.ingress;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Regular expressions and wildcards that stand where a plain path is expected. */
final class PathExpression {

  /** Characters that hardly anybody writes in a plain path of ImplementationSpecific. */
  private static final String SUSPICIOUS = "()[]{}^$|\\*";

  /** What no plain path has. A lone {@code (2024)} or {@code $batch} is plain. */
  private static final Pattern CERTAIN =
      Pattern.compile("[\\[\\]{}^|\\\\*]|\\$(?=$|[)|])|\\.\\+|[)\\]][?+]|\\(/|\\(\\?");

  /** A question mark that begins no query, as nothing follows it, or more of an expression. */
  private static final Pattern OPTIONAL = Pattern.compile("\\?(?=$|[($)|*])");

  /** What may follow a prefix that stands for all below it. No part of it repeats. */
  private static final Pattern EVERYTHING_BELOW =
      Pattern.compile(
          "(/\\?)?(\\((\\?:)?/\\|\\$\\))?(\\((\\?:)?/?\\.[*+]\\)\\??|/?\\.[*+]|\\*)?\\$?");

  private PathExpression() {}

  /** Whether the author of a path wrote an expression. */
  static boolean isMeant(String path) {
    return CERTAIN.matcher(path).find() || OPTIONAL.matcher(path).find();
  }

  /**
   * Why a path may not do what its author wants; null when there is no doubt.
   *
   * @param specific whether it is ImplementationSpecific, where other controllers take expressions
   */
  static @Nullable String doubt(String path, boolean specific) {
    int at = specific ? firstSuspicious(path) : -1;
    Matcher certain = CERTAIN.matcher(path);
    if (at < 0 && certain.find()) {
      at = certain.start();
    }
    return at < 0
        ? null
        : "path \""
            + path
            + "\" looks like an expression and is taken literally: "
            + (specific ? "ImplementationSpecific is a plain prefix here, so " : "")
            + path.charAt(at)
            + " stands for itself";
  }

  private static int firstSuspicious(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (SUSPICIOUS.indexOf(path.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** What to write in place of an expression. */
  static String fix(String path) {
    String plain = plain(path);
    return plain == null
        ? "write each path that is wanted, with pathType: Prefix or Exact"
        : "write the plain prefix " + plain + ", with pathType: Prefix";
  }

  /** The prefix that has just what the expression has, or less; null when there is none. */
  private static @Nullable String plain(String path) {
    StringBuilder plain = new StringBuilder();
    int i = path.startsWith("^") ? 1 : 0;
    for (; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean escaped =
          c == '\\' && i + 1 < path.length() && !Character.isLetterOrDigit(path.charAt(i + 1));
      if (escaped) {
        i++;
        plain.append(path.charAt(i));
      } else if (SUSPICIOUS.indexOf(c) >= 0 || c == '?' || c == '+') {
        break;
      } else {
        plain.append(c);
      }
    }
    // What a quantifier stands for belongs to the expression.
    int last = plain.length() - 1;
    if (i < path.length() && last >= 0 && "?*+".indexOf(path.charAt(i)) >= 0) {
      char quantified = plain.charAt(last);
      if (quantified == '.' || (quantified == '/' && path.charAt(i) == '?')) {
        plain.setLength(last);
        i--;
      }
    }
    if (!EVERYTHING_BELOW.matcher(path.substring(i)).matches()) {
      return null;
    }
    while (plain.length() > 1 && plain.charAt(plain.length() - 1) == '/') {
      plain.setLength(plain.length() - 1);
    }
    if (plain.isEmpty() || plain.charAt(0) != '/') {
      plain.insert(0, '/');
    }
    return plain.toString();
  }
}
