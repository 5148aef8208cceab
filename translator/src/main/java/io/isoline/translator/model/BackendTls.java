package io.isoline.translator.model;

import io.isoline.translator.ObjectRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken to a backend, where it is spoken.
 *
 * @param secret whose certificate is shown to the backend, and whose authorities vouch for that of
 *     the backend; null for none
 * @param name what the backend is called: letters, digits and {@code - . _}, or an IPv4 address; null
 *     for the host of the request, or the DNS name that the upstream is resolved by
 * @param announced whether the name is sent when TLS begins (SNI)
 * @param verified whether the backend has to show a certificate for the name, of one of the
 *     authorities; only with a Secret
 * @param ciphers the suites of TLS 1.2 by their names in BoringSSL; empty for Envoy's own
 */
public record BackendTls(
    @Nullable ObjectRef secret,
    @Nullable String name,
    boolean announced,
    boolean verified,
    Versions versions,
    List<String> ciphers) {

  /** The backend is told the host of the request, and is trusted. */
  public static final BackendTls NONE =
      new BackendTls(null, null, true, false, Versions.ANY, List.of());

  /** The same without a name, as nginx does. */
  public static final BackendTls OF_NGINX = NONE.unannounced();

  /** The versions that are offered. */
  public enum Versions {
    /** TLS 1.2 and 1.3. */
    ANY,
    TLS_1_2,
    TLS_1_3,
    /** TLS 1.2 where there are authorities, else any: so has it ingress-nginx. */
    OF_NGINX
  }

  public BackendTls {
    ciphers = List.copyOf(ciphers);
  }

  /** The same, which sends no name. */
  private BackendTls unannounced() {
    return new BackendTls(secret, name, false, verified, versions, ciphers);
  }
}
