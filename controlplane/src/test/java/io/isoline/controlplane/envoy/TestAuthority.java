package io.isoline.controlplane.envoy;

import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** An authority for certificates of clients, or one below another. */
record TestAuthority(List<X509Certificate> chain, KeyPair keys) {

  /** A client with its certificate and those between it and the authority. */
  record Client(List<X509Certificate> chain, KeyPair keys) {

    /** For a client that shows it. */
    SSLContext context() {
      // The JDK's own default looks at the authorities that a server names, and may show nothing.
      return context(AlwaysShown.of(managers()));
    }

    /** For a server that shows it, and takes any certificate of a client. */
    SSLContext serverContext() {
      return context(managers().getKeyManagers());
    }

    private KeyManagerFactory managers() {
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
            "client", keys.getPrivate(), new char[0], chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
        factory.init(store, new char[0]);
        return factory;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static SSLContext context(KeyManager[] shown) {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    X509Certificate certificate() {
      return chain.getFirst();
    }

    /** The data of a Secret. */
    String data() {
      StringBuilder pem = new StringBuilder();
      try {
        for (X509Certificate each : chain) {
          pem.append(pem("CERTIFICATE", each.getEncoded()));
        }
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      return "  tls.crt: \"%s\"\n  tls.key: \"%s\"\n"
          .formatted(
              base64(pem.toString()), base64(pem("PRIVATE KEY", keys.getPrivate().getEncoded())));
    }
  }

  static TestAuthority named(String name) {
    KeyPair keys = newKeys();
    X500Name subject = new X500Name(name);
    return new TestAuthority(List.of(certificate(subject, keys, subject, keys, true)), keys);
  }

  TestAuthority below(String name) {
    KeyPair own = newKeys();
    List<X509Certificate> all = new ArrayList<>();
    all.add(certificate(new X500Name(name), own, subject(), keys, true));
    all.addAll(chain);
    return new TestAuthority(all, own);
  }

  /** The root is not part of what the client shows. */
  Client issue(String name) {
    return issue(name, new GeneralName[0]);
  }

  /** One for a server that has these names. */
  Client issueFor(String... dnsNames) {
    return issue(
        "CN=server",
        Arrays.stream(dnsNames)
            .map(name -> new GeneralName(GeneralName.dNSName, name))
            .toArray(GeneralName[]::new));
  }

  /** One for a server that has this address. */
  Client issueForAddress(String address) {
    return issue("CN=server", new GeneralName[] {new GeneralName(GeneralName.iPAddress, address)});
  }

  private Client issue(String name, GeneralName[] names) {
    KeyPair own = newKeys();
    List<X509Certificate> all = new ArrayList<>();
    all.add(certificate(new X500Name(name), own, subject(), keys, false, names));
    all.addAll(chain.subList(0, chain.size() - 1));
    return new Client(all, own);
  }

  private X500Name subject() {
    return X500Name.getInstance(chain.getFirst().getSubjectX500Principal().getEncoded());
  }

  /** A Secret with its root, and a list of revoked certificates where there are some. */
  String secret(String name, X509Certificate... revoked) {
    String data = "  ca.crt: \"" + base64(pem("CERTIFICATE", encoded())) + "\"\n";
    if (revoked.length > 0) {
      data += "  ca.crl: \"" + base64(pem("X509 CRL", revocations(revoked))) + "\"\n";
    }
    return secret(name, data);
  }

  /** A Secret for TLS to backends, to which a certificate is shown. */
  String secretShowing(String name, Client client) {
    return secret(
        name, "  ca.crt: \"" + base64(pem("CERTIFICATE", encoded())) + "\"\n" + client.data());
  }

  /** A Secret with any data. */
  static String secret(String name, String data) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s, namespace: default}
    type: Opaque
    data:
    %s"""
        .formatted(name, data);
  }

  private byte[] encoded() {
    try {
      return chain.getLast().getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] revocations(X509Certificate... revoked) {
    try {
      Date now = Date.from(Instant.now().minus(Duration.ofMinutes(5)));
      var list = new JcaX509v2CRLBuilder(chain.getFirst(), now);
      list.setNextUpdate(Date.from(Instant.now().plus(Duration.ofDays(30))));
      for (X509Certificate each : revoked) {
        list.addCRLEntry(each.getSerialNumber(), now, 0);
      }
      return new JcaX509CRLConverter()
          .getCRL(
              list.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())))
          .getEncoded();
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(
      X500Name subject,
      KeyPair keys,
      X500Name issuer,
      KeyPair issuers,
      boolean authority,
      GeneralName... names) {
    try {
      Instant now = Instant.now();
      JcaX509v3CertificateBuilder certificate =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(System.nanoTime()),
              Date.from(now.minus(Duration.ofDays(1))),
              Date.from(now.plus(Duration.ofDays(30))),
              subject,
              keys.getPublic());
      certificate.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(authority));
      certificate.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
      if (names.length > 0) {
        certificate.addExtension(
            Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              certificate.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuers.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
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
}
