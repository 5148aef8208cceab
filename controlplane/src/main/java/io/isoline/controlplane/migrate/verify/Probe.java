package io.isoline.controlplane.migrate.verify;

import io.isoline.translator.ObjectRef;
import java.util.List;
import java.util.Set;

/**
 * One request that both controllers get.
 *
 * @param tls whether by TLS, with the host as SNI
 * @param host a DNS name
 * @param target the path and the query, escaped
 * @param headers besides Host
 * @param origin what of which Ingress it is made of
 */
record Probe(
    boolean tls, String host, String method, String target, List<Header> headers, Origin origin) {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  Probe {
    headers = List.copyOf(headers);
  }

  /** A header line. */
  record Header(String name, String value) {}

  /**
   * Where a request comes from.
   *
   * @param ingress the Ingress that it is about
   * @param about what it tries, in words
   * @param certificate whether the Ingress gives the host a certificate, so that both have the same
   * @param random whether chance decides which backend answers, so that backends are not compared
   */
  record Origin(ObjectRef ingress, String about, boolean certificate, boolean random) {}

  /** What tells requests apart. */
  record Key(boolean tls, String host, String method, String target, List<Header> headers) {}

  Key key() {
    return new Key(tls, host, method, target, headers);
  }

  /** Whether it may be sent again without harm, by RFC 9110. */
  boolean isSafe() {
    return SAFE.contains(method);
  }

  String url() {
    return (tls ? "https://" : "http://") + host + target;
  }
}
