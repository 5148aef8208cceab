package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.Response.Header;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a request that is not as it should be costs the others of its HTTP/2 connection. */
@WithEnvoy
class Http2EdgeIT {

  private static final String HOST = "web.example.com";

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

  private static void apply(Proxy proxy) {
    proxy.apply(
        tlsIngress("web", "web", HOST, "Prefix / a"),
        TestCertificate.of("web", HOST).secret("web"),
        service("a", backend));
  }

  private static List<Http2Connection> connections(Proxy proxy) throws IOException {
    return List.of(
        new Http2Connection(proxy.connect()),
        new Http2Connection(proxy.tls(Hello.to(HOST).withAlpn("h2"))));
  }

  private static Map<String, List<Header>> malformed() {
    Map<String, List<Header>> requests = new LinkedHashMap<>();
    for (Header field :
        List.of(
            new Header("connection", "close"),
            new Header("transfer-encoding", "chunked"),
            new Header("te", "gzip"),
            new Header("Upper", "case"),
            new Header("a space", "x"),
            new Header("control", "a\u0001b"),
            new Header("line", "a\nb"),
            new Header("content-length", "5"),
            new Header("content-length", "x"),
            new Header(":path", "/twice"),
            new Header(":unknown", "x"))) {
      requests.put(field.toString(), Http2Connection.get(HOST, "/", field));
    }
    List<Header> fields = new ArrayList<>(Http2Connection.get(HOST, "/"));
    requests.put("no :method", List.copyOf(fields.subList(1, 4)));
    requests.put("no :path", List.copyOf(fields.subList(0, 3)));
    requests.put("a space in :path", Http2Connection.get(HOST, "/a b"));
    return requests;
  }

  @Test
  void malformed_ofAnyKind_leavesTheConnectionOpen(Proxy proxy) throws Exception {
    apply(proxy);
    for (Http2Connection connection : connections(proxy)) {
      try (connection) {
        int stream = 1;
        for (Map.Entry<String, List<Header>> request : malformed().entrySet()) {
          connection.send(stream, request.getValue());
          String outcome = connection.outcome(stream);
          assertTrue(
              outcome.equals("RST 1") || outcome.startsWith("400"),
              () -> request.getKey() + ": " + outcome);
          stream += 2;
        }
        connection.send(stream, Http2Connection.get(HOST, "/?text=2"));
        assertEquals("200 aa", connection.outcome(stream));
      }
    }
  }

  @Test
  void malformed_whileAnotherStreamWaits_thatIsAnswered(Proxy proxy) throws Exception {
    apply(proxy);
    for (Http2Connection connection : connections(proxy)) {
      try (connection) {
        connection.send(1, Http2Connection.get(HOST, "/?trickle=1"));
        connection.send(3, Http2Connection.get(HOST, "/", new Header("connection", "close")));
        assertEquals("200 .", connection.outcome(1));
      }
    }
  }

  @Test
  void malformed_oneAfterTheOther_endTheirConnection(Proxy proxy) throws Exception {
    apply(proxy);
    List<Header> malformed = Http2Connection.get(HOST, "/", new Header("connection", "close"));
    try (Http2Connection connection = new Http2Connection(proxy.connect())) {
      assertThrows(
          IOException.class,
          () -> {
            for (int stream = 1; stream < 20_000; stream += 2) {
              connection.send(stream, malformed);
              connection.outcome(stream);
            }
          });
    }
  }

  /** RFC 9113 has no answer for it: Envoy resets the stream, and its log says why. */
  @Test
  void headers_beyondTheLimits_resetTheStreamAlone(Proxy proxy) throws Exception {
    apply(proxy);
    Header[] many = new Header[120];
    for (int i = 0; i < many.length; i++) {
      many[i] = new Header("x-" + i, "y");
    }
    for (Http2Connection connection : connections(proxy)) {
      try (connection) {
        connection.send(1, Http2Connection.get(HOST, "/", new Header("x", "a".repeat(61_500))));
        assertEquals("RST 2", connection.outcome(1));
        connection.send(3, Http2Connection.get(HOST, "/", many));
        assertEquals("RST 2", connection.outcome(3));
        connection.send(5, Http2Connection.get(HOST, "/", new Header("with_underscore", "y")));
        assertEquals("RST 2", connection.outcome(5));
        connection.send(7, Http2Connection.get(HOST, "/?text=2"));
        assertEquals("200 aa", connection.outcome(7));
      }
    }
    assertEquals(2, proxy.envoy().counter("http2.header_overflow"));
    assertEquals(2, proxy.envoy().counter("http2.requests_rejected_with_underscores_in_headers"));
  }
}
