package io.isoline.translator.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for hosts that have a certificate of their own, where their Ingresses say nothing else.
 *
 * @param redirectToHttps answer plain HTTP by 308 to HTTPS; {@code /.well-known/acme-challenge/} stays
 *     on HTTP
 * @param hsts the Strict-Transport-Security header, null for none
 */
public record HostSettings(boolean redirectToHttps, @Nullable Hsts hsts) {

  /**
   * RFC 6797, on HTTPS responses of hosts that have a certificate of their own.
   *
   * @param maxAge whole seconds
   */
  public record Hsts(Duration maxAge, boolean includeSubDomains, boolean preload) {}
}
