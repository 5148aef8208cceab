package io.isoline.translator.model;

import java.util.List;

/**
 * The requests that a route is for: those that all parts of it match.
 *
 * @param headers all of them have to match; {@code :method} is one for the method
 * @param query parameters of the query, all of which have to match
 */
public record RouteMatch(PathMatch path, List<Value> headers, List<Value> query) {

  /** All requests. */
  public static final RouteMatch ALL = of(PathMatch.ALL);

  public RouteMatch {
    headers = List.copyOf(headers);
    query = List.copyOf(query);
  }

  /** Requests with such a path. */
  public static RouteMatch of(PathMatch path) {
    return new RouteMatch(path, List.of(), List.of());
  }

  /**
   * What the value of a header or of a parameter has to be.
   *
   * @param name of a header in lower case
   */
  public record Value(String name, Text text) {}

  /** A text that is compared with its case. */
  public sealed interface Text {
    /** This text. */
    record Exact(String text) implements Text {}

    /**
     * One that an expression matches from its beginning to its end.
     *
     * @param expression in the syntax of RE2, checked
     */
    record Expression(String expression) implements Text {}
  }
}
