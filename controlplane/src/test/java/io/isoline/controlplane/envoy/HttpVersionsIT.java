package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import io.isoline.translator.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the versions of HTTP have beside requests and answers, and where two of them meet. */
@WithEnvoy
class HttpVersionsIT {

  private static final String HOST = "web.example.com";
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend backend;

  @BeforeAll
  static void startBackend() throws IOException {
    backend = Backend.start("A");
  }

  @AfterAll
  static void stopBackend() throws IOException {
    backend.close();
  }

  private static void apply(Proxy proxy, String appProtocol) {
    proxy.apply(ingress("web", HOST, "Prefix / a"), service("a", appProtocol, backend));
  }

  private static String request(String method, String path, String version, String headers) {
    return method + " " + path + " HTTP/" + version + "\r\n" + headers + "\r\n";
  }

  private static String get(String path, String headers) {
    return request(
        "GET", path, "1.1", "Host: " + HOST + "\r\nConnection: close\r\n" + headers);
  }

  private static Http2Stream http2(Proxy proxy, boolean tls) throws IOException {
    return new Http2Stream(
        tls ? proxy.tls(Hello.to(HOST).withAlpn("h2")) : proxy.connect());
  }

  // WebSockets

  @ParameterizedTest
  @ValueSource(strings = {"http", "kubernetes.io/h2c"})
  void webSocket_overHttp11_getsTheAnswerToItsKey(String appProtocol, Proxy proxy)
      throws Exception {
    apply(proxy, appProtocol);
    try (Connection connection = proxy.connect();
        Connection secure = proxy.tls(Hello.to(HOST))) {
      for (Connection each : List.of(connection, secure)) {
        each.send(
            request(
                "GET",
                "/socket",
                "1.1",
                "Host: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n".formatted(HOST)
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n".formatted(KEY)));
        Response response = each.receiveHead();
        assertEquals(101, response.status());
        // The example of RFC 6455, section 1.3.
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", response.header("sec-websocket-accept"));
        each.send("hello");
        assertEquals("hello", each.read(5));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http, false, 0", "http, true, 0", "http, true, 1000", "kubernetes.io/h2c, false, 0",
  })
  void webSocket_overHttp2_echoes(String appProtocol, boolean tls, long bodyLimit, Proxy proxy)
      throws Exception {
    apply(proxy, appProtocol);
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestBody: " + bodyLimit + "}"));
    for (int i = 0; i < 2; i++) {
      try (Http2Stream stream = http2(proxy, tls)) {
        stream.send(
            false,
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            tls ? "https" : "http",
            ":path",
            "/socket",
            ":authority",
            HOST,
            "sec-websocket-version",
            "13");
        Response response = stream.receiveHead();
        assertTrue(stream.offersConnect());
        assertEquals("A", response.route());
        for (String message : List.of("hello", "again")) {
          stream.sendData(message);
          assertEquals(message, stream.receiveData(message.length()));
        }
      }
    }
  }

  // Upgrades that are not to WebSocket

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS/1.2", "h2", "h2c", "h2,h2c", "SPDY/3.1", "tcp", "websocke", "websockets",
        "websocket/13", "ws, wss", "HTTP/2.0", "\u00ff", "",
      })
  void upgrade_toAnythingElse_isIgnored(String protocols, Proxy proxy) throws Exception {
    apply(proxy, "http");
    String upgrade =
        "Host: %s\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: %s\r\nHTTP2-Settings: AA\r\n"
            .formatted(HOST, protocols);
    try (Connection connection = proxy.connect();
        Connection secure = proxy.tls(Hello.to(HOST))) {
      for (Connection each : List.of(connection, secure)) {
        Response response = each.exchange(request("GET", "/x", "1.1", upgrade));
        assertEquals("A", response.route());
        Request request = response.echo();
        assertEquals("", request.header("upgrade"));
        assertEquals("", request.header("connection"));
        assertEquals("", request.header("http2-settings"));
        // The connection goes on as one of HTTP/1.1.
        assertEquals(
            "A",
            each.exchange(
                    request("POST", "/y", "1.1", upgrade + "Content-Length: 2\r\n") + "hi")
                .route());
      }
    }
  }

