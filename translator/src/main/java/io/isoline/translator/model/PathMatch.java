package io.isoline.translator.model;

import java.util.Comparator;

/** What a route says of the path of a request. Paths are compared with their case, without query. */
public sealed interface PathMatch {

  /** In which order routes are tried: exact ones first, then the longest prefix, then expressions. */
  Comparator<PathMatch> MOST_SPECIFIC_FIRST =
      Comparator.comparingInt(PathMatch::rank)
          .thenComparingInt(match -> -match.path().length())
          .thenComparing(PathMatch::path);

  PathMatch ALL = new Prefix("/");

  /** The path, or the expression for it. */
  String path();

  private static int rank(PathMatch match) {
    return switch (match) {
      case Exact _ -> 0;
      case Prefix _ -> 1;
      case Expression _ -> 2;
    };
  }

  /** The path and nothing else; {@code /foo} is not {@code /foo/}. */
  record Exact(String path) implements PathMatch {
    @Override
    public String toString() {
      return "Exact " + path;
    }
  }

  /**
   * The path and everything below it, element by element: {@code /foo} has {@code /foo/bar} but
   * not {@code /foobar}.
   *
   * @param path without a slash at the end, but for {@code /} itself
   */
  record Prefix(String path) implements PathMatch {
    @Override
    public String toString() {
      return "Prefix " + path;
    }
  }

  /**
   * The paths that an expression matches.
   *
   * @param path as it was written
   * @param regex the same for the whole path as Envoy sees it, in the syntax of RE2, checked
   * @param literal how many characters are the same in the beginning of all that it matches
   */
  record Expression(String path, String regex, int literal) implements PathMatch {
    @Override
    public String toString() {
      return "Expression " + path;
    }
  }
}
