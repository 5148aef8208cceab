package io.isoline.controlplane.certs;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its private key.
 *
 * @param key belongs to the certificate
 */
public record Credential(X509Certificate certificate, PrivateKey key) {

  Instant notBefore() {
    return certificate.getNotBefore().toInstant();
  }

  Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  boolean isValid(Instant now) {
    return !now.isBefore(notBefore()) && now.isBefore(notAfter());
  }

  /** The moment at which two thirds of its life are over. */
  Instant renewAt() {
    return notBefore().plus(Duration.between(notBefore(), notAfter()).multipliedBy(2).dividedBy(3));
  }

  /** The certificate in PEM. */
  public String certificatePem() {
    return pem(certificate);
  }

  /** The key in PEM, as PKCS #8. */
  public String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  private static String pem(String label, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(label, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Reads what {@link #certificatePem} and {@link #keyPem} wrote; null for anything else. */
  static @Nullable Credential read(String certificatePem, String keyPem) {
    List<X509Certificate> certificates = certificates(certificatePem);
    try (PEMParser parser = new PEMParser(new StringReader(keyPem))) {
      if (certificates.size() != 1 || !(parser.readObject() instanceof PrivateKeyInfo info)) {
        return null;
      }
      Credential credential =
          new Credential(certificates.getFirst(), new JcaPEMKeyConverter().getPrivateKey(info));
      return credential.isPair() ? credential : null;
    } catch (IOException | GeneralSecurityException e) {
      return null;
    }
  }

  private boolean isPair() throws GeneralSecurityException {
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance(CertificateAuthority.SIGNATURE);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    // Not the certificate itself: a CA's is not for signatures of texts.
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    return signature.verify(signed);
  }

  /** The certificates in a text in PEM; none when there is something else in it. */
  static List<X509Certificate> certificates(String pem) {
    List<X509Certificate> certificates = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        if (!(object instanceof X509CertificateHolder holder)) {
          return List.of();
        }
        certificates.add(converter.getCertificate(holder));
      }
      return certificates;
    } catch (IOException | GeneralSecurityException e) {
      return List.of();
    }
  }

  /** Leaves the key out, so that no log shows it. */
  @Override
  public String toString() {
    return "Credential[" + certificate.getSubjectX500Principal() + ", until " + notAfter() + "]";
  }
}
