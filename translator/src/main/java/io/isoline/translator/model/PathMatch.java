package io.isoline.translator.model;

import java.util.Comparator;

/** What a route says of the path of a request. Paths are compared with their case, without query. */
public sealed interface PathMatch {

  /** In which order routes are tried: exact ones first, then the longest prefix. */
  Comparator<PathMatch> MOST_SPECIFIC_FIRST =
      Comparator.comparing((PathMatch match) -> match instanceof Prefix)
          .thenComparingInt(match -> -match.path().length())
          .thenComparing(PathMatch::path);

  PathMatch ALL = new Prefix("/");

  String path();

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
}
