package io.isoline.translator.model;

import java.util.List;

/**
 * Headers that answers get in the place of those of the backend; of one with an empty value they have
 * none.
 *
 * @param headers by name, each once
 */
public record ResponseHeaders(List<Header> headers) implements RouteOption {
  public ResponseHeaders {
    headers = List.copyOf(headers);
  }
}
