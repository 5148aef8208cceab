package io.isoline.controlplane.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.envoy.EnvoyDrain;
import io.isoline.envoy.XdsProtocol;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One of two Envoys is drained and stopped, while clients of all kinds go on. What stands for their
 * load balancer sends new connections to the one, and a while after the drain has begun to the
 * other.
 */
class DrainIT {
  private static final String HOST = "load.example.com";
  private static final Duration DELAY = Duration.ofSeconds(4);

  @SuppressWarnings("NullAway") // set before each test
  private Backend backend;

  @SuppressWarnings("NullAway") // set before each test
  private Proxy leaving;

  @SuppressWarnings("NullAway") // set before each test
  private Proxy staying;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean left = new AtomicBoolean();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    backend = Backend.start("A");
    leaving = Proxy.start(EnvoyLauncher.choose("native"), XdsProtocol.DELTA);
    staying = Proxy.start(EnvoyLauncher.choose("native"), XdsProtocol.DELTA);
    for (Proxy proxy : List.of(leaving, staying)) {
      proxy.apply(Yaml.ingress("web", "", "Prefix / s"), Yaml.service("s", backend));
    }
  }

  @AfterEach
  void stop() throws IOException {
    running.set(false);
    threads.shutdownNow();
    leaving.close();
    staying.close();
    backend.close();
  }

  private Proxy chosen() {
    return left.get() ? staying : leaving;
  }

  private long drain(Duration timeout) throws Exception {
    var _ =
        threads.submit(
            () -> {
              TimeUnit.SECONDS.sleep(2);
              left.set(true);
              return null;
            });
    return new EnvoyDrain(leaving.envoy().admin().address(), said::add).run(DELAY, timeout);
  }

  /** Runs something again and again until the end; what it throws is a failure. */
  private Future<?> repeat(Callable<?> step) {
    return threads.submit(
        () -> {
          while (running.get()) {
            try {
              step.call();
            } catch (IOException e) {
              failures.add(e.toString());
            }
          }
          return null;
        });
  }

  @Test
  void run_clientsOfAllKinds_loseNothing() throws Exception {
    AtomicLong http2 = new AtomicLong();
    AtomicLong slow = new AtomicLong();
    List<Future<?>> clients = new ArrayList<>();
    try (Load load = Load.start(() -> chosen().httpPort(), HOST);
        HttpClient client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(TlsConnection.trustingAll())
                .build();
        Connection idle = Connection.open(leaving.httpPort());
        TlsConnection idleTls = leaving.tls(TlsConnection.Hello.to(HOST));
        Connection download = Connection.open(leaving.httpPort())) {
      clients.add(repeat(() -> http2Request(client, http2)));
      clients.add(repeat(() -> slowRequests(slow)));
      Await.until("all clients have answers", () -> http2.get() > 5 && slow.get() > 1);
      assertEquals("A", get(idle).route());
      assertEquals("A", get(idleTls).route());
      download.send("GET /?trickle=12 HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
      assertEquals(200, download.receiveHead().status());

      Future<String> rest = threads.submit(() -> download.read("1\r\n.\r\n".length() * 12));
      assertEquals(0, drain(Duration.ofSeconds(90)), said.toString());
      assertTrue(rest.isDone(), "the drain waits for the download");
      assertEquals("1\r\n.\r\n".repeat(12), rest.get());
      leaving.envoy().close();

      long before = http2.get();
      long slowBefore = slow.get();
      load.awaitMore(50);
      Await.until(
          "all clients go on", () -> http2.get() > before + 5 && slow.get() > slowBefore + 1);
      running.set(false);
      for (Future<?> each : clients) {
        each.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
      assertEquals(List.of(), load.failures());
      assertEquals(List.of(), failures);
    }
  }

  private static Response get(Connection connection) throws IOException {
    return connection.exchange("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
  }

  /** On one connection as long as it lasts, with requests that follow each other at once. */
  private Object http2Request(HttpClient client, AtomicLong answers)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + chosen().httpsPort() + "/"))
                .timeout(Await.LIMIT)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200 || response.version() != HttpClient.Version.HTTP_2) {
      failures.add(response.toString());
    }
    return answers.incrementAndGet();
  }

  /** Requests with a second between them, on a connection until it is to be closed. */
  private Object slowRequests(AtomicLong answers) throws IOException, InterruptedException {
    try (Connection connection = Connection.open(chosen().httpPort())) {
      while (running.get()) {
        Response response = get(connection);
        if (!response.route().equals("A")) {
          failures.add(response.toString());
        }
        answers.incrementAndGet();
        if (response.header("connection").contains("close")) {
          return answers;
        }
        TimeUnit.SECONDS.sleep(1);
      }
    }
    return answers;
  }

  @Test
  void run_connectionThatDoesNotEnd_isReportedAfterTheTimeout() throws Exception {
    try (Connection download = Connection.open(leaving.httpPort())) {
      download.send("GET /?trickle=60 HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
      assertEquals(200, download.receiveHead().status());
      assertEquals(1, drain(DELAY.plusSeconds(3)));
      assertEquals("giving up after 7 s with 1 connection left", said.getLast());
    }
  }

  @Test
  void run_connectionOfAPortThatIsPassedOn_isWaitedFor() throws Exception {
    int port = Ports.free();
    try (Echo echo = Echo.start("E")) {
      leaving.apply(
          Yaml.service("echo", "http", List.of(echo.port())),
          Yaml.ingress("web", "", "Prefix / s"),
          Yaml.service("s", backend));
      leaving.configure(
          settings ->
              Configured.with(settings, "ports: {tcp: ['" + port + "=default/echo:80']}"));
      try (Connection open = Connection.open(port)) {
        assertEquals("E:", open.read(2));
        assertEquals(1, drain(Duration.ofSeconds(8)), said.toString());
        open.send("x");
        assertEquals("x", open.read(1));
      }
    }
  }

  @Test
  void undo_afterADrain_envoyServesAsBefore() throws Exception {
    EnvoyDrain drain = new EnvoyDrain(leaving.envoy().admin().address(), said::add);
    assertEquals(0, drain.run(Duration.ZERO, Duration.ofSeconds(60)));
    assertEquals(503, leaving.envoy().admin().get("/ready").status());
    drain.undo();
    assertEquals(200, leaving.envoy().admin().get("/ready").status());
    try (Connection connection = Connection.open(leaving.httpPort())) {
      assertEquals("", get(connection).header("connection"));
      // Longer than connections live while it drains.
      TimeUnit.SECONDS.sleep(9);
      assertEquals("A", get(connection).route());
    }
  }
}
