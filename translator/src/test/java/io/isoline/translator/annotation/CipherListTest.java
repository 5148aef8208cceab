package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CipherListTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ECDHE-RSA-AES256-GCM-SHA384 | ECDHE-RSA-AES256-GCM-SHA384 | ",
        "AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-SHA | AES128-SHA ECDHE-RSA-AES256-SHA | ",
        "NO-SUCH-CIPHER | | NO-SUCH-CIPHER",
        "DHE-RSA-AES256-GCM-SHA384:AES256-SHA | AES256-SHA | DHE-RSA-AES256-GCM-SHA384",
        "ECDHE+AESGCM+AES128 |"
            + " ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 | ",
        "CHACHA20:!ECDSA:ECDHE-ECDSA-CHACHA20-POLY1305 | ECDHE-RSA-CHACHA20-POLY1305 | ",
        "CHACHA20:-ECDSA:ECDHE-ECDSA-CHACHA20-POLY1305 |"
            + " ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-CHACHA20-POLY1305 | ",
        "CHACHA20:+ECDSA | ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-CHACHA20-POLY1305 | ",
        "kRSA+SHA | AES256-SHA AES128-SHA | ",
        "!aNULL:!MD5:AES128-SHA | AES128-SHA | ",
        "::: | | ",
        "TLS_AES_128_GCM_SHA256 | | TLS_AES_128_GCM_SHA256",
        "ecdhe | | ecdhe",
      })
  void read_list_isWhatOpensslMakesOfIt(String text, String suites, String leftOut) {
    assertEquals(
        new CipherList.Suites(words(suites), words(leftOut)), CipherList.read(text));
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }

  @Test
  void read_high_beginsWithTheStrongestAndHasNoDoubles() {
    List<String> all = CipherList.read("HIGH:!aNULL").suites();
    assertEquals("ECDHE-ECDSA-AES256-GCM-SHA384", all.getFirst());
    assertEquals(14, all.stream().distinct().count());
    assertEquals(14, all.size());
  }
}
