package io.isoline.controlplane.access;

import io.isoline.translator.credentials.AuthUrl;
import io.isoline.translator.credentials.CacheTimes;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests and checks for tests, in few words. */
final class Asked {

  private Asked() {}

  static AskedRequest request(String uri, HeaderLine... headers) {
    return new AskedRequest(
        "PUT", "Shop.example.com:8443", uri, "https", "192.0.2.7", List.of(headers));
  }

  static HeaderLine header(String name, String value) {
    return new HeaderLine(name, value);
  }

  static ExternalCheck check(String url) {
    return check(url, null, CacheTimes.DEFAULT);
  }

  static ExternalCheck check(String url, @Nullable String cacheKey, String times) {
    return new ExternalCheck(
        "shop/web",
        AuthUrl.parse(url),
        "",
        "",
        List.of(),
        List.of("x-user"),
        null,
        cacheKey == null ? null : Template.parse(cacheKey),
        CacheTimes.parse(times));
  }
}
