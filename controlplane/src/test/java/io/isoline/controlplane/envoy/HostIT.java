package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a request's host is read as, by each way in which requests come. */
@WithEnvoy
class HostIT {

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend a;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend b;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend c;

  @BeforeAll
  static void startBackends() throws IOException {
    a = Backend.start("A");
    b = Backend.start("B");
    c = Backend.start("C");
  }

  @AfterAll
  static void stopBackends() throws IOException {
    a.close();
    b.close();
    c.close();
  }

  /** A way to Envoy. */
  enum Way {
    HTTP1,
    HTTP2,
    TLS_HTTP1,
    TLS_HTTP2;

    Response get(Proxy proxy, String host, String... headers) throws IOException {
      try (Connection connection =
          switch (this) {
            case HTTP1, HTTP2 -> proxy.connect();
            case TLS_HTTP1 -> proxy.tls(TlsConnection.Hello.to("case.test").withAlpn("http/1.1"));
            case TLS_HTTP2 -> proxy.tls(TlsConnection.Hello.to("case.test").withAlpn("h2"));
          }) {
        return switch (this) {
          case HTTP1, TLS_HTTP1 -> {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < headers.length; i += 2) {
              lines.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            yield connection.exchange(
                "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + lines + "\r\n");
          }
          case HTTP2, TLS_HTTP2 -> Http2Get.exchange(connection, host, "/", headers);
        };
      }
    }
  }

  private static void apply(Proxy proxy, String... ingresses) {
    proxy.apply(
        String.join("\n---\n", ingresses),
        service("a", a),
        service("b", b),
        service("c", c),
        TestCertificate.of("case.test", "case.test").secret("case"));
  }

  @ParameterizedTest
  @EnumSource
  void name_withCapitals_isTheSameWhereNothingElseIsClaimed(Way way, Proxy proxy)
      throws Exception {
    apply(proxy, tlsIngress("web", "case", "case.test", "Prefix / a"));
    for (String host : new String[] {"CASE.test", "case.TEST:8080", "Case.Test.", "case.test."}) {
      assertEquals("A", way.get(proxy, host).route(), host);
    }
    assertEquals("404", way.get(proxy, "CASES.test").route());
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "HTTP2"})
  void name_withCapitals_isRedirectedLikeTheOther(Way way, Proxy proxy) throws Exception {
    apply(proxy, tlsIngress("web", "case", "case.test", "Prefix / a"));
    proxy.configure(settings -> Configured.with(settings, "redirectToHttps: true"));
    Response response = way.get(proxy, "CASE.test");
    assertEquals(308, response.status());
    assertTrue(
        response.header("location").toLowerCase(Locale.ROOT).startsWith("https://case.test:"),
        response::toString);
  }

  @ParameterizedTest
  @EnumSource
  void wildcard_anySpelling_isFoundOneLabelAbove(Way way, Proxy proxy) throws Exception {
    apply(
        proxy,
        ingress("wild", "*.wild.test", "Prefix / a"),
        ingress("upper", "*.test", "Prefix / b"),
        ingress("exact", "own.wild.test", "Prefix / c"));
    assertEquals("A", way.get(proxy, "x.wild.test").route());
    assertEquals("A", way.get(proxy, "X.Wild.TEST:99").route());
    assertEquals("A", way.get(proxy, "x_y.wild.test").route());
    assertEquals("C", way.get(proxy, "own.wild.test").route());
    assertEquals("C", way.get(proxy, "OWN.wild.test").route());
    assertEquals("B", way.get(proxy, "wild.test").route());
    assertEquals("404", way.get(proxy, "y.x.wild.test").route());
    assertEquals("404", way.get(proxy, "test").route());
    assertEquals("404", way.get(proxy, ".wild.test").route());
  }

