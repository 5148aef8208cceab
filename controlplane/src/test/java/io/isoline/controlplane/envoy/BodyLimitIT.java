package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.AnsweringBackend.answer;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long bodies of requests may be, by annotation. */
@WithEnvoy
class BodyLimitIT {

  private static final String LIMIT = "nginx.ingress.kubernetes.io/proxy-body-size";

  @SuppressWarnings("NullAway") // set before all tests
  private static AnsweringBackend web;

  @BeforeAll
  static void startBackend() throws IOException {
    web =
        AnsweringBackend.start(
            request -> answer(200, "" + request.body().length(), "X-Backend: web"));
  }

  @AfterAll
  static void stopBackend() throws IOException {
    web.close();
  }

  private static String limited(String host, String limit) {
    return ingress(host.replaceAll("[^a-z]", ""), host, "Prefix /up web")
        .replace("namespace: default}", "namespace: default, annotations: {%s: '%s'}}")
        .formatted(LIMIT, limit);
  }

  private static void apply(Proxy proxy, String... ingresses) {
    proxy.apply(String.join("\n---\n", ingresses), web.service("web"));
    assertEquals(List.of(), proxy.rejections());
  }

  private static String post(String host, String path, String framingAndBody) {
    return "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + framingAndBody;
  }

  private static String sized(int length) {
    return "Content-Length: " + length + "\r\n\r\n" + "a".repeat(length);
  }

  /** In chunks of 100 bytes at most. */
  private static String chunked(int length) {
    StringBuilder body = new StringBuilder("Transfer-Encoding: chunked\r\n\r\n");
    for (int left = length; left > 0; left -= 100) {
      int size = Math.min(left, 100);
      body.append(Integer.toHexString(size)).append("\r\n").append("a".repeat(size)).append("\r\n");
    }
    return body.append("0\r\n\r\n").toString();
  }

