package io.isoline.translator.tls;

import static io.isoline.translator.tls.TestCertificate.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import io.isoline.translator.tls.ServerCertificate.Invalid;
import io.isoline.translator.tls.ServerCertificate.Valid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever is in a Secret, reading it returns; and what it calls valid stays so. */
class ServerCertificateFuzzTest {

  private static final List<TestCertificate> CERTIFICATES =
      List.of(
          TestCertificate.ecdsa("secp256r1", "one").dns("a.example"),
          TestCertificate.rsa(2048, "one").dns("a.example"),
          TestCertificate.edwards("Ed25519").dns("a.example"));

  @Property(tries = 200)
  void read_anyBytes_returns(@ForAll byte[] certificate, @ForAll byte[] key) {
    check(ByteString.copyFrom(certificate), ByteString.copyFrom(key));
  }

  @Property(tries = 300)
  void read_mutatedText_returns(
      @ForAll @IntRange(max = 2) int which,
      @ForAll @IntRange(max = 5) int edits,
      @ForAll long seed) {
    TestCertificate certificate = CERTIFICATES.get(which);
    Random random = new Random(seed);
    byte[] chain = (certificate.pem() + certificate.pem()).getBytes(StandardCharsets.UTF_8);
    byte[] key = certificate.pkcs8().getBytes(StandardCharsets.UTF_8);

    check(mutate(chain, edits, random), mutate(key, edits, random));
  }

  @Property(tries = 300)
  void read_mutatedContent_returns(
      @ForAll @IntRange(max = 2) int which,
      @ForAll @IntRange(max = 3) int edits,
      @ForAll long seed) {
    TestCertificate certificate = CERTIFICATES.get(which);
    Random random = new Random(seed);
    byte[] chain = mutate(certificate.der(), edits, random).toByteArray();
    byte[] key = mutate(certificate.privateKey().getEncoded(), edits, random).toByteArray();

    check(
        ByteString.copyFromUtf8(TestCertificate.pem("CERTIFICATE", chain)),
        ByteString.copyFromUtf8(TestCertificate.pem("PRIVATE KEY", key)));
  }

  @Property(tries = 200)
  void read_mutatedTraditionalKey_returns(
      @ForAll @IntRange(max = 1) int which,
      @ForAll @IntRange(max = 3) int edits,
      @ForAll long seed) {
    TestCertificate certificate = CERTIFICATES.get(which);
    byte[] key = mutate(certificate.traditionalDer(), edits, new Random(seed)).toByteArray();
    String label = which == 0 ? "EC PRIVATE KEY" : "RSA PRIVATE KEY";

    check(
        ByteString.copyFromUtf8(certificate.pem()),
        ByteString.copyFromUtf8(TestCertificate.pem(label, key)));
  }

  private static void check(ByteString chain, ByteString key) {
    switch (ServerCertificate.read(chain, "tls.crt", key, "tls.key", NOW)) {
      case Valid valid ->
          assertEquals(
              valid, ServerCertificate.read(valid.chain(), "tls.crt", valid.key(), "tls.key", NOW));
      case Invalid invalid -> {
        assertFalse(invalid.message().isBlank());
        assertFalse(invalid.fix().isBlank());
      }
    }
  }

  private static ByteString mutate(byte[] original, int edits, Random random) {
    ByteString bytes = ByteString.copyFrom(original);
    for (int i = 0; i < edits && !bytes.isEmpty(); i++) {
      int at = random.nextInt(bytes.size());
      int to = Math.min(bytes.size(), at + random.nextInt(20));
      ByteString middle =
          switch (random.nextInt(4)) {
            case 0 -> ByteString.EMPTY;
            case 1 -> bytes.substring(at, to).concat(bytes.substring(at, to));
            case 2 -> ByteString.copyFrom(new byte[] {(byte) random.nextInt(256)});
            default -> ByteString.copyFromUtf8("-----BEGIN ");
          };
      bytes = bytes.substring(0, at).concat(middle).concat(bytes.substring(to));
    }
    return bytes;
  }
}
