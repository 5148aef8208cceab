package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import io.isoline.translator.tls.ServerCertificate.KeyType;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a server, its own first, with what Envoy demands of them when it loads them.
 *
 * @param name the data key that they are from
 * @param links in the order of the file
 */
record CertificateChain(String name, List<Link> links) {

  /** One certificate. */
  record Link(ByteString der, X509Certificate certificate) {}

  private static final Set<String> LABELS =
      Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

  /** RFC 7633: with 5 in it, the server must staple an OCSP response. */
  private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";

  private static final String KEY_USAGE = "2.5.29.15";
  private static final int MAX_TRIED = 8;

  private static final String COMMON_NAME = "550403";

  /** A Name (RFC 5280, 4.1.2.4) in the place of an empty one: the common name {@code -}. */
  private static final ByteString SOME_NAME =
      ByteString.fromHex("300c310a300806035504030c012d");

  /** What BoringSSL takes. */
  private static final int MAX_EXPONENT_BITS = 33;

  static boolean isCertificate(Pem block) {
    return LABELS.contains(block.label());
  }

  static CertificateChain read(ByteString data, String name) throws Refusal {
    List<Pem> blocks = Pem.read(data, name);
    List<Link> links = new ArrayList<>();
    for (Pem block : blocks) {
      if (isCertificate(block)) {
        links.add(link(block, name, links.size() + 1));
      }
    }
    if (links.isEmpty()) {
      throw new Refusal(
          "%s holds %s, not a certificate".formatted(name, describe(blocks.getFirst().label())),
          "put the certificate into " + name);
    }
    return new CertificateChain(name, List.copyOf(links));
  }

  private static String describe(String label) {
    if (label.endsWith("PRIVATE KEY")) {
      return "a private key";
    }
    return switch (label) {
      case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" -> "a request for a certificate";
      case "PKCS7", "CMS" -> "PKCS#7 (openssl pkcs7 -print_certs takes the certificates out)";
      default -> label;
    };
  }

  private static Link link(Pem block, String name, int number) throws Refusal {
    Der der = Der.first(block.der());
    // OpenSSL's TRUSTED CERTIFICATE has its notes after the certificate.
    boolean whole =
        der != null
            && (der.encoded().size() == block.der().size() || block.label().startsWith("TRUSTED"));
    if (der == null || !whole || !der.is(Der.SEQUENCE)) {
      throw broken(name, number);
    }
    ByteString bytes = der.encoded();
    try {
      return new Link(bytes, parse(withNames(bytes)));
    } catch (CertificateException | RuntimeException e) {
      // An unsupported key is one reason why the JDK refuses; it deserves better words.
      Der info = publicKeyInfo(bytes);
      if (number == 1 && info != null) {
        KeyAlgorithm.read(info.children().getFirst(), "the key of the certificate in " + name);
      }
      throw broken(name, number);
    }
  }

