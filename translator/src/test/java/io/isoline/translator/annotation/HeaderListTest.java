package io.isoline.translator.annotation;

import static io.isoline.translator.TestObjects.configMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.model.Header;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderListTest {

  private static HeaderList of(String... keysAndValues) {
    return HeaderList.of(configMap("headers", keysAndValues));
  }

  private static HeaderList of(List<String> keysAndValues) {
    return of(keysAndValues.toArray(String[]::new));
  }

  @Test
  void of_headers_areInOrderInSmallLettersAndWithoutBlanksAround() {
    assertEquals(
        new HeaderList.Usable(
            List.of(
                new Header("a-b", "a$b \"q\" {x} #1 %00"),
                new Header("empty", ""),
                new Header("x_y.z", "1"))),
        of("X_y.Z", " 1\n", "A-B", "a$b \"q\" {x} #1 %00", "Empty", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "transfer-encoding",
        "Content-Length",
        "X-Envoy-Upstream-Service-Time",
        "x-isoline-scope",
        "Upgrade",
        ":status",
        "a b",
        "a\nb",
        "é",
        ""
      })
  void of_nameThatIsNotToBeSet_isUnusable(String name) {
    assertInstanceOf(HeaderList.Unusable.class, of("X-Good", "1", name, "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\nSet-Cookie: x", "\u0000", "a\u007f"})
  void of_valueOfOtherCharacters_isUnusable(String value) {
    assertInstanceOf(HeaderList.Unusable.class, of("X-A", value));
  }

  @Test
  void of_sameNameInOtherLetters_isUnusable() {
    assertEquals(
        new HeaderList.Unusable(
            "\"x-a\" is there twice, in other letters", "remove one of the two"),
        of("X-A", "1", "x-a", "2"));
  }

  @ParameterizedTest
  @CsvSource({"64, true", "65, false"})
  void of_many_isUsableUpToALimit(int count, boolean usable) {
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      headers.addAll(List.of("X-" + i, "v"));
    }
    assertEquals(usable, of(headers) instanceof HeaderList.Usable);
  }

  @ParameterizedTest
  @CsvSource({"4000, true", "4001, false", "70000, false"})
  void of_long_isUsableUpToALimit(int length, boolean usable) {
    assertEquals(usable, of("X-A", "v".repeat(length)) instanceof HeaderList.Usable);
  }

  @ParameterizedTest
  @CsvSource({"183, true", "184, false"})
  void of_longTogether_isUsableUpToALimit(int length, boolean usable) {
    assertEquals(
        usable,
        of("X-A", "v".repeat(4000), "X-B", "v".repeat(4000), "X-C", "v".repeat(length))
            instanceof HeaderList.Usable);
  }

  @Test
  void of_longName_isToldInFewWords() {
    HeaderList.Unusable unusable =
        assertInstanceOf(HeaderList.Unusable.class, of("x".repeat(10_000), "1"));
    assertTrue(unusable.message().length() < 200, unusable::message);
  }
}
