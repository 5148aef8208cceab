package io.isoline.translator.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken with clients of some hosts otherwise than with those of all.
 *
 * @param ciphers the suites of TLS 1.2 by their names in BoringSSL, in order of preference; empty for
 *     those of Envoy
 * @param clientsChoose whether the client's order of them goes before
 * @param verification null where clients are not asked for a certificate
 */
public record HostTls(
    List<String> ciphers, boolean clientsChoose, @Nullable ClientVerification verification) {

  /** As with all. */
  public static final HostTls NONE = new HostTls(List.of(), false, null);

  public HostTls {
    ciphers = List.copyOf(ciphers);
  }

  /** Tells it from others in the name of a chain; empty for that of all. */
  public String id() {
    StringBuilder id = new StringBuilder();
    if (verification != null) {
      id.append('+').append(verification.id());
    }
    if (!ciphers.isEmpty()) {
      id.append('+').append(String.join(":", ciphers));
    }
    return clientsChoose ? id.append("+clients-choose").toString() : id.toString();
  }
}
