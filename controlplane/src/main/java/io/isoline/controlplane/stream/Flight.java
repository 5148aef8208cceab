package io.isoline.controlplane.stream;

import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.Resource;
import java.util.Map;
import java.util.Set;

/**
 * A response that the client has not answered yet.
 *
 * @param number counts the responses of a stream
 * @param version of the response
 * @param purpose of the upserts
 * @param upserts what it was sent for, by name: what may be refused
 * @param removals names that are gone once it is acknowledged
 * @param sentAt nanoseconds
 */
record Flight(
    long number,
    String version,
    Purpose purpose,
    Map<String, Resource> upserts,
    Set<String> removals,
    long sentAt) {
  String nonce() {
    return Long.toString(number);
  }

  /**
   * Whether a request with this nonce and without an error says that the client took it. One of
   * state of the world with an older version does not: the client asks for other names first.
   */
  boolean isTakenBy(AdsRequest.Interest interest) {
    return !(interest instanceof SotwInterest sotw) || sotw.version().equals(version);
  }
}
