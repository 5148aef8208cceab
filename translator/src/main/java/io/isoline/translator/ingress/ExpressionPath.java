package io.isoline.translator.ingress;

import io.isoline.translator.expression.Expression;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.PathMatch;
import org.jspecify.annotations.Nullable;

/** Reads {@code path} of a rule as a regular expression, whatever its type. */
final class ExpressionPath {

  private static final String FIX = "write an expression that RE2 has, of moderate size";

  private ExpressionPath() {}

  /**
   * Reads one.
   *
   * @param path as it was written; empty for all paths
   * @param paths which spellings of slashes requests can have
   */
  static PathReading of(String path, HttpOptions.Paths paths) {
    if (path.isEmpty() || path.equals("/")) {
      return new PathReading.Usable(PathMatch.ALL, null);
    }
    if (!path.startsWith("/")) {
      return new PathReading.Unusable(
          "path \"" + path + "\" does not start with /", "write /" + path);
    }
    return switch (Expression.read(path)) {
      case Expression.Reading.Bad(String why) -> unusable(path, why);
      case Expression.Reading.Good(Expression expression) -> {
        String regex = expression.matching(paths);
        yield regex == null
            ? unusable(path, "its program is too large")
            : new PathReading.Usable(
                new PathMatch.Expression(path, regex, expression.literalPrefix()),
                difference(path, expression));
      }
    };
  }

  private static PathReading unusable(String path, String why) {
    String shown = path.length() <= 100 ? path : path.substring(0, 100) + "…";
    return new PathReading.Unusable(
        "path \"" + shown + "\" is no expression that Isoline takes: " + why, FIX);
  }

  private static @Nullable String difference(String path, Expression expression) {
    return expression.hasAlternatives()
        ? "each alternative of \""
            + path
            + "\" is matched from the beginning of the path; ingress-nginx matches all but the"
            + " first anywhere"
        : null;
  }
}
