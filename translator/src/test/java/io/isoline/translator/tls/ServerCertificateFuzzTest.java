package io.isoline.translator.tls;

import static io.isoline.translator.tls.TestCertificate.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import io.isoline.translator.tls.ServerCertificate.Invalid;
import io.isoline.translator.tls.ServerCertificate.Valid;
import io.isoline.tries.Draw;
import io.isoline.tries.Tries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever is in a Secret, reading it returns; and what it calls valid stays so. */
class ServerCertificateFuzzTest {

  private static final List<TestCertificate> CERTIFICATES =
      List.of(
          TestCertificate.ecdsa("secp256r1", "one").dns("a.example"),
          TestCertificate.rsa(2048, "one").dns("a.example"),
          TestCertificate.edwards("Ed25519", "one").dns("a.example"));

  @Test
  void read_anyBytes_returns() {
    Tries.of(100)
        .run(draw -> check(ByteString.copyFrom(draw.bytes(255)), ByteString.copyFrom(draw.bytes(255))));
  }

  @Test
  void read_mutatedText_returns() {
    Tries.of(150)
        .run(
            draw -> {
              TestCertificate certificate = draw.of(CERTIFICATES);
              byte[] chain = utf8(certificate.pem() + certificate.pem());
              byte[] key = utf8(certificate.pkcs8());

              check(mutate(chain, 5, draw), mutate(key, 5, draw));
            });
  }

  @Test
  void read_mutatedContent_returns() {
    Tries.of(150)
        .run(
            draw -> {
              TestCertificate certificate = draw.of(CERTIFICATES);
              byte[] chain = mutate(certificate.der(), 3, draw).toByteArray();
              byte[] key = mutate(certificate.privateKey().getEncoded(), 3, draw).toByteArray();

              check(
                  ByteString.copyFromUtf8(TestCertificate.pem("CERTIFICATE", chain)),
                  ByteString.copyFromUtf8(TestCertificate.pem("PRIVATE KEY", key)));
            });
  }

  @Test
  void read_mutatedTraditionalKey_returns() {
    Tries.of(100)
        .run(
            draw -> {
              int which = draw.below(2);
              TestCertificate certificate = CERTIFICATES.get(which);
              byte[] key = mutate(certificate.traditionalDer(), 3, draw).toByteArray();
              String label = which == 0 ? "EC PRIVATE KEY" : "RSA PRIVATE KEY";

              check(
                  ByteString.copyFromUtf8(certificate.pem()),
                  ByteString.copyFromUtf8(TestCertificate.pem(label, key)));
            });
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

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Up to {@code most} edits of a few bytes each. */
  private static ByteString mutate(byte[] original, int most, Draw draw) {
    ByteString bytes = ByteString.copyFrom(original);
    for (Edit edit : draw.list(0, most, Edit::of)) {
      bytes = edit.applied(bytes);
    }
    return bytes;
  }

  /** Removes bytes, repeats them, or puts something in their place. */
  private record Edit(int at, int length, int kind, int value) {
    static Edit of(Draw draw) {
      return new Edit(
          draw.below(Integer.MAX_VALUE), draw.below(20), draw.below(4), draw.below(256));
    }

    ByteString applied(ByteString bytes) {
      if (bytes.isEmpty()) {
        return bytes;
      }
      int from = at % bytes.size();
      int to = Math.min(bytes.size(), from + length);
      ByteString part = bytes.substring(from, to);
      ByteString middle =
          switch (kind) {
            case 0 -> ByteString.EMPTY;
            case 1 -> part.concat(part);
            case 2 -> ByteString.copyFrom(new byte[] {(byte) value});
            default -> ByteString.copyFromUtf8("-----BEGIN ");
          };
      return bytes.substring(0, from).concat(middle).concat(bytes.substring(to));
    }
  }
}
