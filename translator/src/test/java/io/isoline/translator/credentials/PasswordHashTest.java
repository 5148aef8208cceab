package io.isoline.translator.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.isoline.translator.credentials.PasswordHash.Scheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

  private static final String BCRYPT_REST =
      "$SsgjUKqBXD7xRvp12G3E6eI8ri974OM89BCDB/YG6b/I1QflHuZkq";
  private static final String SHA256_REST =
      "$saltsalt$0rl.MZtoLLPP3X0Rdl8riRnphIcAXJY27/aOAyK2hB5";

  @ParameterizedTest
  @CsvSource({
    "$2a$05" + BCRYPT_REST + ", BCRYPT",
    "$2y$14" + BCRYPT_REST + ", BCRYPT",
    "$apr1$abcdefgh$5VEbMkemELfbhC5ck.U.z1, APR1",
    "$1$abcdefgh$5VEbMkemELfbhC5ck.U.z1, MD5",
    "$5" + SHA256_REST + ", SHA256",
    "$5$rounds=500000" + SHA256_REST + ", SHA256",
    "{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=, SHA1",
    "{SSHA}GpHWL3ymc5liWkNopqtdSjuqYHM=, SALTED_SHA1",
    "{PLAIN}, PLAIN",
    "{PLAIN}pw, PLAIN",
    "abzlUXK5ed5rs, DES",
  })
  void hash_ofAKnownForm_isTaken(String text, Scheme scheme) {
    assertEquals(scheme, PasswordHash.parse(text).scheme());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pw",
        "fourteen-chars",
        "$2x$05" + BCRYPT_REST,
        "$2y$03" + BCRYPT_REST,
        "$2y$15" + BCRYPT_REST,
        "$2y$05" + BCRYPT_REST + "x",
        "$2y$5" + BCRYPT_REST,
        "$apr1$$5VEbMkemELfbhC5ck.U.z1",
        "$apr1$abcdefghi$5VEbMkemELfbhC5ck.U.z1",
        "$5$rounds=999" + SHA256_REST,
        "$5$rounds=500001" + SHA256_REST,
        "$5$rounds=9999999999" + SHA256_REST,
        "$6" + SHA256_REST,
        "$y$j9T$aaaa$bbbb",
        "{SHA}GpHWL3ymc5liWkNopqtdSjuqYH",
        "{SHA}!",
        "{SSHA}GpHW",
        "{sha}GpHWL3ymc5liWkNopqtdSjuqYHM=",
      })
  void hash_ofAnotherForm_isRefusedWithoutRepeatingIt(String text) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> PasswordHash.parse(text));
    assertFalse(
        text.length() > 3 && String.valueOf(refusal.getMessage()).contains(text), "tells the hash");
  }

  @Test
  void toString_doesNotShowTheHash() {
    assertEquals("PLAIN", PasswordHash.parse("{PLAIN}pw").toString());
  }
}
