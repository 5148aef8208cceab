package io.isoline.controlplane.peers;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a client of the xDS port is, by the DNS names in its certificate. The common name and names
 * with wildcards do not count.
 */
public enum PeerRole {
  /** An Envoy: it may ask for resources. */
  ENVOY("isoline-envoy"),
  /** Another replica of the control plane. */
  REPLICA("isoline");

  private static final int DNS_NAME = 2; // RFC 5280, GeneralName

  private final String dnsName;

  PeerRole(String dnsName) {
    this.dnsName = dnsName;
  }

  /** The DNS subject alternative name that gives this role. */
  public String dnsName() {
    return dnsName;
  }

  /** The roles of the owner of a certificate; empty for a stranger. */
  public static Set<PeerRole> of(X509Certificate certificate) throws CertificateParsingException {
    Set<PeerRole> roles = EnumSet.noneOf(PeerRole.class);
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names == null) {
      return roles;
    }
    for (List<?> name : names) {
      if (name.get(0).equals(DNS_NAME) && name.get(1) instanceof String text) {
        for (PeerRole role : values()) {
          if (role.dnsName.equals(text.toLowerCase(Locale.ROOT))) {
            roles.add(role);
          }
        }
      }
    }
    return roles;
  }
}
