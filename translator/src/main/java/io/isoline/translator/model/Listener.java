package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * One thing that clients connect to.
 *
 * @param name of the resource; also of its statistics
 */
public record Listener(String name, Bind bind, Traffic traffic) {

  /** Where all of its traffic goes; null where it is read and routed. */
  public @Nullable Upstream passedTo() {
    return switch (traffic) {
      case Tcp tcp -> tcp.upstream();
      case Udp udp -> udp.upstream();
      case PlainHttp _, Tls _ -> null;
    };
  }

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
   * Connections that are passed on as they are.
   *
   * @param upstream speaks {@link Upstream.Protocol#TCP} or {@link Upstream.Protocol#TCP_WITH_PROXY}
   */
  public record Tcp(Upstream upstream) implements Traffic {}

  /**
   * Datagrams that are passed on as they are.
   *
   * @param upstream speaks {@link Upstream.Protocol#UDP}
   */
  public record Udp(Upstream upstream) implements Traffic {}

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
