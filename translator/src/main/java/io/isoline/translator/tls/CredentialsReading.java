package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.model.BackendCredentials;
import io.isoline.translator.model.KeyPair;
import org.jspecify.annotations.Nullable;

/**
 * What a Secret holds for TLS to a backend: a certificate to show in {@code tls.crt} and {@code
 * tls.key}, and the certificates of those who may issue that of the backend in {@code ca.crt}. Either
 * may be missing. What Envoy gets is written anew: the blocks of PEM and nothing else.
 */
public sealed interface CredentialsReading {

  /** Envoy takes it. */
  record Usable(BackendCredentials credentials) implements CredentialsReading {}

  /**
   * It cannot be used.
   *
   * @param message what is wrong, naming the data key
   * @param fix what to do about it
   */
  record Unusable(String message, String fix) implements CredentialsReading {}

  String AUTHORITIES = "ca.crt";

  /**
   * Reads a Secret of any type. Throws nothing, whatever the content. Whether a certificate has
   * expired is for the backend to say.
   *
   * @param verifies whether there have to be authorities
   */
  static CredentialsReading read(SecretRecord secret, boolean verifies) {
    ByteString authorities = secret.data().get(AUTHORITIES);
    boolean shows = secret.certificate() != null || secret.privateKey() != null;
    if (authorities == null && (verifies || !shows)) {
      return new Unusable(
          AUTHORITIES
              + " is missing"
              + (verifies ? ", by which the certificate of the backend is verified" : ""),
          "create the Secret by: kubectl create secret generic NAME --from-file=ca.crt=FILE");
    }
    KeyPair pair = null;
    if (shows) {
      switch (ServerCertificate.readAtAnyTime(secret)) {
        case ServerCertificate.Valid valid -> pair = new KeyPair(valid.chain(), valid.key());
        case ServerCertificate.Invalid invalid -> {
          return new Unusable(invalid.message(), invalid.fix());
        }
      }
    }
    return withAuthorities(authorities, pair);
  }

  private static CredentialsReading withAuthorities(
      @Nullable ByteString authorities, @Nullable KeyPair pair) {
    try {
      return new Usable(
          new BackendCredentials(
              pair,
              authorities == null
                  ? ByteString.EMPTY
                  : CertificateChain.read(authorities, AUTHORITIES).encoded()));
    } catch (Refusal refusal) {
      return new Unusable(String.valueOf(refusal.getMessage()), refusal.fix());
    }
  }
}
