package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.controlplane.envoy.Response.Header;
import io.isoline.envoy.XdsProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many requests of one client may be under way at a time. */
class ConnectionLimitIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "web.example.com";
  private static final String CLIENT = "192.0.2.1";

  /** The backend begins an answer, and takes longer for it than any test. */
  private static final String LONG = "/?trickle=600";

  @SuppressWarnings("NullAway") // set before all tests
  private static Proxy proxy;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend backend;

  @SuppressWarnings("NullAway") // set before all tests
  private static Path socket;

  @SuppressWarnings("NullAway") // set before each test
  private CredentialsServer beside;

  @BeforeAll
  static void start() throws Exception {
    backend = Backend.start("A");
    // A container could not reach the socket.
    proxy = Proxy.start(EnvoyLauncher.choose("native"), XdsProtocol.DELTA);
    socket = proxy.envoy().credentialsSocket();
  }

  @BeforeEach
  void startService() throws IOException {
    proxy.reset();
    beside = CredentialsServer.start(socket);
  }

  @AfterEach
  void stopService() {
    beside.close();
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    backend.close();
  }

  private static void apply(String... ingresses) {
    proxy.configure(settings -> Configured.with(settings, "trustedHops: 1"));
    proxy.apply(String.join("\n---\n", ingresses), service("a", backend));
    assertEquals(List.of(), proxy.rejections());
  }

  private static String limited(String name, String most, String... more) {
    String[] annotations = new String[more.length + 2];
    annotations[0] = NGINX + "limit-connections";
    annotations[1] = most;
    System.arraycopy(more, 0, annotations, 2, more.length);
    return annotated(ingress(name, HOST, "Prefix / a", "Prefix /b a"), annotations);
  }

  /** A request whose answer has begun and does not end before it is closed. */
  private static Connection underWay(String host, String path, String client) throws IOException {
    Connection connection = proxy.connect();
    connection.send(request(host, path, client));
    assertEquals(200, connection.receiveHead().status());
    return connection;
  }

  private static int status(String host, String path, String client) throws IOException {
    return proxy.request(request(host, path, client)).status();
  }

  private static String request(String host, String path, String client) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\n\r\n"
        .formatted(path, host, client);
  }

  private static void awaitPassing(String host, String client) {
    Await.until("one more passes", () -> status(host, "/", client) == 200);
  }

  @Test
  void limit_moreUnderWay_isRefused_untilOneEnds() throws Exception {
    apply(limited("web", "2"));
    try (Connection _ = underWay(HOST, LONG, CLIENT)) {
      assertEquals(200, status(HOST, "/", CLIENT));
      try (Connection _ = underWay(HOST, "/b" + LONG, CLIENT)) {
        Response refused = proxy.request(request(HOST, "/", CLIENT));
        assertEquals(503, refused.status());
        assertTrue(refused.body().contains("too many requests under way"), refused::body);
        assertEquals(503, status(HOST, "/b", CLIENT));
        assertEquals(200, status(HOST, "/", "192.0.2.2"));
        assertEquals(200, status(HOST, "/", "2001:db8::1"));
      }
      awaitPassing(HOST, CLIENT);
    }
  }

  @Test
  void limit_answersThatEnd_areNotCounted() throws Exception {
    apply(limited("web", "1"));
    try (Connection connection = proxy.connect()) {
      for (String path : new String[] {"/", "/?trailers", "/?text=100000", "/?chunked"}) {
        // On one connection: who has its answer may ask again at once.
        assertEquals(200, connection.exchange(request(HOST, path, CLIENT)).status(), path);
      }
    }
  }

  @Test
  void limit_hostsOfAnIngress_shareTheCount_othersDoNot() throws Exception {
    apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: two
          namespace: default
          annotations: {nginx.ingress.kubernetes.io/limit-connections: "1"}
        spec:
          ingressClassName: isoline
          rules:
            - {host: one.example.com, http: &paths {paths: [{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}
            - {host: "*.two.example.com", http: *paths}
        """,
        limited("web", "1"),
        ingress("free", "free.example.com", "Prefix / a"));
    try (Connection _ = underWay("one.example.com", LONG, CLIENT)) {
      assertEquals(503, status("any.two.example.com", "/", CLIENT));
      assertEquals(200, status(HOST, "/", CLIENT));
      try (Connection _ = underWay("free.example.com", LONG, CLIENT)) {
        assertEquals(200, status("free.example.com", "/", CLIENT));
      }
    }
  }

  @Test
  void limit_exemptClient_isNotCounted() throws Exception {
    apply(limited("web", "1", NGINX + "limit-allowlist", "192.0.2.0/24,2001:db8::/32"));
    try (Connection _ = underWay(HOST, LONG, CLIENT);
        Connection _ = underWay(HOST, LONG, "198.51.100.1")) {
      assertEquals(200, status(HOST, "/", CLIENT));
      assertEquals(200, status(HOST, "/", "2001:db8::9"));
      assertEquals(503, status(HOST, "/", "198.51.100.1"));
      assertEquals(200, status(HOST, "/", "192.0.3.1"));
    }
  }

  @Test
  void limit_webSocket_countsAsLongAsItIsOpen() throws Exception {
    apply(limited("web", "1"));
    try (Connection connection = proxy.connect()) {
      connection.send(
          "GET / HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nConnection: Upgrade\r\n"
                  .formatted(HOST, CLIENT)
              + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      assertEquals(101, connection.receiveHead().status());
      assertEquals(503, status(HOST, "/", CLIENT));
      connection.send("ping");
      assertEquals("ping", connection.read(4));
    }
    awaitPassing(HOST, CLIENT);
  }

  @Test
  void limit_requestsOfOneHttp2Connection_countEach() throws Exception {
    apply(limited("web", "1"));
    try (Http2Connection connection = new Http2Connection(proxy.connect());
        Connection _ = underWay(HOST, LONG, CLIENT)) {
      connection.send(
          1, Http2Connection.get(HOST, "/", new Header("x-forwarded-for", CLIENT)));
      assertTrue(connection.outcome(1).contains("too many requests under way"));
      connection.send(
          3, Http2Connection.get(HOST, "/", new Header("x-forwarded-for", "192.0.2.2")));
      assertTrue(connection.outcome(3).startsWith("200"));
    }
  }

  /** A request that is refused later in the chain is not under way any more. */
  @Test
  void limit_withOtherProtection_bothHold() throws Exception {
    apply(limited("web", "1", NGINX + "denylist-source-range", "192.0.2.7"));
    for (int i = 0; i < 3; i++) {
      assertEquals(403, status(HOST, "/", "192.0.2.7"));
    }
    try (Connection _ = underWay(HOST, LONG, CLIENT)) {
      assertEquals(503, status(HOST, "/", CLIENT));
    }
  }

  @Test
  void limit_nobodyCounts_isClosed_andOthersPass() throws Exception {
    apply(limited("web", "10"), ingress("free", "free.example.com", "Prefix / a"));
    assertEquals(200, status(HOST, "/", CLIENT));
    beside.close();
    assertEquals(503, status(HOST, "/", CLIENT));
    assertEquals(200, status("free.example.com", "/", CLIENT));
    beside = CredentialsServer.start(socket);
    awaitPassing(HOST, CLIENT);
  }

  @Test
  void limit_inEnvoysOwnWords() throws Exception {
    apply(limited("web", "1"));
    String dump = proxy.envoy().get("/config_dump");
    int filter = dump.indexOf("ext_proc.v3.ExternalProcessor\"");
    String own = dump.substring(filter, dump.indexOf("isoline.access", filter));
    assertTrue(own.contains("\"status_on_error\""), own);
    assertTrue(own.contains("\"ServiceUnavailable\""), own);
  }
}
