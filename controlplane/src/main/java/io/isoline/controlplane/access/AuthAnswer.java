package io.isoline.controlplane.access;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an authentication service answered; its body does not matter. */
record AuthAnswer(int status, List<HeaderLine> headers) {

  AuthAnswer {
    headers = List.copyOf(headers);
  }

  /** The values of a header with commas between them; null when there is none. */
  @Nullable String header(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? null : values.stream().collect(Collectors.joining(", "));
  }

  List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equals(name))
        .map(HeaderLine::value)
        .toList();
  }

  boolean grants() {
    return status >= 200 && status < 300;
  }

  /** Leaves the headers out, so that no log shows them. */
  @Override
  public String toString() {
    return "status " + status;
  }
}
