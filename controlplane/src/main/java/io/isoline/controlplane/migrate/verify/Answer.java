package io.isoline.controlplane.migrate.verify;

import java.util.List;
import java.util.SortedMap;

/** What came back for a request. */
sealed interface Answer {

  /**
   * A response.
   *
   * @param headers by name in small letters; those of one name in their order
   * @param body its beginning, one character a byte
   * @param certificate the SHA-256 of the server's certificate in hex; empty without TLS
   */
  record Response(
      int status, SortedMap<String, List<String>> headers, String body, String certificate)
      implements Answer {

    /** All lines of a header as one text; empty when there is none. */
    String header(String name) {
      return String.join(", ", headers.getOrDefault(name, List.of()));
    }
  }

  /**
   * No response.
   *
   * @param reason in a few words that are the same for the same cause
   * @param connected whether the server could be reached
   */
  record None(String reason, boolean connected) implements Answer {}
}
