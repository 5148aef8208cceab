package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.isoline.controlplane.envoy.Await;
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
    HttpResponse<String> now = response.get(30, TimeUnit.SECONDS);
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
    try (DrainServer server = start(Duration.ofSeconds(30))) {
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
  void anythingElse_isNotThere() throws Exception {
    try (DrainServer server = start(Duration.ofMillis(10))) {
      assertEquals("404", answer(send(server, "GET", "/drain")).substring(0, 3));
      assertEquals("405", answer(send(server, "POST", "/drained")).substring(0, 3));
    }
  }
}
