package io.isoline.translator.ingress;

import io.isoline.translator.model.PathMatch;
import java.util.Comparator;

/** In which order the paths of a host are tried some of which are expressions. */
final class PathOrder {

  /**
   * Of one namespace, which decides itself what goes before what: the longest text first, as
   * ingress-nginx does it.
   */
  static final Comparator<PathMatch> BY_TEXT =
      Comparator.<PathMatch>comparingInt(match -> -match.path().length())
          .thenComparing(PathMatch::path, Comparator.reverseOrder())
          .thenComparingInt(PathOrder::kind);

  /**
   * Of several namespaces: an expression goes before the paths of others only where all that it
   * matches begins with something longer than these. So it takes nothing from them that a plain
   * path of the same namespace could not take.
   */
  static final Comparator<PathMatch> BY_LITERAL =
      Comparator.<PathMatch>comparingInt(match -> -literal(match))
          .thenComparingInt(PathOrder::kind)
          .thenComparing(BY_TEXT);

  private PathOrder() {}

  private static int literal(PathMatch match) {
    return match instanceof PathMatch.Expression expression
        ? expression.literal()
        : match.path().length();
  }

  private static int kind(PathMatch match) {
    return switch (match) {
      case PathMatch.Exact _ -> 0;
      case PathMatch.Prefix _ -> 1;
      case PathMatch.Expression _ -> 2;
    };
  }
}
