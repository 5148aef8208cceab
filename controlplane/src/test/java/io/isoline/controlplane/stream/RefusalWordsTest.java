package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RefusalWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no such cluster | no such cluster",
        "Proto constraint validation failed (X.Y: too long): name: \"secret\""
            + " | Proto constraint validation failed (X.Y: too long)",
        "name: \"secret\" Proto constraint validation failed (X.Y: too long)"
            + " | Proto constraint validation failed (X.Y: too long)",
        "Proto constraint validation failed (a): Proto constraint validation failed (b): c"
            + " | Proto constraint validation failed (b)",
        "goo.gle/debugstr name: \"secret\""
            + " | it breaks a rule of its proto; Envoy repeats it instead of saying which",
      })
  void brief_anyWords_areTheReasonWithoutWhatEnvoyRepeats(String words, String brief) {
    assertEquals(brief, RefusalWords.brief(words));
  }
}
