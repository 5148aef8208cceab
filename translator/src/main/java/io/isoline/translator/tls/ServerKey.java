package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import io.isoline.translator.tls.ServerCertificate.KeyType;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EllipticCurve;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

/**
 * A private key in PKCS#8 (RFC 5958), PKCS#1 (RFC 8017, {@code RSA PRIVATE KEY}) or SEC 1 (RFC
 * 5915, {@code EC PRIVATE KEY}).
 *
 * @param pem the block that it came from
 */
record ServerKey(Pem pem, KeyType type, PrivateKey key, @Nullable String publicPoint) {

  private static final String REMOVE_PASSWORD =
      "remove the password: openssl pkey -in FILE -out FILE.pem";
  private static final ByteString ZERO = ByteString.copyFrom(new byte[] {Der.INTEGER, 1, 0});
  private static final ByteString NULL = ByteString.copyFrom(new byte[] {5, 0});

  /**
   * The first key, as Envoy takes the first.
   *
   * @param name the data key, for messages
   */
  static ServerKey read(ByteString data, String name) throws Refusal {
    List<Pem> blocks = Pem.read(data, name);
    for (Pem block : blocks) {
      if (block.label().endsWith("PRIVATE KEY")) {
        return key(block, name);
      }
    }
    String label = blocks.getFirst().label();
    if (blocks.stream().anyMatch(CertificateChain::isCertificate)) {
      throw new Refusal(
          name + " holds a certificate, not a private key", "put the private key into " + name);
    }
    throw new Refusal(
        "%s holds %s, not a private key".formatted(name, label),
        "put the private key into " + name);
  }

