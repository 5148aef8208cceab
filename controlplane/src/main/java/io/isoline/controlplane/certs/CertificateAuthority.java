package io.isoline.controlplane.certs;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA that issues certificates for the xDS port and nothing else. All keys are new ones, ECDSA on
 * P-256.
 *
 * @param credential its own certificate and key
 */
public record CertificateAuthority(Credential credential) {

  /** How long a CA is valid. */
  public static final Duration LIFETIME = Duration.ofDays(3650);

  /** How long a certificate of the CA is valid. */
  public static final Duration LEAF_LIFETIME = Duration.ofDays(90);

  /** Certificates begin this much earlier, for those whose clock is slow. */
  static final Duration BACKDATED = Duration.ofHours(1);

  static final String SIGNATURE = "SHA256withECDSA";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Creates a new self-signed CA. */
  public static CertificateAuthority create(Instant now) {
    KeyPair keys = newKeys();
    BigInteger serial = newSerial();
    // Two CAs that are trusted at the same time shall not look the same to a person.
    X500Name name = new X500Name("CN=Isoline xDS CA " + serial.toString(36));
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial,
              date(now.minus(BACKDATED)),
              date(now.plus(LIFETIME)),
              name,
              keys.getPublic());
      extend(builder, Extension.basicConstraints, true, new BasicConstraints(0));
      extend(
          builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      extend(
          builder,
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new CertificateAuthority(sign(builder, keys, keys));
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  /** Issues a certificate that is valid for {@link #LEAF_LIFETIME}. */
  public Credential issue(XdsIdentity identity, Instant now) {
    return issue(identity, now.minus(BACKDATED), now.plus(LEAF_LIFETIME));
  }

  /**
   * Issues a certificate that is valid for a given time.
   *
   * @param notAfter cut to the life of the CA
   */
  public Credential issue(XdsIdentity identity, Instant notBefore, Instant notAfter) {
    KeyPair keys = newKeys();
    Instant end = notAfter.isBefore(credential.notAfter()) ? notAfter : credential.notAfter();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              credential.certificate(),
              newSerial(),
              date(notBefore),
              date(end),
              new X500Name("CN=" + identity.role().dnsName()),
              keys.getPublic());
      extend(builder, Extension.basicConstraints, true, new BasicConstraints(false));
      extend(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      extend(
          builder,
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(identity.purposes().toArray(new KeyPurposeId[0])));
      extend(
          builder,
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, identity.role().dnsName())));
      extend(
          builder,
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils()
              .createAuthorityKeyIdentifier(credential.certificate().getPublicKey()));
      return sign(
          builder, keys, new KeyPair(credential.certificate().getPublicKey(), credential.key()));
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  boolean isIssuerOf(X509Certificate certificate) {
    return isIssuer(credential.certificate(), certificate);
  }

  static boolean isIssuer(X509Certificate authority, X509Certificate certificate) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void extend(
      JcaX509v3CertificateBuilder builder,
      ASN1ObjectIdentifier type,
      boolean critical,
      ASN1Encodable value) {
    try {
      builder.addExtension(type, critical, value);
    } catch (CertIOException e) {
      throw new IllegalStateException("an extension cannot be encoded", e);
    }
  }

  private static Credential sign(JcaX509v3CertificateBuilder builder, KeyPair own, KeyPair issuer)
      throws GeneralSecurityException {
    try {
      return new Credential(
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder(SIGNATURE).build(issuer.getPrivate()))),
          own.getPrivate());
    } catch (OperatorCreationException e) {
      throw lacking(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw lacking(e);
    }
  }

  private static BigInteger newSerial() {
    // Positive, and never zero (RFC 5280, 4.1.2.2).
    return new BigInteger(127, RANDOM).setBit(126);
  }

  private static Date date(Instant instant) {
    return Date.from(instant.truncatedTo(ChronoUnit.SECONDS));
  }

  private static IllegalStateException lacking(Exception e) {
    return new IllegalStateException("the Java runtime lacks ECDSA on P-256", e);
  }
}