  @ParameterizedTest
  @EnumSource
  void wildcard_withCertificate_redirectsAndSendsHstsLikeAName(Way way, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        tlsIngress("wild", "case", "*.wild.test", "Prefix /here a"),
        ingress("any", "", "Prefix / c"));
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "redirectToHttps: true",
                "hsts: {maxAge: 24h, includeSubDomains: false, preload: false}"));
    Response response = way.get(proxy, "x.wild.test");
    boolean tls = way == Way.TLS_HTTP1 || way == Way.TLS_HTTP2;
    assertEquals(tls ? 404 : 308, response.status());
    assertEquals(tls ? "max-age=86400" : "", response.header("strict-transport-security"));
    assertEquals("", way.get(proxy, "y.x.wild.test").header("strict-transport-security"));
    assertEquals("C", way.get(proxy, "y.x.wild.test").route());
  }

  @ParameterizedTest
  @EnumSource
  void scope_ofAClient_leadsNowhere(Way way, Proxy proxy) throws Exception {
    apply(
        proxy,
        ingress("one", "case.test", "Prefix / a"),
        ingress("wild", "*.wild.test", "Prefix / b"));
    for (String scope : new String[] {"case.test", "*.wild.test", "*", ""}) {
      for (String host : new String[] {"", "other.test", "OTHER.test", "[::1]"}) {
        assertEquals(
            host.isEmpty() ? "400" : "404",
            refusal(way, proxy, host, "x-isoline-scope", scope, "x-isoline-scope", "case.test"),
            host);
      }
    }
    assertEquals("B", way.get(proxy, "x.wild.test", "x-isoline-scope", "case.test").route());
  }

  static List<String> none() {
    return List.of(
        "",
        "case.test:@evil.test",
        "case.test:80:81",
        "case.test:80@evil.test",
        "case.test:",
        "case.test:80a",
        "case.test:-1",
        "case.test:65536",
        "case.test:" + "a".repeat(50_000),
        "user@case.test",
        "user:80@case.test",
        "case.test,other.test",
        "case.test%2e",
        "case.test;x",
        "ca$e.test",
        "*",
        "*.wild.test",
        "::1",
        "[::1",
        "[::1]:",
        "[::1]x",
        "[::1]:80:80",
        "[]",
        "[1]",
        "[case.test]",
        "[::1%25lo]");
  }

  @ParameterizedTest
  @MethodSource("none")
  void host_thatIsNone_400(String host, Proxy proxy) throws Exception {
    apply(
        proxy,
        tlsIngress("web", "case", "case.test", "Prefix / a"),
        ingress("wild", "*.wild.test", "Prefix / b"),
        ingress("any", "", "Prefix / c"));
    for (boolean redirect : new boolean[] {false, true}) {
      proxy.configure(settings -> Configured.with(settings, "redirectToHttps: " + redirect));
      for (Way way : Way.values()) {
        assertEquals("400", refusal(way, proxy, host), way + " " + host);
      }
    }
  }

  /** A message that HTTP/2 itself calls malformed has no answer, RFC 9113, section 8.1.1. */
  private static String refusal(Way way, Proxy proxy, String host, String... headers)
      throws IOException {
    try {
      return way.get(proxy, host, headers).route();
    } catch (EOFException e) {
      if (way == Way.HTTP2 || way == Way.TLS_HTTP2) {
        return "400";
      }
      throw e;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "case.test, A",
    "case.test:0, A",
    "case.test:8443, A",
    "case.test:65535, A",
    "other_name.test, C",
    "127.0.0.1, C",
    "127.0.0.1:80, C",
    "[::1], C",
    "[::1]:80, C",
    "[2001:db8::192.0.2.1], C",
    "localhost, C",
  })
  void host_thatIsOne_isServed(String host, String expected, Proxy proxy) throws Exception {
    apply(
        proxy, ingress("web", "case.test", "Prefix / a"), ingress("any", "", "Prefix / c"));
    for (Way way : Way.values()) {
      Response response = way.get(proxy, host);
      assertEquals(expected, response.route(), way + " " + host);
      assertEquals(host, response.echo().header("x-forwarded-host"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'Host: case.test\r\nHost: other.test\r\n'",
    "'Host: case.test\r\nHost: case.test\r\n'",
    "'Host: other.test\r\nX: y\r\nhost: case.test\r\n'",
    "''",
    "'Host:\r\n'",
  })
  void hostLines_notExactlyOne_400(String lines, Proxy proxy) throws Exception {
    apply(
        proxy, ingress("web", "case.test", "Prefix / a"), ingress("any", "", "Prefix / c"));
    Response response =
        proxy.request("GET / HTTP/1.1\r\n" + lines + "Connection: close\r\n\r\n");
    assertEquals("400", response.route());
  }

  /** Envoy has joined or replaced the lines before anything can look at them. */
  @ParameterizedTest
  @CsvSource({
    "/, 'Host: case.test\r\nHost:\r\n'",
    "/, 'Host:\r\nHost: case.test\r\n'",
    "http://case.test/, ''",
    "http://case.test/, 'Host:\r\n'",
    "http://case.test/, 'Host: other.test\r\n'",
    "http://case.test/, 'Host: @\r\n'",
    "http://case.test/, 'Host: case.test\r\nHost: other.test\r\n'",
  })
  void hostLines_thatEnvoyHides_areServedAsWhatIsLeft(String target, String lines, Proxy proxy)
      throws Exception {
    apply(
        proxy, ingress("web", "case.test", "Prefix / a"), ingress("any", "", "Prefix / c"));
    Response response =
        proxy.request("GET " + target + " HTTP/1.1\r\n" + lines + "Connection: close\r\n\r\n");
    assertEquals("A", response.route());
    assertEquals(List.of("case.test"), hosts(response.echo()));
  }

  private static List<String> hosts(Request request) {
    return request.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase("host"))
        .map(Response.Header::value)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void name_longerThanAnyIs_400(Way way, Proxy proxy) throws Exception {
    apply(proxy, ingress("any", "", "Prefix / c"));
    String label = "a".repeat(50) + ".";
    assertEquals("C", way.get(proxy, label.repeat(5).substring(0, 253)).route());
    assertEquals("400", way.get(proxy, label.repeat(6)).route());
    assertEquals("400", way.get(proxy, label.repeat(1000) + "test").route());
  }
}