  private static X509Certificate parse(ByteString der) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    if (factory.generateCertificate(der.newInput()) instanceof X509Certificate certificate) {
      return certificate;
    }
    throw new CertificateException("not X.509");
  }

  /**
   * The certificate as the JDK reads it, which wants an issuer, and of a certificate without a subject
   * that its alternative names are critical (RFC 5280, 4.1.2.4 and 4.2.1.6). Envoy and clients want
   * neither, and openssl makes such. The copy is only read: what is served is the original.
   */
  private static ByteString withNames(ByteString certificate) {
    Der outer = Der.first(certificate);
    List<Der> tbs = tbs(certificate);
    int issuer = 2 + versionParts(tbs);
    if (outer == null || tbs.size() <= issuer + 2) {
      return certificate;
    }
    List<ByteString> parts = new ArrayList<>();
    for (int i = 0; i < tbs.size(); i++) {
      boolean isName = i == issuer || i == issuer + 2;
      boolean isEmpty = tbs.get(i).is(Der.SEQUENCE) && tbs.get(i).value().isEmpty();
      parts.add(isName && isEmpty ? SOME_NAME : tbs.get(i).encoded());
    }
    List<ByteString> all = new ArrayList<>(List.of(encode(Der.SEQUENCE, parts)));
    outer.children().stream().skip(1).forEach(part -> all.add(part.encoded()));
    return encode(Der.SEQUENCE, all);
  }

  private static ByteString encode(int tag, List<ByteString> parts) {
    return Der.encode(tag, parts.toArray(ByteString[]::new));
  }

  private static Refusal broken(String name, int number) {
    return new Refusal(
        "certificate %d in %s cannot be read: its content is damaged".formatted(number, name),
        "get the certificate anew from its issuer, or leave it out if it is not the first");
  }

  /** SubjectPublicKeyInfo (RFC 5280, 4.1) with at least its two parts, or null. */
  private static @Nullable Der publicKeyInfo(ByteString certificate) {
    List<Der> parts = tbs(certificate);
    int index = 5 + versionParts(parts);
    return parts.size() > index && parts.get(index).children().size() == 2
        ? parts.get(index)
        : null;
  }

  private static List<Der> tbs(ByteString certificate) {
    Der outer = Der.first(certificate);
    List<Der> parts = outer == null ? List.of() : outer.children();
    return parts.isEmpty() ? List.of() : parts.getFirst().children();
  }

  /** The version [0] is left out of certificates of version 1. */
  private static int versionParts(List<Der> tbs) {
    return !tbs.isEmpty() && tbs.getFirst().is(0xa0) ? 1 : 0;
  }

  X509Certificate leaf() {
    return links.getFirst().certificate();
  }

  /** Checks what Envoy checks when it loads the server's own certificate. */
  KeyType checkLeaf() throws Refusal {
    String where = "the key of the certificate in " + name;
    Der info = publicKeyInfo(links.getFirst().der());
    if (info == null) {
      throw broken(name, 1);
    }
    KeyType type = KeyAlgorithm.read(info.children().getFirst(), where);
    X509Certificate leaf = leaf();
    if (leaf.getPublicKey() instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits < 2048) {
        throw new Refusal(
            "%s is an RSA key of %d bits; Envoy refuses those below 2048".formatted(where, bits),
            "get a certificate for an RSA key of at least 2048 bits, or for an ECDSA key");
      }
      if (rsa.getPublicExponent().bitLength() > MAX_EXPONENT_BITS) {
        throw new Refusal(
            where + " is an RSA key with an exponent longer than 33 bits, which Envoy refuses",
            "get a certificate for an RSA key with the usual exponent 65537");
      }
    }
    boolean[] usage = leaf.getKeyUsage();
    if (type == KeyType.ECDSA
        && leaf.getExtensionValue(KEY_USAGE) != null
        && (usage == null || !usage[0])) {
      throw new Refusal(
          "the certificate in %s may not be used for signatures (its key usage lacks"
                  .formatted(name)
              + " digitalSignature), which TLS with an ECDSA key needs",
          "get a certificate for a server from its issuer");
    }
    if (mustStaple(leaf)) {
      throw new Refusal(
          "the certificate in %s demands OCSP stapling (must-staple), which is not supported"
              .formatted(name),
          "get a certificate without the TLS feature extension");
    }
    if (!hasName(leaf)) {
      throw new Refusal(
          "the certificate in %s has no name: neither a subject alternative name nor a common name"
              .formatted(name),
          "get a certificate with the host as a subject alternative name");
    }
    return type;
  }

  private static boolean mustStaple(X509Certificate certificate) {
    byte[] octets = certificate.getExtensionValue(TLS_FEATURE);
    Der wrapping = octets == null ? null : Der.whole(ByteString.copyFrom(octets));
    Der features = wrapping == null ? null : Der.whole(wrapping.value());
    return features != null
        && features.children().stream().anyMatch(feature -> feature.hex().equals("05"));
  }

  private boolean hasName(X509Certificate certificate) {
    return !alternativeNames(certificate, Set.of(2, 6, 7)).isEmpty() || hasCommonName();
  }

  private static @Nullable Der subject(ByteString certificate) {
    List<Der> parts = tbs(certificate);
    int index = 4 + versionParts(parts);
    return parts.size() > index ? parts.get(index) : null;
  }

  private boolean hasCommonName() {
    Der subject = subject(links.getFirst().der());
    return subject != null
        && subject.children().stream()
            .flatMap(set -> set.children().stream())
            .flatMap(attribute -> attribute.children().stream())
            .anyMatch(part -> part.is(Der.OBJECT_IDENTIFIER) && part.hex().equals(COMMON_NAME));
  }

  /** The DNS names of the server's own certificate in lower case, sorted. */
  List<String> dnsNames() {
    return alternativeNames(leaf(), Set.of(2)).stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * Subject alternative names; none when the extension cannot be read, as Envoy sees it.
   *
   * @param types the tags of GeneralName (RFC 5280, 4.2.1.6): 2 DNS, 6 URI, 7 IP address
   */
  private static List<String> alternativeNames(X509Certificate certificate, Set<Integer> types) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return List.of();
    }
    List<String> result = new ArrayList<>();
    if (names != null) {
      for (List<?> name : names) {
        if (name.get(0) instanceof Integer type
            && types.contains(type)
            && name.get(1) instanceof String value) {
          result.add(value);
        }
      }
    }
    return result;
  }

  /** Which of the first links, counted from 0, the key belongs to; -1 for none of them. */
  int indexOf(ServerKey key) {
    // To try a key costs a signature; a Secret has room for thousands of certificates.
    for (int i = 0; i < Math.min(links.size(), MAX_TRIED); i++) {
      Der info = publicKeyInfo(links.get(i).der());
      if (info != null
          && key.belongsTo(
              links.get(i).certificate().getPublicKey(), info.children().getLast().hex())) {
        return i;
      }
    }
    return -1;
  }

  /** PEM of the certificates and nothing else. */
  ByteString encoded() {
    StringBuilder pem = new StringBuilder();
    for (Link link : links) {
      pem.append(new Pem("CERTIFICATE", false, link.der()).encoded());
    }
    return ByteString.copyFromUtf8(pem.toString());
  }
}
