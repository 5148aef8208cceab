package io.isoline.translator.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain | plain",
        "$host | <host>",
        "a${host}b | a<host>b",
        "$scheme://$http_host$request_uri | <scheme>://<http_host><request_uri>",
        "$http_x_a-$cookie_b/$arg_c | <http_x_a>-<cookie_b>/<arg_c>",
        "100% {x} \\1 %REQ(x)% | 100% {x} \\1 %REQ(x)%",
      })
  void fill_putsValuesInThePlaceOfVariables(String text, String filled) {
    assertEquals(filled, Template.parse(text).fill(name -> "<" + name + ">"));
  }

  /** A value is not looked at again. */
  @Test
  void fill_valueWithADollar_staysAsItIs() {
    assertEquals("$scheme", Template.parse("$host").fill(name -> "$scheme"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"$nosuch", "${host", "$", "a$ b", "$$host", "${}", "$http_", "${a b}"})
  void parse_otherDollars_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Template.parse(text));
  }
}
