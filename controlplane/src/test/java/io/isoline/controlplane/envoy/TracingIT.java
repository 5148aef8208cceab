package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.Collector.Span;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spans of requests, and what backends get of them. */
@WithEnvoy
class TracingIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String TRACED = "traced.example.com";
  private static final String OTHER = "other.example.com";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CLIENT = "b7ad6b7169203331";

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend backend;

  @SuppressWarnings("NullAway") // set before each test
  private Collector collector;

  @BeforeAll
  static void startBackend() throws IOException {
    backend = Backend.start("A");
  }

  @AfterAll
  static void stopBackend() throws IOException {
    backend.close();
  }

  @BeforeEach
  void startCollector() throws IOException {
    collector = Collector.overGrpc();
  }

  @AfterEach
  void stopCollector() {
    collector.close();
  }

  private static String annotated(String ingress, String... keysAndValues) {
    return Yaml.annotatedBelow(NGINX, ingress, keysAndValues);
  }

  private void apply(Proxy proxy, String... lines) {
    apply(proxy, collector, lines);
  }

  /** One host asks for traces, and another one does not. */
  private static void apply(Proxy proxy, Collector to, String... lines) {
    proxy.apply(
        annotated(
            ingress("traced", TRACED, "Prefix / a"),
            "enable-opentelemetry",
            "true",
            "opentelemetry-operation-name",
            "check out"),
        ingress("other", OTHER, "Prefix / a"),
        service("a", backend));
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "tracing:",
                "  collector: 127.0.0.1:" + to.port(),
                String.join("\n", lines)));
    assertEquals(List.of(), proxy.rejections());
  }

  private static Request send(Proxy proxy, String host, String path, String... headers)
      throws IOException {
    return proxy
        .request(
            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
                .formatted(
                    path, host, String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())))
        .echo();
  }

  private static String url(String host, String path) {
    return "http://" + host + path;
  }

  /** Sends requests whose spans come after those of all before, as they go the same way. */
  private void flush(Proxy proxy, String path) throws IOException {
    for (int i = 0; i < 20; i++) {
      send(proxy, TRACED, path);
    }
    Await.until(
        "the spans of the last requests", () -> collector.spans(url(TRACED, path)).size() == 20);
  }

  @Test
  void traced_hasASpan_andTheBackendItsContext(Proxy proxy) throws Exception {
    apply(proxy, "  serviceName: the edge");
    Request got = send(proxy, TRACED, "/one");
    Span span = collector.span(url(TRACED, "/one"));
    assertEquals("the edge", span.service());
    assertEquals("check out", span.name());
    assertEquals("", span.parent());
    assertEquals("00-" + span.trace() + "-" + span.id() + "-01", got.header("traceparent"));
    assertEquals("", got.header("x-isoline-sampled"));
  }

  @Test
  void untraced_hasNone_andPassesTheContextOfTheClient(Proxy proxy) throws Exception {
    apply(proxy);
    String parent = "00-" + TRACE + "-" + CLIENT + "-01";
    Request plain = send(proxy, OTHER, "/a");
    Request with =
        send(proxy, OTHER, "/b", "traceparent: " + parent, "tracestate: a=b", "x-envoy-force-trace: 1");
    assertEquals("", plain.header("traceparent"));
    assertEquals(parent, with.header("traceparent"));
    assertEquals("a=b", with.header("tracestate"));
    assertEquals("", with.header("x-isoline-traceparent"));
    assertEquals("", with.header("x-isoline-tracestate"));
    flush(proxy, "/last");
    assertEquals(List.of(), collector.spans(url(OTHER, "/a")));
    assertEquals(List.of(), collector.spans(url(OTHER, "/b")));
  }

  @Test
  void client_thatIsNotTrusted_beginsNoTrace(Proxy proxy) throws Exception {
    apply(proxy, "  sampling: 0");
    String parent = "traceparent: 00-" + TRACE + "-" + CLIENT + "-01";
    Request got =
        send(
            proxy,
            TRACED,
            "/forced",
            parent,
            "tracestate: a=b",
            "x-client-trace-id: 1",
            "x-envoy-force-trace: 1",
            "x-isoline-sampled: 1");
    assertTrue(got.header("traceparent").matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"));
    assertFalse(got.header("traceparent").contains(TRACE));
    assertEquals("", got.header("tracestate"));
    apply(proxy, "  sampling: 100");
    send(proxy, TRACED, "/sampled", parent);
    assertFalse(collector.span(url(TRACED, "/sampled")).trace().equals(TRACE));
    flush(proxy, "/last");
    assertEquals(List.of(), collector.spans(url(TRACED, "/forced")));
  }

  @Test
  void client_thatIsTrusted_goesOnWithItsTraceAndDecides(Proxy proxy) throws Exception {
    apply(proxy, "  trustClients: true", "  sampling: 0");
    String context = "traceparent: 00-" + TRACE + "-" + CLIENT;
    Request recorded = send(proxy, TRACED, "/recorded", context + "-01", "tracestate: a=b");
    Request not = send(proxy, TRACED, "/not", context + "-00");
    Request unknown = send(proxy, TRACED, "/unknown");
    Span span = collector.span(url(TRACED, "/recorded"));
    assertEquals(TRACE, span.trace());
    assertEquals(CLIENT, span.parent());
    assertEquals("check out", span.name());
    assertEquals("00-" + TRACE + "-" + span.id() + "-01", recorded.header("traceparent"));
    assertEquals("a=b", recorded.header("tracestate"));
    assertTrue(not.header("traceparent").matches("00-" + TRACE + "-[0-9a-f]{16}-00"));
    assertTrue(unknown.header("traceparent").endsWith("-00"));
    // What no route can decide: the client says that it is recorded.
    send(proxy, OTHER, "/other", context + "-01");
    assertEquals(TRACE, collector.span(url(OTHER, "/other")).trace());
    assertEquals(List.of(), collector.spans(url(TRACED, "/not")));
    assertEquals(List.of(), collector.spans(url(TRACED, "/unknown")));
  }

  @Test
  void some_whatTheBackendIsToldIsSo(Proxy proxy) throws Exception {
    apply(proxy, "  sampling: 50");
    Map<String, String> recorded = new TreeMap<>();
    Set<String> others = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      String[] context = send(proxy, TRACED, "/" + i).header("traceparent").split("-", -1);
      if (context[3].equals("01")) {
        recorded.put(url(TRACED, "/" + i), context[2]);
      } else {
        others.add(url(TRACED, "/" + i));
      }
    }
    assertFalse(recorded.isEmpty() || others.isEmpty(), recorded::toString);
    recorded.forEach((url, id) -> assertEquals(id, collector.span(url).id()));
    others.forEach(url -> assertEquals(List.of(), collector.spans(url)));
  }

  @Test
  void all_whatSaysNoHasNone(Proxy proxy) throws Exception {
    apply(proxy, "  routes: all");
    proxy.apply(
        annotated(ingress("traced", TRACED, "Prefix / a"), "enable-opentelemetry", "true"),
        annotated(ingress("other", OTHER, "Prefix / a"), "enable-opentelemetry", "false"),
        ingress("wild", "*.wild.example.com", "Prefix / a"),
        service("a", backend));
    send(proxy, OTHER, "/off");
    send(proxy, "A.wild.example.com", "/wild");
    assertEquals(
        "ingress/default/wild", collector.span(url("A.wild.example.com", "/wild")).name());
    flush(proxy, "/last");
    assertEquals(List.of(), collector.spans(url(OTHER, "/off")));
  }

  @Test
  void requestIdOfAClient_isTracedInAnyForm(Proxy proxy) throws Exception {
    apply(proxy);
    String id = "0123456789abcdef0123456789abcdef";
    assertEquals(id, send(proxy, TRACED, "/id", "X-Request-Id: " + id).header("x-request-id"));
    collector.span(url(TRACED, "/id"));
  }

  @Test
  void overTlsAndHttp2_isTraced(Proxy proxy) throws Exception {
    apply(proxy);
    try (TlsConnection secure = proxy.tls(Hello.to(TRACED))) {
      secure.exchange("GET /tls HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(TRACED));
    }
    assertEquals("check out", collector.span("https://" + TRACED + "/tls").name());
    try (Http2Connection http2 = new Http2Connection(proxy.connect())) {
      http2.send(1, Http2Connection.get(TRACED, "/h2"));
      assertTrue(http2.outcome(1).startsWith("200"));
    }
    assertEquals("check out", collector.span(url(TRACED, "/h2")).name());
  }

  @Test
  void overHttp_spansCome(Proxy proxy) throws Exception {
    try (Collector http = Collector.overHttp()) {
      apply(proxy, http, "  protocol: http");
      send(proxy, TRACED, "/http");
      assertEquals("check out", http.span(url(TRACED, "/http")).name());
    }
  }

  @Test
  void collector_thatIsGone_holdsNothingUp(Proxy proxy) throws Exception {
    apply(proxy);
    collector.close();
    for (int i = 0; i < 30; i++) {
      assertEquals("/" + i, send(proxy, TRACED, "/" + i).target());
    }
  }

  @Test
  void config_isReadByEnvoy(Proxy proxy) throws Exception {
    apply(proxy);
    String dump = proxy.envoy().get("/config_dump?resource=dynamic_listeners");
    assertTrue(dump.contains("\"no_context_propagation\": true"), dump);
  }
}
