package io.isoline.translator.model;

import java.util.List;

/**
 * What of a request is hashed, so that requests that have it in common go to one endpoint.
 *
 * @param parts in their order; what a request lacks counts as an empty text, so that all requests
 *     without any of them go to one endpoint, too
 */
public record HashBy(List<Part> parts) implements RouteOption {

  public HashBy {
    parts = List.copyOf(parts);
  }

  /** A part of what is hashed. */
  public sealed interface Part {

    /** Whether every request has it. */
    default boolean isAlwaysThere() {
      return this instanceof Path || this instanceof Query || this instanceof ClientAddress;
    }

    /** The value of a header, its name in lower case; also {@code :path}, which has the query. */
    record Header(String name) implements Part {
      @Override
      public boolean isAlwaysThere() {
        return name.startsWith(":");
      }
    }

    /** The path without the query. */
    record Path() implements Part {}

    /** The query without the path. */
    record Query() implements Part {}

    /** The value of a cookie. */
    record Cookie(String name) implements Part {}

    /** The value of a parameter of the query. */
    record Parameter(String name) implements Part {}

    /** The address of the client, without its port. */
    record ClientAddress() implements Part {}
  }
}
