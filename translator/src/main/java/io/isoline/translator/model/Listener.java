package io.isoline.translator.model;

/**
 * One thing that clients connect to.
 *
 * @param name of the resource; also of its statistics
 */
public record Listener(String name, Bind bind, Traffic traffic) {

  /** What is made of its connections. */
  public sealed interface Traffic {}

  /**
   * Requests without TLS.
   *
   * @param target what is done with them
   */
  public record PlainHttp(ToHttp target) implements Traffic {}

  /**
   * TLS, by the {@link TlsChain}s of the listener.
   *
   * @param fallback for names that no chain has: it shows the default certificate
   */
  public record Tls(TlsOptions options, ToHttp fallback) implements Traffic {}

  /**
   * Requests are read, and routed by the hosts of a space.
   *
   * @param space where their routes are
   * @param forwardedPort what backends see in X-Forwarded-Port, 0 for the port of the listener itself
   * @param strictTransportSecurity whether hosts may have that header added
   * @param errorsOfNginx whether answers of Envoy itself are like those of nginx: HTML, and 502 and 504
   *     where no connection is made
   */
  public record ToHttp(
      RouteSpace space,
      HttpOptions options,
      int forwardedPort,
      boolean strictTransportSecurity,
      boolean errorsOfNginx) {}
}
