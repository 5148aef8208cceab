package io.isoline.translator.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ingress.NginxAnnotation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NginxAnnotationsTest {

  @Test
  void all_hasEachOfThe136AndTheTwoAliases() {
    assertEquals(138, NginxAnnotations.all().size());
  }

  @Test
  void all_eachSaysWhatToDoUnlessNothingIsToBeDone() {
    for (NginxAnnotation annotation : NginxAnnotations.all().values()) {
      boolean nothing = "*".equals(annotation.soAnyway());
      assertEquals(nothing, annotation.words().isEmpty(), annotation.key());
    }
  }

  @Test
  void all_whatSoundsProtecting_isAProtection() {
    for (NginxAnnotation annotation : NginxAnnotations.all().values()) {
      if (NginxAnnotations.soundsProtecting(annotation.key())) {
        assertEquals(Kind.PROTECTION, annotation.kind(), annotation.key());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"global-rate-limit", "lua-resty-waf", "auth-cors", "blacklist"})
  void soundsProtecting_namesOfOlderReleases_yes(String key) {
    assertTrue(NginxAnnotations.soundsProtecting(key));
  }

  @ParameterizedTest
  @CsvSource({
    "auth-tipe, auth-type",
    "proxy-body-siz, proxy-body-size",
    "proxyBodySize, proxy-body-size",
    "rate-limit, limit-rate",
    "redirect-ssl, ssl-redirect",
  })
  void meant_nearOrInAnotherOrder_isTheOne(String key, String meant) {
    NginxAnnotation found = NginxAnnotations.meant(key);
    assertNotNull(found);
    assertEquals(meant, found.key());
  }

  @Test
  void meant_nothingNear_isNone() {
    assertNull(NginxAnnotations.meant("something-else-entirely"));
  }
}
