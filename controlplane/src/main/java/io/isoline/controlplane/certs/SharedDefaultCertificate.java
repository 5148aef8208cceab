package io.isoline.controlplane.certs;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.Secret;
import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.translator.tls.ServerCertificate;
import io.isoline.translator.tls.ServerCertificate.Invalid;
import io.isoline.translator.tls.ServerCertificate.Valid;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the Secret with the default certificate has to hold, so that all replicas serve the
 * same one. A certificate is kept until {@link DefaultCertificate#RENEW_BEFORE} before its end, as
 * people may have told their browsers to trust it.
 */
final class SharedDefaultCertificate {

  static final String SECRET = "isoline-default-certificate";

  private SharedDefaultCertificate() {}

  static Renewal renew(Collection<Secret> existing, @Nullable String namespace, Instant now) {
    Optional<Secret> found =
        existing.stream().filter(each -> each.getMetadata().getName().equals(SECRET)).findAny();
    if (found.isPresent() && !TlsSecret.isOurs(found.get())) {
      return new Renewal(List.of(), List.of(), List.of(SECRET), List.of());
    }
    Secret old = found.orElse(null);
    String problem = old == null ? "it did not exist" : problem(old, now);
    if (problem == null) {
      return new Renewal(List.of(), List.of(), List.of(), List.of());
    }
    Valid created = DefaultCertificate.create(now);
    Secret written =
        TlsSecret.of(
            old,
            SECRET,
            namespace,
            Map.of(
                TlsSecret.CERTIFICATE,
                created.chain().toStringUtf8(),
                TlsSecret.KEY,
                created.key().toStringUtf8()));
    return new Renewal(
        List.of(written),
        List.of(problem),
        List.of(),
        old == null ? List.of(SECRET) : List.of());
  }

  private static @Nullable String problem(Secret secret, Instant now) {
    ServerCertificate held =
        ServerCertificate.read(
            ByteString.copyFromUtf8(TlsSecret.text(secret, TlsSecret.CERTIFICATE)),
            TlsSecret.CERTIFICATE,
            ByteString.copyFromUtf8(TlsSecret.text(secret, TlsSecret.KEY)),
            TlsSecret.KEY,
            now);
    return switch (held) {
      case Valid valid when valid.notAfter().isAfter(now.plus(DefaultCertificate.RENEW_BEFORE)) ->
          null;
      case Valid valid -> "it would have expired on " + valid.notAfter();
      case Invalid invalid -> invalid.message();
    };
  }
}
