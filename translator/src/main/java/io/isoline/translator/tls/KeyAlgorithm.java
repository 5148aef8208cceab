package io.isoline.translator.tls;

import io.isoline.translator.tls.ServerCertificate.KeyType;
import java.util.List;
import java.util.Map;

/**
 * The AlgorithmIdentifier of RFC 5280, of a certificate's key or a private key: which ones Envoy
 * serves with.
 */
final class KeyAlgorithm {

  static final String RSA = "2a864886f70d010101";
  static final String EC = "2a8648ce3d0201";

  private static final String ED25519 = "2b6570";

  private static final String FIX =
      "use an RSA key of at least 2048 bits or an ECDSA key on P-256, P-384 or P-521";

  /** By the identifier's content in hex. */
  private static final Map<String, String> CURVES =
      Map.of("2a8648ce3d030107", "P-256", "2b81040022", "P-384", "2b81040023", "P-521");

  private static final Map<String, String> UNSUPPORTED =
      Map.of(
          "2a864886f70d01010a", "an RSASSA-PSS key",
          "2a8648ce380401", "a DSA key",
          "2b6571", "an Ed448 key",
          "608648016503040311", "an ML-DSA-44 key",
          "608648016503040312", "an ML-DSA-65 key",
          "608648016503040313", "an ML-DSA-87 key");

  private static final Map<String, String> UNSUPPORTED_CURVES =
      Map.of(
          "2b81040021", "P-224",
          "2b8104000a", "secp256k1",
          "2b2403030208010107", "brainpoolP256r1",
          "2b240303020801010b", "brainpoolP384r1");

  private KeyAlgorithm() {}

  /**
   * The type of a key by its AlgorithmIdentifier.
   *
   * @param where the key, as the subject of a sentence: "the private key in tls.key"
   * @throws Refusal when Envoy does not serve with such a key, or it cannot be read
   */
  static KeyType read(Der algorithm, String where) throws Refusal {
    List<Der> parts = algorithm.children();
    if (parts.isEmpty()) {
      throw new Refusal(where + " cannot be read", FIX);
    }
    String oid = parts.getFirst().hex();
    if (oid.equals(RSA)) {
      return KeyType.RSA;
    }
    if (oid.equals(ED25519)) {
      return KeyType.ED25519;
    }
    if (!oid.equals(EC)) {
      throw new Refusal(
          "%s is %s, which Envoy does not serve with"
              .formatted(where, UNSUPPORTED.getOrDefault(oid, "of an unknown type")),
          FIX);
    }
    if (parts.size() < 2 || !parts.get(1).is(Der.OBJECT_IDENTIFIER)) {
      throw new Refusal(
          where + " spells out its elliptic curve instead of naming it, which Envoy refuses", FIX);
    }
    String curve = parts.get(1).hex();
    if (!CURVES.containsKey(curve)) {
      throw new Refusal(
          "%s is an ECDSA key on %s, which Envoy does not serve with"
              .formatted(where, UNSUPPORTED_CURVES.getOrDefault(curve, "an unknown curve")),
          FIX);
    }
    return KeyType.ECDSA;
  }
}