  private static ServerKey key(Pem pem, String name) throws Refusal {
    String where = "the private key in " + name;
    if (pem.encrypted() || pem.label().startsWith("ENCRYPTED")) {
      throw new Refusal(where + " is encrypted with a password", REMOVE_PASSWORD);
    }
    Der outer = Der.whole(pem.der());
    if (outer == null || !outer.is(Der.SEQUENCE)) {
      if (pem.label().startsWith("OPENSSH")) {
        throw new Refusal(
            where + " is in the form of OpenSSH",
            "convert it: ssh-keygen -p -m PKCS8 -f FILE (it changes the file)");
      }
      throw broken(where);
    }
    ByteString pkcs8 =
        switch (pem.label()) {
          case "PRIVATE KEY" -> pem.der();
          case "RSA PRIVATE KEY" -> wrap(KeyAlgorithm.RSA, NULL, outer);
          case "EC PRIVATE KEY" -> wrap(KeyAlgorithm.EC, curve(outer, where), outer);
          default ->
              throw new Refusal(
                  "%s is of the form %s, which Envoy does not read".formatted(where, pem.label()),
                  "convert it: openssl pkey -in FILE -out FILE.pem");
        };
    Der info = Der.whole(pkcs8);
    List<Der> parts = info == null ? List.of() : info.children();
    if (parts.size() < 3 || !parts.get(1).is(Der.SEQUENCE) || !parts.get(2).is(Der.OCTET_STRING)) {
      throw broken(where);
    }
    KeyType type = KeyAlgorithm.read(parts.get(1), where);
    try {
      KeyFactory factory =
          KeyFactory.getInstance(
              switch (type) {
                case RSA -> "RSA";
                case ECDSA -> "EC";
                case ED25519 -> "Ed25519";
              });
      PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toByteArray()));
      return new ServerKey(pem, type, key, publicPoint(parts.get(2)));
    } catch (GeneralSecurityException | RuntimeException e) {
      // The JDK's parsers also throw unchecked exceptions for odd content.
      throw broken(where);
    }
  }

  private static Refusal broken(String where) {
    return new Refusal(
        where + " cannot be read: its content is damaged", "put the whole key file into it");
  }

  private static ByteString wrap(String algorithm, ByteString parameters, Der key) {
    ByteString oid = Der.encode(Der.OBJECT_IDENTIFIER, ByteString.fromHex(algorithm));
    return Der.encode(
        Der.SEQUENCE,
        ZERO,
        Der.encode(Der.SEQUENCE, oid, parameters),
        Der.encode(Der.OCTET_STRING, key.encoded()));
  }

  /** The parameters [0] of an ECPrivateKey: most often the curve's name. */
  private static ByteString curve(Der ecPrivateKey, String where) throws Refusal {
    for (Der part : ecPrivateKey.children()) {
      if (part.is(0xa0)) {
        return part.value();
      }
    }
    throw new Refusal(
        where + " does not name its elliptic curve",
        "convert it: openssl pkey -in FILE -out FILE.pem");
  }

  /** The public key [1] that an ECPrivateKey may repeat. */
  private static @Nullable String publicPoint(Der octets) {
    Der key = Der.whole(octets.value());
    if (key != null && key.is(Der.SEQUENCE)) {
      for (Der part : key.children()) {
        if (part.is(0xa1) && !part.children().isEmpty()) {
          return part.children().getFirst().hex();
        }
      }
    }
    return null;
  }

  /**
   * Whether this is the private half of the public key, and sound: Envoy refuses keys whose numbers
   * contradict each other.
   *
   * @param point the public key's bit string in hex
   */
  boolean belongsTo(PublicKey other, String point) {
    try {
      return switch (type) {
        case RSA ->
            key instanceof RSAPrivateCrtKey mine
                && other instanceof RSAPublicKey theirs
                && mine.getModulus().equals(theirs.getModulus())
                && mine.getPublicExponent().equals(theirs.getPublicExponent())
                && isSound(mine);
        case ECDSA ->
            key instanceof ECPrivateKey mine
                && other instanceof ECPublicKey theirs
                && (publicPoint == null || publicPoint.equals(point))
                && isHalfOf(theirs, mine);
        case ED25519 -> signsFor(other);
      };
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isSound(RSAPrivateCrtKey key) {
    BigInteger p = key.getPrimeP();
    BigInteger q = key.getPrimeQ();
    BigInteger d = key.getPrivateExponent();
    BigInteger e = key.getPublicExponent();
    BigInteger pMinus1 = p.subtract(BigInteger.ONE);
    BigInteger qMinus1 = q.subtract(BigInteger.ONE);
    return p.multiply(q).equals(key.getModulus())
        && d.multiply(e).mod(pMinus1).equals(BigInteger.ONE)
        && d.multiply(e).mod(qMinus1).equals(BigInteger.ONE)
        && key.getPrimeExponentP().equals(d.mod(pMinus1))
        && key.getPrimeExponentQ().equals(d.mod(qMinus1))
        && key.getCrtCoefficient().multiply(q).mod(p).equals(BigInteger.ONE);
  }

  /**
   * Whether the private number makes the public point (SEC 1, 3.2.1). The JDK computes no such point;
   * it could sign and check the signature, which takes 20 times as long: five milliseconds.
   */
  private static boolean isHalfOf(ECPublicKey theirs, ECPrivateKey mine) {
    EllipticCurve curve = theirs.getParams().getCurve();
    BigInteger order = theirs.getParams().getOrder();
    if (!mine.getParams().getCurve().equals(curve)
        || mine.getS().signum() <= 0
        || mine.getS().compareTo(order) >= 0) {
      return false;
    }
    X9ECParameters computed = CustomNamedCurves.getByName("P-" + curve.getField().getFieldSize());
    ECPoint point =
        new FixedPointCombMultiplier().multiply(computed.getG(), mine.getS()).normalize();
    return point.getAffineXCoord().toBigInteger().equals(theirs.getW().getAffineX())
        && point.getAffineYCoord().toBigInteger().equals(theirs.getW().getAffineY());
  }

  private boolean signsFor(PublicKey other) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(key);
    signature.update(ZERO.asReadOnlyByteBuffer());
    byte[] signed = signature.sign();
    signature.initVerify(other);
    signature.update(ZERO.asReadOnlyByteBuffer());
    return signature.verify(signed);
  }
}
