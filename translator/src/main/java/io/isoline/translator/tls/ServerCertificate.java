package io.isoline.translator.tls;

import com.google.protobuf.ByteString;
import io.isoline.translator.kube.SecretRecord;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS Secret holds at a moment: a certificate and key that Envoy takes, or the reason why
 * not.
 *
 * <p>Envoy refuses a whole secret, and with a static one its whole configuration, for a bad
 * certificate. So everything that Envoy 1.40 was seen to refuse is found here, and what it gets is
 * written anew: the blocks of PEM and nothing else.
 */
public sealed interface ServerCertificate {

  /**
   * What a key signs with. A TLS context can hold an RSA and an ECDSA certificate, and Envoy
   * chooses by what the client supports.
   */
  enum KeyType {
    RSA,
    ECDSA,
    /** Envoy serves it, but browsers do not support it, and Envoy does not choose by it. */
    ED25519
  }

  /**
   * Envoy takes it, and it is neither expired nor of the future.
   *
   * @param chain the server's certificate and its intermediates in PEM
   * @param key the private key in PEM, of the form that its author chose
   * @param notBefore the first moment at which it is valid
   * @param notAfter the last second in which it is valid
   * @param dnsNames DNS subject alternative names in lower case, sorted; may begin with {@code *.}
   */
  record Valid(
      KeyType type,
      ByteString chain,
      ByteString key,
      Instant notBefore,
      Instant notAfter,
      List<String> dnsNames)
      implements ServerCertificate {

    public Valid {
      dnsNames = List.copyOf(dnsNames);
    }

    /** The moment at which it has expired: read it again then. */
    public Instant recheckAt() {
      return notAfter.plusSeconds(1);
    }

    /**
     * Whether clients accept the certificate for this host, by RFC 9525: a wildcard stands for one
     * whole label, and the common name does not count.
     *
     * @param host a DNS name, in any case, or one with a wildcard as its first label, which only
     *     the same name covers
     */
    public boolean covers(String host) {
      String name = host.toLowerCase(Locale.ROOT);
      if (name.endsWith(".")) {
        name = name.substring(0, name.length() - 1);
      }
      if (dnsNames.contains(name)) {
        return true;
      }
      int dot = name.indexOf('.');
      return dot > 0 && dnsNames.contains("*" + name.substring(dot));
    }

    /** Leaves the key out, so that no log shows it. */
    @Override
    public String toString() {
      return "Valid[type=%s, notBefore=%s, notAfter=%s, dnsNames=%s]"
          .formatted(type, notBefore, notAfter, dnsNames);
    }
  }

  /**
   * A Secret that cannot be served.
   *
   * @param message what is wrong, naming the data keys
   * @param fix what to do about it
   * @param recheckAt when the certificate becomes valid; null when time does not mend it
   */
  record Invalid(String message, String fix, @Nullable Instant recheckAt)
      implements ServerCertificate {}

  /**
   * Whether it is the same in all that decides how it is used and what is said of it. The bytes
   * and the dates may differ, as after a renewal.
   */
  default boolean isLike(ServerCertificate other) {
    return switch (this) {
      case Valid one ->
          other instanceof Valid another
              && one.type() == another.type()
              && one.dnsNames().equals(another.dnsNames());
      case Invalid one ->
          other instanceof Invalid another
              && one.message().equals(another.message())
              && one.fix().equals(another.fix());
    };
  }

  /**
   * Reads a Secret of any type that has the two data keys. A pure function that costs up to a
   * millisecond or two: keep the result until {@link Valid#recheckAt} or {@link Invalid#recheckAt}.
   * Throws nothing, whatever the content.
   */
  static ServerCertificate read(SecretRecord secret, Instant now) {
    return read(secret.certificate(), "tls.crt", secret.privateKey(), "tls.key", now);
  }

  /** The same, whatever the dates of the certificate are. */
  static ServerCertificate readAtAnyTime(SecretRecord secret) {
    return read(secret.certificate(), "tls.crt", secret.privateKey(), "tls.key", null);
  }

  /**
   * The same for a certificate from elsewhere.
   *
   * @param chainName what messages call the chain, a file name for example
   * @param keyName what messages call the key
   * @param now null where it does not matter
   */
  static ServerCertificate read(
      @Nullable ByteString chain,
      String chainName,
      @Nullable ByteString key,
      String keyName,
      @Nullable Instant now) {
    try {
      return check(
          CertificateChain.read(present(chain, chainName), chainName),
          ServerKey.read(present(key, keyName), keyName),
          keyName,
          now);
    } catch (Refusal refusal) {
      return swapped(chain, chainName, key, keyName)
          ? new Invalid(
              "the certificate is in %s and the private key in %s: they are swapped"
                  .formatted(keyName, chainName),
              "put the certificate into %s and the key into %s".formatted(chainName, keyName),
              null)
          : refusal.invalid();
    }
  }

  private static ByteString present(@Nullable ByteString data, String name) throws Refusal {
    if (data == null) {
      throw new Refusal(
          name + " is missing",
          "create the Secret by: kubectl create secret tls NAME --cert=FILE --key=FILE");
    }
    return data;
  }

  private static boolean swapped(
      @Nullable ByteString chain, String chainName, @Nullable ByteString key, String keyName) {
    if (chain == null || key == null) {
      return false;
    }
    try {
      CertificateChain.read(key, keyName);
      return Pem.read(chain, chainName).stream()
              .allMatch(block -> block.label().endsWith("PRIVATE KEY"))
          && Pem.read(key, keyName).stream().allMatch(CertificateChain::isCertificate);
    } catch (Refusal e) {
      return false;
    }
  }

  private static ServerCertificate check(
      CertificateChain chain, ServerKey key, String keyName, @Nullable Instant now)
      throws Refusal {
    int index = chain.indexOf(key);
    if (index > 0) {
      throw new Refusal(
          "the private key in %s belongs to certificate %d in %s; the server's own must be first"
              .formatted(keyName, index + 1, chain.name()),
          "put the server's certificate first and its issuers after it, each once");
    }
    KeyType type = chain.checkLeaf();
    if (index < 0) {
      throw new Refusal(
          "the private key in %s does not belong to the certificate in %s"
              .formatted(keyName, chain.name()),
          "put in the key that the certificate was made for");
    }
    X509Certificate leaf = chain.leaf();
    Instant notBefore = leaf.getNotBefore().toInstant();
    Instant notAfter = leaf.getNotAfter().toInstant();
    if (now != null && now.isBefore(notBefore)) {
      throw new Refusal(
          "the certificate in %s is not valid before %s".formatted(chain.name(), notBefore),
          "wait until then, or check the clocks",
          notBefore);
    }
    if (now != null && !now.isBefore(notAfter.plusSeconds(1))) {
      throw new Refusal(
          "the certificate in %s expired on %s".formatted(chain.name(), notAfter),
          "renew the certificate");
    }
    return new Valid(
        type,
        chain.encoded(),
        ByteString.copyFromUtf8(key.pem().encoded()),
        notBefore,
        notAfter,
        chain.dnsNames());
  }
}
