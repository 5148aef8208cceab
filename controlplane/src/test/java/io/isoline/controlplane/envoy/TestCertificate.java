package io.isoline.controlplane.envoy;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** A self-signed certificate with its key. Tests tell them apart by the common name. */
public record TestCertificate(X509Certificate certificate, KeyPair keys) {

  /** The kind of key. */
  enum Algorithm {
    RSA("RSA", 2048, "SHA256withRSA"),
    ECDSA("EC", 256, "SHA256withECDSA");

    private final String key;
    private final int bits;
    private final String signature;

    Algorithm(String key, int bits, String signature) {
      this.key = key;
      this.bits = bits;
      this.signature = signature;
    }
  }

  public static TestCertificate of(String commonName, String... hosts) {
    return create(commonName, Algorithm.ECDSA, Instant.now().plus(Duration.ofDays(30)), hosts);
  }

  static TestCertificate create(
      String commonName, Algorithm algorithm, Instant notAfter, String... hosts) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.key);
      generator.initialize(algorithm.bits);
      KeyPair keys = generator.generateKeyPair();
      X500Name name = new X500Name("CN=" + commonName);
      GeneralName[] names =
          Arrays.stream(hosts)
              .map(host -> new GeneralName(GeneralName.dNSName, host))
              .toArray(GeneralName[]::new);
      return new TestCertificate(
          new JcaX509CertificateConverter()
              .getCertificate(
                  new JcaX509v3CertificateBuilder(
                          name,
                          BigInteger.valueOf(System.nanoTime()),
                          Date.from(notAfter.minus(Duration.ofDays(60))),
                          Date.from(notAfter),
                          name,
                          keys.getPublic())
                      .addExtension(
                          Extension.subjectAlternativeName, false, new GeneralNames(names))
                      .build(
                          new JcaContentSignerBuilder(algorithm.signature)
                              .build(keys.getPrivate()))),
          keys);
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String chain() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String key() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /** As a Secret. */
  public String secret(String name) {
    return secret(name, chain(), key());
  }

  /** A Secret with any content. */
  static String secret(String name, String chain, String key) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s, namespace: default}
    type: kubernetes.io/tls
    data:
      tls.crt: "%s"
      tls.key: "%s"
    """
        .formatted(name, base64(chain), base64(key));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String pem(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** For a server that shows it. */
  SSLContext serverContext() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", keys.getPrivate(), new char[0], new Certificate[] {certificate});
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
