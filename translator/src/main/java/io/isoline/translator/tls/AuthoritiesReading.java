package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.model.Authorities;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a Secret holds as those who may issue certificates of clients: their certificates in {@code
 * ca.crt}, and perhaps lists of revoked ones in {@code ca.crl}. What Envoy gets is written anew: the
 * blocks of PEM and nothing else.
 */
public sealed interface AuthoritiesReading {

  /** Envoy takes it. */
  record Usable(Authorities authorities) implements AuthoritiesReading {}

  /**
   * It cannot be used.
   *
   * @param message what is wrong, naming the data key
   * @param fix what to do about it
   */
  record Unusable(String message, String fix) implements AuthoritiesReading {}

  String CERTIFICATES = "ca.crt";
  String REVOCATIONS = "ca.crl";

  /** Reads a Secret of any type. Throws nothing, whatever the content. */
  static AuthoritiesReading read(SecretRecord secret) {
    ByteString certificates = secret.data().get(CERTIFICATES);
    if (certificates == null) {
      return new Unusable(
          CERTIFICATES + " is missing",
          "create the Secret by: kubectl create secret generic NAME --from-file=ca.crt=FILE");
    }
    try {
      return new Usable(
          new Authorities(
              CertificateChain.read(certificates, CERTIFICATES).encoded(),
              revocations(secret.data().get(REVOCATIONS))));
    } catch (Refusal refusal) {
      return new Unusable(String.valueOf(refusal.getMessage()), refusal.fix());
    }
  }

  private static ByteString revocations(@Nullable ByteString data) throws Refusal {
    if (data == null || data.isEmpty()) {
      return ByteString.EMPTY;
    }
    StringBuilder pem = new StringBuilder();
    for (Pem block : Pem.read(data, REVOCATIONS)) {
      if (!block.label().equals("X509 CRL") || !isList(block.der())) {
        throw new Refusal(
            REVOCATIONS + " holds something that is no list of revoked certificates",
            "put the list of the authority into " + REVOCATIONS + ", in PEM, or remove the key");
      }
      pem.append(block.encoded());
    }
    return ByteString.copyFromUtf8(pem.toString());
  }

  private static boolean isList(ByteString der) {
    Der outer = Der.whole(der);
    if (outer == null || !outer.is(Der.SEQUENCE)) {
      return false;
    }
    try {
      return CertificateFactory.getInstance("X.509").generateCRL(der.newInput()) != null;
    } catch (CertificateException | CRLException | RuntimeException e) {
      return false;
    }
  }
}
