package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.http.IdleClients;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminServerTest {

  private final Readiness readiness = new Readiness();
  private final Metrics metrics = new Metrics("1.2.3", readiness);
  private final HttpClient client = HttpClient.newHttpClient();
  private CompletableFuture<String> engine = CompletableFuture.completedFuture("here");
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Liveness(() -> engine, Duration.ofMillis(1), Duration.ofMillis(1)),
            readiness,
            metrics);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    metrics.close();
  }

  @Test
  void root_listsThePages() throws Exception {
    HttpResponse<String> response = send("GET", "/");
    assertEquals(200, response.statusCode());
    for (String page : List.of("/healthz", "/readyz", "/metrics")) {
      assertTrue(response.body().contains(page), response.body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x", "/healthz/", "/metrics/x", "/quitquitquit"})
  void otherPath_404(String path) throws Exception {
    assertEquals(404, send("GET", path).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"})
  void otherMethod_405WithTheOnesThatGo(String method) throws Exception {
    HttpResponse<String> response = send(method, "/readyz");
    assertEquals(405, response.statusCode());
    assertEquals("GET, HEAD", response.headers().firstValue("Allow").orElse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthz", "/readyz", "/nothing"})
  void head_asGetWithoutTheBody(String path) throws Exception {
    HttpResponse<String> get = send("GET", path);
    HttpResponse<String> head = send("HEAD", path);
    assertEquals(get.statusCode(), head.statusCode());
    assertEquals("", head.body());
    for (String name : List.of("Content-Type", "Content-Length")) {
      assertEquals(get.headers().firstValue(name), head.headers().firstValue(name), name);
    }
  }

  @Test
  void healthz_engineAnswers_200() throws Exception {
    assertEquals(200, send("GET", "/healthz").statusCode());
  }

  @Test
  void healthz_engineSilentBeyondTheLimit_503() throws Exception {
    engine = new CompletableFuture<>();
    assertEquals(503, send("GET", "/healthz?verbose").statusCode());
  }

  @Test
  void readyz_conditionsMetOneByOne_503WithALineForEachThenOk() throws Exception {
    Readiness.Condition objects = readiness.require("objects", "none were read");
    Readiness.Condition running = readiness.require("running", "it starts");
    HttpResponse<String> neither = send("GET", "/readyz");
    assertEquals(503, neither.statusCode());
    assertEquals("objects: none were read\nrunning: it starts\n", neither.body());
    running.met();
    assertEquals("objects: none were read\n", send("GET", "/readyz").body());
    objects.met();
    HttpResponse<String> ready = send("GET", "/readyz");
    assertEquals(200, ready.statusCode());
    assertEquals("ok\n", ready.body());
  }

  @Test
  void metrics_noFormatAskedFor_prometheusText() throws Exception {
    HttpResponse<String> response = send("GET", "/metrics");
    assertEquals(200, response.statusCode());
    assertTrue(type(response).startsWith("text/plain; version=0.0.4"), type(response));
    assertTrue(response.body().contains("# TYPE isoline_ready gauge\nisoline_ready 1.0\n"));
    assertTrue(response.body().contains("version=\"1.2.3\""));
  }

  @Test
  void metrics_asPrometheusAsks_openMetrics() throws Exception {
    HttpResponse<String> response =
        client.send(
            request("/metrics")
                .header(
                    "Accept",
                    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                        + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1")
                .build(),
            BodyHandlers.ofString());
    assertTrue(type(response).startsWith("application/openmetrics-text"), type(response));
    assertTrue(response.body().endsWith("# EOF\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /healthz HTTP/1.1\r\nHost: x", "POST / HTTP/1.1\r\nHost: x\r\n\r\n"})
  void probes_thousandIdleClients_200(String begun) throws Exception {
    try (IdleClients _ = IdleClients.open(1000, server.address(), begun)) {
      for (String path : List.of("/healthz", "/readyz", "/metrics")) {
        assertEquals(200, send("GET", path).statusCode(), path);
      }
    }
  }

  @Test
  void probes_amongFloodsOfRequestsOnOneConnection_200() throws Exception {
    String flood = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000);
    try (IdleClients _ = IdleClients.open(200, server.address(), flood)) {
      assertEquals(200, send("GET", "/healthz").statusCode());
    }
  }

  @Test
  void connection_thatGoesOnAsking_isClosed() throws Exception {
    byte[] request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              socket.getOutputStream().write(request);
            }
          });
    }
  }

  @Test
  void probes_thousandClientsThatLeave_200() throws Exception {
    IdleClients.open(1000, server.address(), "GET / HTTP/1.1\r\n").close();
    assertEquals(200, send("GET", "/healthz").statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "\u0016\u0003\u0001"})
  void noHttp_isRefusedAndTheConnectionEnds(String text) throws Exception {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write((text + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 400 "), answer);
    }
    assertEquals(200, send("GET", "/healthz").statusCode());
  }

  @Test
  void close_withAConnectedClient_endsAndFreesThePort() throws Exception {
    int port = server.address().getPort();
    assertEquals(200, send("GET", "/").statusCode());
    try (Socket slow = new Socket(server.address().getAddress(), port)) {
      slow.getOutputStream().write("GET / HTTP".getBytes(StandardCharsets.US_ASCII));
      server.close();
    }
    assertThrows(ConnectException.class, () -> send("GET", "/"));
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(
        request(path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + path))
        .timeout(Duration.ofSeconds(60));
  }

  private static String type(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }
}
