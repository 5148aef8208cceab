package io.isoline.controlplane.certs;

import io.isoline.controlplane.peers.PeerRole;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** The parties that get a certificate of the CA. */
public enum XdsIdentity {
  /** Every replica of the control plane; it is a client of the other replicas, too. */
  SERVER("isoline-xds-server", PeerRole.REPLICA),
  /** Every Envoy. */
  CLIENT("isoline-xds-client", PeerRole.ENVOY);

  private final String secretName;
  private final PeerRole role;

  XdsIdentity(String secretName, PeerRole role) {
    this.secretName = secretName;
    this.role = role;
  }

  /** The name of the Secret that holds the certificate. */
  public String secretName() {
    return secretName;
  }

  PeerRole role() {
    return role;
  }

  List<KeyPurposeId> purposes() {
    return switch (this) {
      case SERVER -> List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
      case CLIENT -> List.of(KeyPurposeId.id_kp_clientAuth);
    };
  }
}
