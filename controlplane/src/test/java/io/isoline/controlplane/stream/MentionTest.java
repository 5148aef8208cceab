package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MentionTest {

  @ParameterizedTest
  @CsvSource({
    "abc, xabcx, true",
    "abc, abc, true",
    "abc, aababc, true",
    "abc, ab, false",
    "abc, abd, false",
    "abc, xbc, false",
    "abc, abxc, false",
    "\u00e9, caf\u00e9, true",
  })
  void isIn_bytesOfTheName_anywhere(String name, String body, boolean mentioned) {
    assertEquals(mentioned, new Mention(name).isIn(Resources.route("r", "1", body)));
  }
}
