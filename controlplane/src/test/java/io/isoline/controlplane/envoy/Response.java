package io.isoline.controlplane.envoy;

import java.util.List;
import java.util.Locale;

/**
 * An answer to a request.
 *
 * @param headers as they came, in their order
 */
public record Response(int status, List<Header> headers, String body) {

  /** A header line. */
  public record Header(String name, String value) {}

  /** All values of a header; names are compared without case. */
  public List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /** The values of a header in one, empty when it is not there. */
  public String header(String name) {
    return String.join(", ", all(name));
  }

  /** The backend that answered; empty when it was Envoy. */
  String backend() {
    return header("x-backend");
  }

  /** What the backend got, its body being an echo. */
  Request echo() {
    if (backend().isEmpty()) {
      throw new AssertionError("no backend answered: " + this);
    }
    return Request.parse(body);
  }

  /** The status, and the backend if one answered: the outcome of routing in one word. */
  String route() {
    return backend().isEmpty()
        ? Integer.toString(status)
        : status == 200 ? backend() : status + " " + backend().toLowerCase(Locale.ROOT);
  }
}
