package io.isoline.translator.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.isoline.translator.model.Cors;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsWriterTest {

  @ParameterizedTest
  @CsvSource({
    "https://a.test, https://a.test, true",
    "https://a.test, HTTPS://A.TEST, true",
    "https://a.test, https://axtest, false",
    "https://a.test, https://a.test.evil.test, false",
    "https://a.test, xhttps://a.test, false",
    "https://*.a.test, https://x.a.test, true",
    "https://*.a.test, HTTPS://X.A.TEST, true",
    "https://*.a.test, https://x.y.a.test, false",
    "https://*.a.test, https://a.test, false",
    "https://*.a.test, https://x.axtest, false",
    "https://a.test:8443, https://a.test:8443, true",
    "https://a.test:8443, https://a.test, false",
    "null, null, true",
    "https://a.test https://*.b.test, https://a.test, true",
    "https://a.test https://*.b.test, https://x.b.test, true",
    "https://a.test https://*.b.test, https://b.test, false",
    "https://a.test https://*.b.test, https://a.test.b.test/, false",
  })
  void preflight_origin_isTakenAsAWhole(String origins, String origin, boolean may) {
    Cors cors = new Cors(List.of(origins.split(" ", -1)), true, "GET", "", "", 1);
    StringMatcher matcher =
        CorsWriter.preflight("r", RouteMatch.getDefaultInstance(), cors)
            .getMatch()
            .getHeaders(0)
            .getStringMatch();
    assertEquals(
        may,
        matcher.hasSafeRegex()
            ? Pattern.matches(matcher.getSafeRegex().getRegex(), origin)
            : matcher.getIgnoreCase() && matcher.getExact().equalsIgnoreCase(origin));
  }
}