  /** The backend takes the token of HTTP/2 in small letters only, as the strict ones do. */
  @ParameterizedTest
  @CsvSource({
    "http, WebSocket", "http, 'h2c, websocket'", "http, 'websocket , TLS/1.2'",
    "kubernetes.io/h2c, WebSocket", "kubernetes.io/h2c, 'h2c, WEBSOCKET'",
  })
  void upgrade_toWebSocketAmongOthers_isMade(String appProtocol, String protocols, Proxy proxy)
      throws Exception {
    apply(proxy, appProtocol);
    try (Connection connection = proxy.connect()) {
      connection.send(
          request(
              "GET",
              "/socket",
              "1.1",
              "Host: %s\r\nConnection: Upgrade\r\nUpgrade: %s\r\nSec-WebSocket-Key: %s\r\n"
                  .formatted(HOST, protocols, KEY)));
      assertEquals(101, connection.receiveHead().status());
    }
  }

  // HTTP/1.0

  @Test
  void http10_isAnsweredAndTheConnectionCloses(Proxy proxy) throws Exception {
    apply(proxy, "http");
    String request = request("GET", "/?chunked", "1.0", "Host: " + HOST + "\r\n");
    try (Connection connection = proxy.connect();
        Connection secure = proxy.tls(Hello.to(HOST))) {
      for (Connection each : List.of(connection, secure)) {
        // Reads to the end of the connection, as neither length nor chunks are announced.
        Response response = each.exchange(request);
        assertEquals("A", response.route());
        assertEquals("", response.header("transfer-encoding"));
        assertEquals("close", response.header("connection"));
        assertEquals("/?chunked", response.echo().target());
      }
    }
  }

  @Test
  void http10_withKeepAlive_keepsTheConnection(Proxy proxy) throws Exception {
    apply(proxy, "http");
    try (Connection connection = proxy.connect()) {
      for (int i = 0; i < 3; i++) {
        Response response =
            connection.exchange(
                request("GET", "/", "1.0", "Host: " + HOST + "\r\nConnection: keep-alive\r\n"));
        assertEquals("A", response.route());
        assertEquals("keep-alive", response.header("connection"));
      }
    }
  }

  @Test
  void http10_withoutHost_goesWhereHostsGoThatNobodyNames(Proxy proxy) throws Exception {
    String request = request("GET", "/x", "1.0", "X-Isoline-Scope: " + HOST + "\r\n");
    apply(proxy, "http");
    assertEquals("404", proxy.request(request).route());
    assertEquals(
        "A", proxy.request(request("GET", "http://" + HOST + "/x", "1.0", "")).route());
    proxy.apply(ingress("web", "", "Prefix / a"), service("a", backend));
    assertEquals("A", proxy.request(request).route());
    assertEquals(400, proxy.request(request("GET", "/x", "1.1", "Connection: close\r\n")).status());
  }

  @Test
  void http10_switchedOff_426(Proxy proxy) throws Exception {
    apply(proxy, "http");
    proxy.configure(
        settings -> Configured.with(settings, "http1: {http10: false, trailers: false}"));
    assertEquals(
        426, proxy.request(request("GET", "/", "1.0", "Host: " + HOST + "\r\n")).status());
    assertEquals("A", proxy.get(HOST, "/").route());
  }

  // Trailers

  private static final String WITH_TRAILER =
      get("/?trailers", "Trailer: X-Sent\r\nTransfer-Encoding: chunked\r\n").replace("GET", "POST")
          + "2\r\nhi\r\n0\r\nX-Sent: 7\r\n\r\n";

  @Test
  void trailers_byDefault_areDroppedAndNotAnnounced(Proxy proxy) throws Exception {
    apply(proxy, "http");
    try (Connection connection = proxy.connect()) {
      connection.send(WITH_TRAILER);
      String answer = connection.rest().toLowerCase(Locale.ROOT);
      assertTrue(answer.startsWith("http/1.1 200"), answer);
      assertFalse(answer.contains("trailer:"), answer);
      assertFalse(answer.contains("x-sent: 7"), answer);
      assertFalse(answer.contains("x-sum: 42"), answer);
    }
    try (Http2Stream stream = http2(proxy, false)) {
      stream.send(true, requestFields("/?trailers"));
      assertEquals("", stream.receiveHead().header("trailer"));
    }
  }

