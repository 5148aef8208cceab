package io.isoline.translator.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://auth | auth | http://auth/",
        "http://auth.default.svc.cluster.local./x | auth.default.svc.cluster.local. |"
            + " http://auth.default.svc.cluster.local./x",
        "https://10.0.0.1:8443/a?b=$host | 10.0.0.1 | https://10.0.0.1:8443/a?b=$host",
        "http://auth?x=1 | auth | http://auth/?x=1",
        "https://$host/oauth2/auth | | https://$host/oauth2/auth",
        "$scheme://$http_host/%2Fa | | $scheme://$http_host/%2Fa",
      })
  void parse_url_hasHostAndText(String text, String host, String expected) {
    AuthUrl url = AuthUrl.parse(text);
    assertEquals(host, url.host());
    assertEquals(expected, url.text());
    assertEquals(url, AuthUrl.parse(url.text()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth",
        "/auth",
        "ftp://auth/",
        "unix:/run/x",
        "http://",
        "http:///x",
        "http://a..b/",
        "http://user@auth/",
        "http://auth:0/",
        "http://auth:65536/",
        "http://auth:x/",
        "http://[::1]/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0x0.0x0.0x1/",
        "http://1.2.3.400/",
        "http://auth/{a}",
        "http://auth/ b",
        "http://auth/\nHost: x",
        "http://auth/#f",
        "http://auth/%zz",
        "http://auth/$nosuch",
        "http://$http_x_host/",
        "http://$arg_host/",
        "http://$request_uri/",
        "$http_x://auth/",
        "http://-a/",
        "http://$host.example.com/",
      })
  void parse_other_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> AuthUrl.parse(text));
  }

  /** Neither takes long. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a.", "-", "_", "1", "1."})
  void parse_longHost_isRefused(String piece) {
    assertThrows(
        IllegalArgumentException.class,
        () -> AuthUrl.parse("http://" + piece.repeat(100_000) + "!/"));
    assertThrows(
        IllegalArgumentException.class,
        () -> AuthUrl.parse("http://" + piece.repeat(120) + "-/"));
  }
}
