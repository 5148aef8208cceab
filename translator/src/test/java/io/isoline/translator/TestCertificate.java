package io.isoline.translator;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A self-signed certificate and its key in PEM.
 *
 * @param chain {@code tls.crt}
 * @param key {@code tls.key}
 */
public record TestCertificate(ByteString chain, ByteString key) {

  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final KeyPair RSA = keys("RSA", 2048);
  private static final KeyPair EC = keys("EC", 256);

  /** A pair of keys for a type, so that the slow making of RSA keys is done once. */
  private static KeyPair keys(String type, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Valid from 2026-01-01 to 2027-01-01. */
  public static TestCertificate rsa(String... dnsNames) {
    return of(RSA, "SHA256withRSA", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", dnsNames);
  }

  /** Valid from 2026-01-01 to 2027-01-01. */
  public static TestCertificate ecdsa(String... dnsNames) {
    return ecdsaFromTo("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", dnsNames);
  }

  public static TestCertificate ecdsaFromTo(String from, String to, String... dnsNames) {
    return of(EC, "SHA256withECDSA", from, to, dnsNames);
  }

  /** The chain of an ECDSA certificate with the key of another. */
  public static TestCertificate mismatched(String dnsName) {
    return new TestCertificate(ecdsa(dnsName).chain(), pem("PRIVATE KEY", keys("EC", 256)));
  }

  private static TestCertificate of(
      KeyPair keys, String algorithm, String from, String to, String... dnsNames) {
    try {
      X500Name subject = new X500Name("CN=test");
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              subject,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(Instant.parse(from)),
              Date.from(Instant.parse(to)),
              subject,
              keys.getPublic());
      List<GeneralName> names =
          Stream.of(dnsNames).map(name -> new GeneralName(GeneralName.dNSName, name)).toList();
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      X509CertificateHolder holder =
          builder.build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()));
      return new TestCertificate(
          pem("CERTIFICATE", holder.getEncoded()), pem("PRIVATE KEY", keys));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteString pem(String label, KeyPair keys) {
    return pem(label, keys.getPrivate().getEncoded());
  }

  private static ByteString pem(String label, byte[] der) {
    StringWriter text = new StringWriter();
    text.append("-----BEGIN ").append(label).append("-----\n");
    text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    text.append("\n-----END ").append(label).append("-----\n");
    return ByteString.copyFromUtf8(text.toString());
  }
}