  @Test
  void trailers_switchedOn_goBothWays(Proxy proxy) throws Exception {
    apply(proxy, "http");
    proxy.configure(settings -> Configured.with(settings, "http1: {http10: true, trailers: true}"));
    try (Connection connection = proxy.connect()) {
      connection.send(WITH_TRAILER);
      String answer = connection.rest().toLowerCase(Locale.ROOT);
      assertTrue(answer.contains("\ntrailer: x-sum\r\n"), answer);
      assertTrue(answer.contains("\ntrailer: x-sent\n"), answer);
      assertTrue(answer.contains("\nx-sent: 7\n"), answer);
      assertTrue(answer.contains("\r\n0\r\nx-sum: 42\r\n"), answer);
    }
    try (Http2Stream stream = http2(proxy, true)) {
      stream.send(true, requestFields("/?trailers"));
      assertEquals("X-Sum", stream.receiveHead().header("trailer"));
      assertEquals("42", stream.receiveHead().header("x-sum"));
    }
  }

  private static String[] requestFields(String path) {
    return new String[] {
      ":method", "GET", ":scheme", "http", ":path", path, ":authority", HOST,
    };
  }

  // Interim answers

  @Test
  void earlyHints_comeBeforeTheAnswer(Proxy proxy) throws Exception {
    apply(proxy, "http");
    try (Connection connection = proxy.connect();
        Connection secure = proxy.tls(Hello.to(HOST))) {
      for (Connection each : List.of(connection, secure)) {
        each.send(get("/?hints", ""));
        Response hints = each.receiveHead();
        assertEquals(103, hints.status());
        assertEquals("</a.css>; rel=preload", hints.header("link"));
        assertEquals("A", each.receive().route());
      }
    }
    for (boolean tls : List.of(false, true)) {
      try (Http2Stream stream = http2(proxy, tls)) {
        stream.send(true, requestFields("/?hints"));
        Response hints = stream.receiveHead();
        assertEquals(103, hints.status());
        assertEquals("</a.css>; rel=preload", hints.header("link"));
        assertEquals("A", stream.receiveHead().route());
      }
    }
  }

  @Test
  void expect_isAnsweredByTheBackendThenByEnvoy(Proxy proxy) throws Exception {
    apply(proxy, "http");
    String head =
        get("/", "Expect: 100-continue\r\nContent-Length: 2\r\n").replace("GET", "POST");
    assertEquals("100-continue", expecting(proxy, head).header("expect"));
    // The body is held back, so only Envoy can ask for it.
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestBody: 10}"));
    assertEquals("", expecting(proxy, head).header("expect"));
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestBody: 0}", "interimResponses: false"));
    assertEquals("", expecting(proxy, head).header("expect"));
    assertEquals("A", proxy.request(get("/?hints", "")).route());
  }

  private static Request expecting(Proxy proxy, String head) throws IOException {
    try (Connection connection = proxy.connect()) {
      connection.send(head);
      assertEquals(100, connection.receiveHead().status());
      return connection.exchange("hi").echo();
    }
  }

  // Limits of what a backend does

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void responseHeaderLines_upToTheLimit_comeThrough(String listener, Proxy proxy)
      throws Exception {
    apply(proxy, "http");
    try (Connection connection =
        listener.equals("https") ? proxy.tls(Hello.to(HOST)) : proxy.connect()) {
      Response many = connection.exchange(get("/?lines=900", ""));
      assertEquals("A", many.route());
      assertEquals(900, many.all("x-line").size());
    }
    assertEquals(502, proxy.get(HOST, "/?lines=1001").status());
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {responseHeaderCount: 100, responseHeaders: 1KiB}"));
    assertEquals("A", proxy.get(HOST, "/?lines=50").route());
    assertEquals(502, proxy.get(HOST, "/?lines=99").status());
  }

  @Test
  void backendConnection_idle_isClosed(Proxy proxy) throws Exception {
    apply(proxy, "http");
    proxy.configure(
        settings ->
            Configured.with(settings, "timeouts: {backendIdle: 200ms}"));
    assertEquals("A", proxy.get(HOST, "/").route());
    Await.until("Envoy has closed its connections", () -> backend.connections() == 0);
    assertEquals("A", proxy.get(HOST, "/").route());
  }
}
