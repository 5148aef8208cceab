package io.isoline.controlplane.access;

import static io.isoline.controlplane.access.Asked.check;
import static io.isoline.controlplane.access.Asked.header;
import static io.isoline.controlplane.access.Asked.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.isoline.translator.credentials.ExternalCheck;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerCacheTest {

  private static final ExternalCheck CHECK = check("http://auth/", "$http_x", "200 401 5m, any 0");

  private final AnswerCache cache =
      new AnswerCache(Clock.fixed(Instant.parse("2026-12-01T00:00:00Z"), ZoneOffset.UTC));

  private Fingerprint key(ExternalCheck check, String value) {
    return Objects.requireNonNull(cache.key(check.text(), check, request("/", header("x", value))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | x-user | ada | true",
        "401 | x-user | ada | true",
        "403 | x-user | ada | false",
        "200 | set-cookie | a=1 | false",
        "200 | vary | * | false",
        "200 | vary | Cookie | false",
        "200 | vary | Accept-Encoding | true",
        "200 | cache-control | no-store | false",
        "200 | cache-control | private, max-age=60 | false",
        "200 | cache-control | max-age=0 | false",
        "200 | cache-control | max-age=60 | true",
        "200 | cache-control | max-age=60, s-maxage=0 | false",
        "200 | x-accel-expires | 0 | false",
        "200 | expires | Tue, 01 Dec 2026 00:00:01 GMT | true",
        "200 | expires | Mon, 30 Nov 2026 00:00:00 GMT | false",
        "200 | expires | 0 | false",
      })
  void keep_answer_isFoundWhereItMayBe(int status, String name, String value, boolean kept) {
    Fingerprint key = key(CHECK, "1");
    AuthAnswer answer = new AuthAnswer(status, List.of(header(name, value)));
    cache.keep(key, CHECK, answer);
    assertEquals(kept ? answer : null, cache.find(key));
  }

  @Test
  void key_ofAnotherCheckOrValue_isAnother() {
    ExternalCheck other = check("http://other/", "$http_x", "200 5m");
    assertEquals(key(CHECK, "1"), key(CHECK, "1"));
    assertNotEquals(key(CHECK, "1"), key(CHECK, "2"));
    assertNotEquals(key(CHECK, "1"), key(other, "1"));
    assertNull(cache.key("", check("http://auth/"), request("/")));
  }
}
