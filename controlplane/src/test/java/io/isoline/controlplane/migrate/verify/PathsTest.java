package io.isoline.controlplane.migrate.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.text.ExamplePath;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathsTest {

  private static final Pattern REQUEST_TARGET = Pattern.compile("/[!-~]*");

  @Test
  void near_path_itselfAndItsNeighbours() {
    assertEquals(
        List.of(
            "/cart",
            "/cart/",
            "/cartisoline-verify",
            "/cart/isoline-verify",
            "/CART",
            "/cart?isoline-verify=1"),
        List.copyOf(Paths.near("/cart").keySet()));
  }

  @Test
  void near_pathWithASlash_alsoWithoutIt() {
    assertEquals(
        List.of("/a/", "/a", "/a/isoline-verify", "/A/", "/a/?isoline-verify=1"),
        List.copyOf(Paths.near("/a/").keySet()));
  }

  @Test
  void near_tooLong_nothing() {
    assertTrue(Paths.near("/" + "a".repeat(3000)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "/a b,/a%20b",
    "'/a\r\nX: y',/a%0D%0AX:%20y",
    "/é,/%C3%A9",
    "a,/a",
    "/a?b#c,/a%3Fb%23c"
  })
  void escaped_anyText_staysInTheRequestLine(String path, String escaped) {
    assertEquals(escaped, Paths.escaped(path));
    assertTrue(REQUEST_TARGET.matcher(Paths.escaped(path)).matches());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/v1(/|$)(.*) ; /v1/x",
        "/(a|b)/[0-9]+ ; /a/0",
        "/api/v\\d{2}/.+ ; /api/v11/x",
        "/(?:x|y)z?$ ; /xz",
        "^/[^/]+/end$ ; /x/end",
        "/a\\.b ; /a.b",
        "/a(?!b)c ; /ac",
      })
  void example_ofAnExpression_isMatchedByIt(String expression, String example) {
    assertEquals(example, ExamplePath.of(expression));
    assertTrue(Pattern.compile(expression).matcher(example).find());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "(", ")", "[", "[]", "[^", "a{", "a{9999999999}", "\\", "((((", "a|||b"})
  void example_ofABrokenExpression_isAnyText(String expression) {
    assertTrue(ExamplePath.of(expression).length() < 2000);
  }

  @Test
  void example_ofRandomText_endsSoonAndIsShort() {
    Random random = new Random(1);
    String letters = "()[]{}*+?|^$\\.ab1,";
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(60); j >= 0; j--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertTrue(ExamplePath.of(text.toString()).length() < 2000, text.toString());
    }
    assertTrue(ExamplePath.of("(".repeat(100_000)).length() < 2000);
    assertTrue(ExamplePath.of("(a{50}){50}".repeat(1000)).length() < 2000);
  }

  @Test
  void isExpression_plainPath_isNone() {
    assertFalse(ExamplePath.isExpression("/a-b_c.d/e"));
    assertTrue(ExamplePath.isExpression("/a/.*"));
  }
}
