package io.isoline.controlplane.certs;

import io.fabric8.kubernetes.api.model.Secret;
import io.isoline.controlplane.peers.PeerRole;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the three Secrets with the certificates for xDS have to hold: a pure function of
 * what they hold and of the time.
 *
 * <p>Everything is renewed when two thirds of its life are over, so a failure has weeks to be seen
 * and mended. The hard part is a new CA, as nobody reads all Secrets in the same moment: a kubelet
 * takes a minute or two to bring a Secret into a pod. So the new CA is first only <em>trusted</em>,
 * beside the old one, in {@code ca.crt} of all three; certificates that are good stay as they are
 * until the new CA is {@link #SETTLED_AFTER} old, and are issued by it when they are due. The old
 * CA remains in {@code ca.crt} until it expires, but its key is gone.
 */
final class XdsCertificates {

  /** The Secret of the CA: its certificate, its key, and all CAs that are trusted. */
  static final String CA_SECRET = "isoline-ca";

  /** How long a CA is trusted before it issues in the place of another. */
  static final Duration SETTLED_AFTER = Duration.ofDays(1);

  private XdsCertificates() {}

  /** The names of all three Secrets. */
  static List<String> secretNames() {
    return Stream.concat(
            Stream.of(CA_SECRET), Stream.of(XdsIdentity.values()).map(XdsIdentity::secretName))
        .toList();
  }

  /**
   * Decides what has to change.
   *
   * @param existing those of the three Secrets that exist; others are ignored
   * @param namespace of the Secrets; null leaves it to whoever writes them
   */
  static Renewal renew(Collection<Secret> existing, @Nullable String namespace, Instant now) {
    Map<String, Secret> secrets = new HashMap<>();
    for (Secret secret : existing) {
      secrets.put(secret.getMetadata().getName(), secret);
    }
    List<String> missing =
        secretNames().stream().filter(name -> !secrets.containsKey(name)).toList();
    List<String> foreign =
        secretNames().stream()
            .filter(
                name -> {
                  Secret secret = secrets.get(name);
                  return secret != null && !TlsSecret.isOurs(secret);
                })
            .toList();
    if (!foreign.isEmpty()) {
      return new Renewal(List.of(), List.of(), foreign, missing);
    }
    return new Turn(secrets, namespace, now).renew(missing);
  }

  /** One decision. */
  private static final class Turn {
    private final Map<String, Secret> secrets;
    private final @Nullable String namespace;
    private final Instant now;
    private final List<Secret> write = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();

    Turn(Map<String, Secret> secrets, @Nullable String namespace, Instant now) {
      this.secrets = secrets;
      this.namespace = namespace;
      this.now = now;
    }

    Renewal renew(List<String> missing) {
      Credential old = stored(CA_SECRET);
      String problem = problemOfAuthority(old);
      CertificateAuthority authority =
          old == null || problem != null
              ? CertificateAuthority.create(now)
              : new CertificateAuthority(old);
      Set<X509Certificate> trusted = trusted(authority);
      String bundle = trusted.stream().map(Credential::pem).collect(Collectors.joining());
      put(CA_SECRET, authority.credential(), bundle, problem);
      for (XdsIdentity identity : XdsIdentity.values()) {
        Credential leaf = stored(identity.secretName());
        String why = problemOfLeaf(identity, leaf, authority, trusted);
        put(
            identity.secretName(),
            leaf == null || why != null ? authority.issue(identity, now) : leaf,
            bundle,
            why);
      }
      return new Renewal(write, reasons, List.of(), missing);
    }

    private @Nullable String problemOfAuthority(@Nullable Credential stored) {
      if (!secrets.containsKey(CA_SECRET)) {
        return "it did not exist";
      }
      if (stored == null || stored.certificate().getBasicConstraints() < 0) {
        return "it held no CA with its key";
      }
      return stored.isValid(now) ? problemOfAge(stored) : "it had expired";
    }

    private @Nullable String problemOfAge(Credential stored) {
      return now.isBefore(stored.renewAt())
          ? null
          : "it would have expired on " + stored.notAfter();
    }

    private @Nullable String problemOfLeaf(
        XdsIdentity identity,
        @Nullable Credential stored,
        CertificateAuthority authority,
        Set<X509Certificate> trusted) {
      if (!secrets.containsKey(identity.secretName())) {
        return "it did not exist";
      }
      if (stored == null) {
        return "it held no certificate with its key";
      }
      if (!names(stored.certificate()).contains(identity.role())) {
        return "its certificate was not for the DNS name " + identity.role().dnsName();
      }
      if (!stored.isValid(now)) {
        return "its certificate had expired";
      }
      if (trusted.stream()
          .noneMatch(each -> CertificateAuthority.isIssuer(each, stored.certificate()))) {
        return "its certificate was of a CA that is not trusted";
      }
      boolean settled =
          authority.isIssuerOf(stored.certificate())
              || !now.isBefore(authority.credential().notBefore().plus(SETTLED_AFTER));
      return settled ? problemOfAge(stored) : null;
    }

    private static Set<PeerRole> names(X509Certificate certificate) {
      try {
        return PeerRole.of(certificate);
      } catch (CertificateParsingException e) {
        return Set.of();
      }
    }

    /** The CA that issues, then all others that any of the Secrets trusts, the youngest first. */
    private Set<X509Certificate> trusted(CertificateAuthority authority) {
      Set<X509Certificate> trusted = new LinkedHashSet<>();
      trusted.add(authority.credential().certificate());
      secretNames().stream()
          .flatMap(name -> Credential.certificates(text(name, TlsSecret.AUTHORITIES)).stream())
          .filter(certificate -> certificate.getNotAfter().toInstant().isAfter(now))
          .sorted(
              Comparator.comparing(X509Certificate::getNotBefore)
                  .reversed()
                  .thenComparing(X509Certificate::getSerialNumber))
          .forEach(trusted::add);
      return trusted;
    }

    private @Nullable Credential stored(String name) {
      return Credential.read(text(name, TlsSecret.CERTIFICATE), text(name, TlsSecret.KEY));
    }

    private String text(String name, String key) {
      return TlsSecret.text(secrets.get(name), key);
    }

    private void put(String name, Credential credential, String bundle, @Nullable String why) {
      String reason = why;
      if (reason == null) {
        if (text(name, TlsSecret.AUTHORITIES).equals(bundle)) {
          return;
        }
        reason = "the CAs that are trusted have changed";
      }
      write.add(
          TlsSecret.of(
              secrets.get(name),
              name,
              namespace,
              Map.of(
                  TlsSecret.CERTIFICATE,
                  credential.certificatePem(),
                  TlsSecret.KEY,
                  credential.keyPem(),
                  TlsSecret.AUTHORITIES,
                  bundle)));
      reasons.add(reason);
    }
  }
}
