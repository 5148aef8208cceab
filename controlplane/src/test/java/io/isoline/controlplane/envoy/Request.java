package io.isoline.controlplane.envoy;

import io.isoline.controlplane.envoy.Response.Header;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as a backend got it.
 *
 * @param target path and query as they were on the wire
 * @param version as {@code HTTP/1.1}
 */
record Request(String method, String target, String version, List<Header> headers) {

  /** Reads the lines before the body. */
  static Request parse(String head) {
    List<String> lines = head.lines().toList();
    String[] first = lines.getFirst().split(" ", 3);
    List<Header> headers = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    return new Request(first[0], first[1], first[2], headers);
  }

  /** The values of a header in one, empty when it is not there. */
  String header(String name) {
    return String.join(
        ", ",
        headers.stream()
            .filter(header -> header.name().equalsIgnoreCase(name))
            .map(Header::value)
            .toList());
  }
}