  /** The limit is that of the host then, and not of a path of another Ingress. */
  @Test
  void proxyBodySize_ofSeveralPaths_isForThemAlone(Proxy proxy) throws Exception {
    apply(
        proxy,
        ingress("limited", "a.example.com", "Prefix /up web", "Prefix /put web")
            .replace("namespace: default}", "namespace: default, annotations: {%s: '10'}}")
            .formatted(LIMIT),
        ingress("other", "a.example.com", "Prefix / web"));
    assertEquals(413, proxy.request(post("a.example.com", "/up", sized(11))).status());
    assertEquals(413, proxy.request(post("a.example.com", "/put", chunked(11))).status());
    assertEquals("10", proxy.request(post("a.example.com", "/put", sized(10))).body());
    assertEquals("2000", proxy.request(post("a.example.com", "/", sized(2000))).body());
    assertEquals("2000", proxy.request(post("a.example.com", "/other", chunked(2000))).body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example.com", "A.example.com", "x.wild.example.com"})
  void proxyBodySize_longerBody_is413HoweverItComes(String host, Proxy proxy) throws Exception {
    apply(
        proxy,
        limited("a.example.com", "1k"),
        limited("*.wild.example.com", "1k"),
        ingress("other", "a.example.com", "Prefix / web"));
    assertEquals("1024", proxy.request(post(host, "/up", sized(1024))).body());
    assertEquals("1024", proxy.request(post(host, "/up", chunked(1024))).body());
    assertEquals(413, proxy.request(post(host, "/up", sized(1025))).status());
    assertEquals(413, proxy.request(post(host, "/up", chunked(1025))).status());
    if (!host.startsWith("x.")) {
      assertEquals("5000", proxy.request(post(host, "/", sized(5000))).body());
      assertEquals("5000", proxy.request(post(host, "/", chunked(5000))).body());
    }
  }

  @Test
  void proxyBodySize_announcedLength_isAnsweredBeforeTheBodyComes(Proxy proxy) throws Exception {
    apply(proxy, limited("a.example.com", "1m"));
    int before = web.received().size();
    try (Connection connection = proxy.connect()) {
      assertEquals(
          413,
          connection
              .exchange(post("a.example.com", "/up", "Content-Length: 1048577\r\n\r\n"))
              .status());
    }
    assertEquals(before, web.received().size());
  }

  @Test
  void proxyBodySize_bodyWithinIt_isNotHeldBack(Proxy proxy) throws Exception {
    apply(proxy, limited("a.example.com", "1m"));
    try (Backend streaming = Backend.start("S")) {
      proxy.apply(
          limited("a.example.com", "1m").replace("name: web", "name: s"), Yaml.service("s", streaming));
      try (Connection connection = proxy.connect()) {
        connection.send(post("a.example.com", "/up", "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"));
        Await.until("the backend has the request", () -> !streaming.received().isEmpty());
        assertEquals(200, connection.exchange("0\r\n\r\n").status());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "4g"})
  void proxyBodySize_ofNoLimit_goesBeforeTheSettings(String limit, Proxy proxy) throws Exception {
    proxy.configure(settings -> Configured.with(settings, "limits: {requestBody: 1KiB}"));
    apply(
        proxy,
        limited("a.example.com", limit),
        ingress("other", "b.example.com", "Prefix / web"));
    assertEquals("5000", proxy.request(post("a.example.com", "/up", chunked(5000))).body());
    assertEquals(413, proxy.request(post("b.example.com", "/", chunked(5000))).status());
  }

  @Test
  void proxyBodySize_overTls_isTheSame(Proxy proxy) throws Exception {
    apply(proxy, limited("a.example.com", "10"));
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to("a.example.com"))) {
      assertEquals("10", tls.exchange(post("a.example.com", "/up", chunked(10))).body());
      assertEquals(413, tls.exchange(post("a.example.com", "/up", sized(11))).status());
    }
  }

  @Test
  void proxyBodySize_greatest_isTakenByEnvoy(Proxy proxy) throws Exception {
    apply(proxy, limited("a.example.com", "4294967295"));
    assertEquals(
        413,
        proxy.request(post("a.example.com", "/up", "Content-Length: 4294967296\r\n\r\n")).status());
    assertEquals("5000", proxy.request(post("a.example.com", "/up", sized(5000))).body());
  }

  /** Which has no chunks, and need not say how long a body is. */
  @ParameterizedTest
  @CsvSource({"10, true, 200", "10, false, 200", "11, true, 413", "11, false, 413"})
  void proxyBodySize_http2_isTheSame(int length, boolean announced, int status, Proxy proxy)
      throws Exception {
    apply(proxy, limited("a.example.com", "10"));
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method", "POST", ":scheme", "https", ":authority", "a.example.com", ":path", "/up"));
    if (announced) {
      fields.addAll(List.of("content-length", Integer.toString(length)));
    }
    try (Http2Stream stream =
        new Http2Stream(proxy.tls(TlsConnection.Hello.to("a.example.com").withAlpn("h2")))) {
      stream.send(false, fields.toArray(String[]::new));
      stream.sendData("a".repeat(length));
      stream.end();
      assertEquals(status, stream.receiveHead().status());
    }
  }

  @Test
  void proxyBodySize_webSocket_isNoBody(Proxy proxy) throws Exception {
    try (Backend socket = Backend.start("S")) {
      proxy.apply(
          limited("a.example.com", "10").replace("name: web", "name: s"),
          Yaml.service("s", socket));
      try (Connection connection = proxy.connect()) {
        connection.send(
            String.join(
                "\r\n",
                "GET /up HTTP/1.1",
                "Host: a.example.com",
                "Connection: Upgrade",
                "Upgrade: WebSocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "",
                ""));
        assertEquals(101, connection.receiveHead().status());
        connection.send("a".repeat(1000));
        assertEquals("a".repeat(1000), connection.read(1000));
      }
    }
  }
}
