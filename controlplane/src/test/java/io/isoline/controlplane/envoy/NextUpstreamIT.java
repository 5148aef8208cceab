package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.AnsweringBackend.answer;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What annotations have tried again. */
@WithEnvoy
class NextUpstreamIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/proxy-";

  private static String annotated(String... keysAndValues) {
    return Yaml.annotatedBelow(
        NGINX, ingress("shop", "shop.example.com", "Prefix / web"), keysAndValues);
  }

  private static void apply(Proxy proxy, String ingress, String service) {
    proxy.apply(ingress, service);
    assertEquals(List.of(), proxy.rejections());
  }

  private static Response send(Proxy proxy, String method) throws IOException {
    return proxy.request(
        method
            + " / HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 3\r\n"
            + "Connection: close\r\n\r\nabc");
  }

  @ParameterizedTest
  @CsvSource({
    "error, GET, 503, 1",
    "error http_503, GET, 503, 3",
    "error http_503, POST, 503, 1",
    "error http_503 non_idempotent, POST, 503, 3",
    "http_503, PUT, 503, 3",
    "error http_502 http_504, GET, 503, 1",
    "error http_404, GET, 404, 3",
    "http_429, GET, 429, 3",
    "http_503 off, GET, 503, 1",
  })
  void proxyNextUpstream_status_isTriedAgain(
      String words, String method, int status, int tries, Proxy proxy) throws Exception {
    try (AnsweringBackend web = AnsweringBackend.start(request -> answer(status, ""))) {
      apply(proxy, annotated("next-upstream", words), web.service("web"));
      assertEquals(status, send(proxy, method).status());
      assertEquals(tries, web.received().size());
    }
  }

  @Test
  void proxyNextUpstream_aLaterTryIsBetter_isTheAnswer(Proxy proxy) throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (AnsweringBackend web =
        AnsweringBackend.start(
            request -> answer(count.incrementAndGet() == 1 ? 502 : 200, request.body()))) {
      apply(
          proxy,
          annotated("next-upstream", "error http_502 non_idempotent"),
          web.service("web"));
      Response response = send(proxy, "POST");
      assertEquals(200, response.status());
      assertEquals("abc", response.body());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "error, GET, 3",
    "error, POST, 1",
    "error non_idempotent, POST, 3",
    "http_503, GET, 3",
    "http_503, POST, 1",
    "off, GET, 1",
  })
  void proxyNextUpstream_brokenConnection_isTriedAgain(
      String words, String method, int tries, Proxy proxy) throws Exception {
    try (AnsweringBackend web = AnsweringBackend.start(request -> AnsweringBackend.LEAVE)) {
      apply(proxy, annotated("next-upstream", words), web.service("web"));
      assertEquals(503, send(proxy, method).status());
      assertEquals(tries, web.received().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "5, 5"})
  void proxyNextUpstreamTries_isHowOftenARequestIsSent(String value, int tries, Proxy proxy)
      throws Exception {
    try (AnsweringBackend web = AnsweringBackend.start(request -> AnsweringBackend.LEAVE)) {
      apply(proxy, annotated("next-upstream-tries", value), web.service("web"));
      assertEquals(503, send(proxy, "GET").status());
      assertEquals(tries, web.received().size());
    }
  }

  @Test
  void proxyNextUpstream_off_triesNoOtherEndpoint(Proxy proxy) throws Exception {
    try (AnsweringBackend web = AnsweringBackend.start(request -> answer(200, ""))) {
      int refusing;
      try (ServerSocket closed = new ServerSocket(0)) {
        refusing = closed.getLocalPort();
      }
      String service = Yaml.service("web", "http", List.of(web.port(), refusing));
      apply(proxy, annotated("next-upstream", "off"), service);
      int failed = 0;
      for (int i = 0; i < 6; i++) {
        failed += send(proxy, "GET").status() == 200 ? 0 : 1;
      }
      // Each thread of Envoy has its own turns.
      assertTrue(failed >= 2, "failed: " + failed);
      apply(proxy, annotated("next-upstream", "error"), service);
      for (int i = 0; i < 6; i++) {
        assertEquals(200, send(proxy, "POST").status());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, error timeout, 2, 0, 2",
    "POST, error timeout, 2, 0, 1",
    "POST, timeout non_idempotent, 2, 0, 2",
    "GET, error, 2, 0, 1",
    "GET, timeout, 5, 2, 2",
  })
  void proxyNextUpstream_noAnswerInTime_isTriedAgain(
      String method, String words, String most, String seconds, int tries, Proxy proxy)
      throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    Socket socket = silent.accept();
                    socket.getInputStream().read();
                    connections.incrementAndGet();
                  }
                } catch (IOException e) {
                  // Closed.
                }
              });
      apply(
          proxy,
          annotated(
              "next-upstream", words,
              "next-upstream-tries", most,
              "next-upstream-timeout", seconds,
              "read-timeout", "1"),
          Yaml.service("web", "http", List.of(silent.getLocalPort())));
      assertEquals(504, send(proxy, method).status());
      assertEquals(tries, connections.get());
    }
  }
}
