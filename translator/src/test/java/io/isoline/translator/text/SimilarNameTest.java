package io.isoline.translator.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarNameTest {

  private static final List<String> WORDS = List.of("address", "port", "trustedHops");

  @Test
  void of_swappedLetters_findsTheWord() {
    assertEquals("port", SimilarName.of("prot", WORDS));
  }

  @Test
  void of_otherCase_findsTheWord() {
    assertEquals("trustedHops", SimilarName.of("Trusted-hops", WORDS));
  }

  @Test
  void of_missingAndWrongLetters_findsTheWord() {
    assertEquals("address", SimilarName.of("adrezs", WORDS));
  }

  @Test
  void of_anotherWord_findsNothing() {
    assertNull(SimilarName.of("timeout", WORDS));
    assertNull(SimilarName.of("sort of", WORDS));
    assertNull(SimilarName.of("", WORDS));
    assertNull(SimilarName.of("x".repeat(1000), WORDS));
  }
}
