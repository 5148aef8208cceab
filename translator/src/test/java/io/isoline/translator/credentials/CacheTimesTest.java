package io.isoline.translator.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CacheTimesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 202 401 5m | [200, 202, 401] 300",
        "10 | [200, 301, 302] 10",
        "any 1h30m | [] 5400",
        "200 10m, 401 1s, | [200] 600; [401] 1",
        "200 99999999y | [200] 31622400",
        "200 0 | [200] 0",
        "404 1w | [404] 604800",
      })
  void parse_lists_haveStatusesAndSeconds(String text, String expected) {
    assertEquals(
        expected,
        CacheTimes.parse(text).stream()
            .map(time -> time.statuses() + " " + time.seconds())
            .collect(Collectors.joining("; ")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "5x", "m", "200 -5m", "600 5m", "abc 5m", "\"; junk {", "200 5m\n;"})
  void parse_other_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> CacheTimes.parse(text));
  }
}
