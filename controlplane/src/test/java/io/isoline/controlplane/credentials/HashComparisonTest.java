package io.isoline.controlplane.credentials;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.credentials.PasswordHash;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes that htpasswd and openssl made of the password "pw". */
class HashComparisonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$2a$05$SsgjUKqBXD7xRvp12G3E6eI8ri974OM89BCDB/YG6b/I1QflHuZkq",
        "$2b$05$SsgjUKqBXD7xRvp12G3E6eI8ri974OM89BCDB/YG6b/I1QflHuZkq",
        "$2y$05$SsgjUKqBXD7xRvp12G3E6eI8ri974OM89BCDB/YG6b/I1QflHuZkq",
        "$apr1$abcdefgh$5VEbMkemELfbhC5ck.U.z1",
        "{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=",
        "{PLAIN}pw",
        "abzlUXK5ed5rs",
        "$5$saltsalt$0rl.MZtoLLPP3X0Rdl8riRnphIcAXJY27/aOAyK2hB5",
        "$6$saltsalt$pauPrmdmG4BTE9h2HPmywiw152IFch6BJCEsaY6D.PLTfpV8sqvXwWdyfsgVgozkYH9B80bAip/"
            + "08R2BPH2xk/",
      })
  void onlyTheRightPasswordMatches(String text) {
    PasswordHash hash = PasswordHash.parse(text);
    byte[] password = "pw".getBytes(StandardCharsets.UTF_8);
    assertEquals(true, HashComparison.matches(hash, password));
    assertArrayEquals("pw".getBytes(StandardCharsets.UTF_8), password);
    for (String wrong : new String[] {"", "p", "pW", "pww", "päss"}) {
      assertEquals(
          false, HashComparison.matches(hash, wrong.getBytes(StandardCharsets.UTF_8)), wrong);
    }
  }
}
