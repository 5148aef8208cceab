package io.isoline.controlplane.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.isoline.controlplane.envoy.Await;
import io.isoline.controlplane.http.IdleClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainServerTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
  }

  private static DrainServer start(Duration signalLimit) throws IOException {
    return DrainServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), signalLimit);
  }

  private CompletableFuture<HttpResponse<String>> send(
      DrainServer server, String method, String path) {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String answer(CompletableFuture<HttpResponse<String>> response) throws Exception {
    HttpResponse<String> now = response.get(120, TimeUnit.SECONDS);
    return now.statusCode() + " " + now.body().strip();
  }

  @Test
  void drained_podDoesNotEnd_answersSoon() throws Exception {
    try (DrainServer server = start(Duration.ofMillis(10))) {
      assertEquals(
          "200 the pod does not end, so there is nothing to wait for",
          answer(send(server, "GET", "/drained")));
    }
  }

  @Test
  void drained_askedBeforeTheSignal_isAnsweredAtTheEnd() throws Exception {
    CompletableFuture<HttpResponse<String>> early;
    CompletableFuture<HttpResponse<String>> late;
    try (DrainServer server = start(Duration.ofMinutes(5))) {
      early = send(server, "GET", "/drained");
      Await.until("the first request waits", () -> server.waiting() == 1);
      server.draining();
      late = send(server, "GET", "/drained");
      Await.until("both requests wait", () -> server.waiting() == 2);
      assertFalse(early.isDone());
      assertFalse(late.isDone());
    }
    assertEquals("200 drained", answer(early));
    assertEquals("200 drained", answer(late));
  }

  @Test
  void drained_thousandIdleClients_isAnsweredAtTheEnd() throws Exception {
    CompletableFuture<HttpResponse<String>> hook;
    try (DrainServer server = start(Duration.ofMinutes(5));
        IdleClients _ = idle(server)) {
      hook = send(server, "GET", "/drained");
      Await.until("the request waits", () -> server.waiting() == 1);
      try (IdleClients _ = idle(server)) {
        server.draining();
        assertEquals("200 ok", answer(send(server, "GET", "/healthz")));
      }
    }
    assertEquals("200 drained", answer(hook));
  }

  @Test
  void drained_clientsThatLeave_areNotWaitedFor() throws Exception {
    try (DrainServer server = start(Duration.ofMinutes(5))) {
      String request = "GET /drained HTTP/1.1\r\n\r\n";
      IdleClients clients = IdleClients.open(100, address(server), request);
      Await.until("they wait", () -> server.waiting() == 50);
      clients.close();
      Await.until("nobody waits", () -> server.waiting() == 0);
    }
  }

  private static InetSocketAddress address(DrainServer server) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
  }

  private static IdleClients idle(DrainServer server) throws IOException {
    return IdleClients.open(1000, address(server), "GET /drained HTTP/1.1\r\nHost: x");
  }

  @Test
  void anythingElse_isNotThere() throws Exception {
    try (DrainServer server = start(Duration.ofMillis(10))) {
      assertEquals("404", answer(send(server, "GET", "/drain")).substring(0, 3));
      assertEquals("405", answer(send(server, "POST", "/drained")).substring(0, 3));
    }
  }
}
