package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.SecretRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate to test with, made by another library than the one under test. */
public final class TestCertificate {

  public static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  public static final Instant NOT_AFTER = Instant.parse("2027-01-01T00:00:00Z");

  /** A moment at which the certificates are valid. */
  public static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  /** Making keys is slow, and tests need few different ones. */
  private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

  private record Attribute(String oid, boolean critical, ASN1Encodable value) {}

  private final KeyPair keys;
  private final String subject;
  private final List<Attribute> extensions;

  /** Signatures are random, so a certificate is signed once to stay the same. */
  private byte @Nullable [] encoded;

  private TestCertificate(KeyPair keys, String subject, List<Attribute> extensions) {
    this.keys = keys;
    this.subject = subject;
    this.extensions = extensions;
  }

  /** Equal names give equal keys. */
  public static TestCertificate rsa(int bits, String keyName) {
    return of("RSA", Integer.toString(bits), keyName);
  }

  public static TestCertificate ecdsa(String curve, String keyName) {
    return of("EC", curve, keyName);
  }

  public static TestCertificate edwards(String curve, String keyName) {
    return of(curve, curve, keyName);
  }

  static TestCertificate of(KeyPair keys) {
    return new TestCertificate(keys, "CN=test", List.of());
  }

  private static TestCertificate of(String algorithm, String parameter, String keyName) {
    KeyPair keys =
        KEYS.computeIfAbsent(
            algorithm + " " + parameter + " " + keyName, name -> generate(algorithm, parameter));
    return new TestCertificate(keys, "CN=test", List.of());
  }

  private static KeyPair generate(String algorithm, String parameter) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("RSA")) {
        generator.initialize(Integer.parseInt(parameter));
      } else if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec(parameter));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public TestCertificate subject(String name) {
    return new TestCertificate(keys, name, extensions);
  }

  public TestCertificate dns(String... names) {
    GeneralName[] all = new GeneralName[names.length];
    for (int i = 0; i < names.length; i++) {
      all[i] = new GeneralName(GeneralName.dNSName, names[i]);
    }
    return extension(
        Extension.subjectAlternativeName.getId(), subject.isEmpty(), new GeneralNames(all));
  }

  public TestCertificate extension(String oid, boolean critical, ASN1Encodable value) {
    List<Attribute> all = new ArrayList<>(extensions);
    all.add(new Attribute(oid, critical, value));
    return new TestCertificate(keys, subject, all);
  }

  public byte[] der() {
    byte[] der = encoded;
    if (der == null) {
      der = sign();
      encoded = der;
    }
    return der.clone();
  }

  private byte[] sign() {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=issuer"),
              BigInteger.TEN,
              Date.from(NOT_BEFORE),
              Date.from(NOT_AFTER),
              new X500Name(subject),
              keys.getPublic());
      for (Attribute extension : extensions) {
        builder.addExtension(
            new ASN1ObjectIdentifier(extension.oid()), extension.critical(), extension.value());
      }
      String algorithm =
          switch (keys.getPrivate().getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> edwardsName();
          };
      return builder
          .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private String edwardsName() {
    return keys.getPrivate().getEncoded().length < 60 ? "Ed25519" : "Ed448";
  }

  public String pem() {
    return pem("CERTIFICATE", der());
  }

  public PrivateKey privateKey() {
    return keys.getPrivate();
  }

  PublicKey publicKey() {
    return keys.getPublic();
  }

  /** {@code PRIVATE KEY}. */
  public String pkcs8() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /** {@code RSA PRIVATE KEY} or {@code EC PRIVATE KEY}. */
  public String traditional() {
    return pem(keys.getPrivate().getAlgorithm() + " PRIVATE KEY", traditionalDer());
  }

  /** {@code EC PRIVATE KEY} that repeats the public key of a certificate. */
  String traditionalWithPublicKeyOf(TestCertificate other) {
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
      var key = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
      byte[] encoded =
          new org.bouncycastle.asn1.sec.ECPrivateKey(
                  256,
                  key.getKey(),
                  SubjectPublicKeyInfo.getInstance(other.keys.getPublic().getEncoded())
                      .getPublicKeyData(),
                  info.getPrivateKeyAlgorithm().getParameters())
              .getEncoded();
      return pem("EC PRIVATE KEY", encoded);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public byte[] traditionalDer() {
    try {
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded());
      if (keys.getPrivate().getAlgorithm().equals("RSA")) {
        return info.parsePrivateKey().toASN1Primitive().getEncoded();
      }
      var key = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
      return new org.bouncycastle.asn1.sec.ECPrivateKey(
              256, key.getKey(), info.getPrivateKeyAlgorithm().getParameters())
          .getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String pem(String label, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(label, content));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  public SecretRecord secret() {
    return secret(pem(), pkcs8());
  }

  public static SecretRecord secret(String certificate, String key) {
    return SecretRecord.tls(
        ObjectRef.secret("default", "tls"),
        "kubernetes.io/tls",
        ByteString.copyFromUtf8(certificate),
        ByteString.copyFromUtf8(key));
  }
}
