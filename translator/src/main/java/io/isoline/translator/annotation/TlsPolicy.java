package io.isoline.translator.annotation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of an Ingress ask of its hosts as a whole. The oldest Ingress of the host's
 * owner decides it.
 *
 * @param clients what is asked of certificates of clients; null for nothing
 * @param ciphers the suites of TLS 1.2 by their names in BoringSSL; empty where nothing is asked
 * @param clientsChoose whether the client's order of suites goes before; null where nothing is asked
 * @param passes whether connections are passed on to the backend, which ends TLS; null where nothing
 *     is asked
 */
public record TlsPolicy(
    @Nullable ClientAuthentication clients,
    List<String> ciphers,
    @Nullable Boolean clientsChoose,
    @Nullable Boolean passes) {

  /** It asks for nothing. */
  public static final TlsPolicy NONE = new TlsPolicy(null, List.of(), null, null);

  public TlsPolicy {
    ciphers = List.copyOf(ciphers);
  }

  /** The same, and of what it does not ask for, what another one does. */
  public TlsPolicy or(TlsPolicy other) {
    return new TlsPolicy(
        clients == null ? other.clients : clients,
        ciphers.isEmpty() ? other.ciphers : ciphers,
        clientsChoose == null ? other.clientsChoose : clientsChoose,
        passes == null ? other.passes : passes);
  }
}
