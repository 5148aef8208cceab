package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bootstrap and the life of a process, on a real Envoy. */
class EnvoyIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Nobody listens on port 1. */
  private static final Address NO_CONTROL_PLANE = new Address.Socket("127.0.0.1", 1);

  private static EnvoyBinary binary =
      new EnvoyBinary(Path.of(""), EnvoyVersion.OLDEST, EnvoyBinary.Origin.EXPLICIT);

  private final List<String> output = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void findEnvoy() throws Exception {
    binary = EnvoyBinary.find(null, System.getenv(), System.out::println);
  }

  private EnvoyProcess start(UnaryOperator<BootstrapOptions.Builder> change) throws EnvoyException {
    return EnvoyProcess.start(
        binary,
        directory ->
            Bootstrap.of(
                change
                    .apply(
                        BootstrapOptions.builder(
                            NO_CONTROL_PLANE, EnvoyProcess.adminSocket(directory)))
                    .build()),
        EnvoyProcess.Options.logging(output::add).withConcurrency(1));
  }

  /** An Envoy that is ready without a control plane, with a stats listener. */
  private EnvoyProcess startWithStats() throws Exception {
    EnvoyProcess envoy =
        start(
            options ->
                options
                    .stats(new Address.Socket("127.0.0.1", 0))
                    .maxHeapBytes(1L << 30)
                    .initialFetchTimeout(Duration.ofMillis(100)));
    envoy.awaitReady(LIMIT);
    return envoy;
  }

  private static URI stats(EnvoyProcess envoy, String path) throws Exception {
    JsonNode listeners =
        new JsonMapper().readTree(envoy.admin().get("/listeners?format=json").body());
    int port = listeners.at("/listener_statuses/0/local_address/socket_address/port_value").asInt();
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static HttpResponse<String> send(String method, URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri)
              .timeout(LIMIT)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  /** That with TLS names files, so it is checked where there are some. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TLS")
  void validate_bootstrap_isTakenWithoutAWarning(
      BootstrapTest.Golden golden, @TempDir Path directory) throws Exception {
    Bootstrap bootstrap = Bootstrap.of(golden.options());
    for (String text : List.of(bootstrap.toYaml(), bootstrap.toJson())) {
      // Envoy watches the directory of the admin socket.
      String here = text.replace("/run/isoline", directory.toString());
      EnvoyProcess.Validation validation = EnvoyProcess.validate(binary, here, LIMIT);
      assertTrue(validation.ok(), validation.output());
      assertFalse(validation.output().contains("[warning]"), validation.output());
    }
  }

  @Test
  void validate_badBootstrap_givesEnvoysReason() throws Exception {
    EnvoyProcess.Validation validation =
        EnvoyProcess.validate(binary, "static_resources: {listener: []}", LIMIT);
    assertFalse(validation.ok());
    // Envoy wraps its words by the length of the file's name.
    String words = validation.output().replaceAll("\\s+", " ");
    assertTrue(words.contains("no such field: 'listener'"), words);
  }

  @Test
  void validate_regexOverTheLimit_isRefused() throws Exception {
    String yaml =
        Bootstrap.of(
                BootstrapOptions.builder(NO_CONTROL_PLANE, new Address.Socket("127.0.0.1", 9901))
                    .stats(new Address.Socket("127.0.0.1", 8002))
                    .maxRegexProgramSize(20)
                    .build())
            .toYaml()
            .replace("exact: GET", "safe_regex: {regex: \"[a-z]{1,40}\"}");
    EnvoyProcess.Validation validation = EnvoyProcess.validate(binary, yaml, LIMIT);
    assertFalse(validation.ok());
    assertTrue(validation.output().contains("max program size of 20"), validation.output());
  }

  @Test
  void start_noControlPlane_warnsAboutNothingElse() throws Exception {
    try (EnvoyProcess envoy = startWithStats()) {
      assertTrue(envoy.exited().getNow(new EnvoyProcess.Exit(-1, List.of())).code() < 0);
    }
    List<String> warnings =
        output.stream()
            .filter(line -> line.matches(".*\\[(warning|error|critical)].*"))
            .filter(line -> !line.contains("gRPC config stream to xds closed"))
            .filter(line -> !line.contains("caught ENVOY_SIGTERM"))
            // Said once at the end of the wait that this test cut short.
            .filter(line -> !line.contains("initial fetch timed out"))
            .toList();
    assertEquals(List.of(), warnings);
  }

  @Test
  void start_noControlPlane_isNotReady() throws Exception {
    try (EnvoyProcess envoy = start(options -> options)) {
      awaitAdmin(envoy);
      String message =
          String.valueOf(
              assertThrows(EnvoyException.class, () -> envoy.awaitReady(Duration.ofMillis(1)))
                  .getMessage());
      assertTrue(message.contains("INITIALIZING"), message);
      assertEquals(503, envoy.admin().get("/ready").status());
    }
  }

  @Test
  void statsListener_readyAndPrometheus_answer() throws Exception {
    try (EnvoyProcess envoy = startWithStats()) {
      HttpResponse<String> ready = send("GET", stats(envoy, "/ready"));
      assertEquals(200, ready.statusCode());
      assertEquals("LIVE\n", ready.body());
      assertTrue(
          send("GET", stats(envoy, "/stats/prometheus")).body().contains("envoy_server_live{} 1"));
    }
  }

  @Test
  void statsListener_whileEnvoyDrains_isServingAndNotReady() throws Exception {
    try (EnvoyProcess envoy = startWithStats()) {
      envoy.admin().post("/healthcheck/fail");
      assertEquals(503, send("GET", stats(envoy, "/ready")).statusCode());
      HttpResponse<String> serving = send("GET", stats(envoy, "/serving"));
      assertEquals(200, serving.statusCode());
      assertEquals("SERVING\n", serving.body());
    }
  }

  @Test
  void statsListener_beforeTheFirstConfiguration_isClosed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (EnvoyProcess envoy =
        start(options -> options.stats(new Address.Socket("127.0.0.1", port)))) {
      awaitAdmin(envoy);
      assertThrows(EnvoyException.class, () -> envoy.awaitReady(Duration.ofMillis(1)));
      assertThrows(
          IOException.class, () -> send("GET", URI.create("http://127.0.0.1:" + port + "/serving")));
    }
  }

  @Test
  void statsListener_everythingElse_isNotThere() throws Exception {
    try (EnvoyProcess envoy = startWithStats()) {
      for (String path :
          List.of(
              "/",
              "/config_dump",
              "/stats",
              "/certs",
              "/ready/",
              "/ready/../config_dump",
              "//ready",
              "/stats/prometheus/../../help",
              "/%72eady")) {
        assertEquals(404, send("GET", stats(envoy, path)).statusCode(), path);
      }
      for (String path :
          List.of("/ready", "/stats/prometheus", "/quitquitquit", "/healthcheck/fail")) {
        assertEquals(404, send("POST", stats(envoy, path)).statusCode(), path);
      }
    }
  }

  @Test
  void start_adminOnAnyPort_isFound() throws Exception {
    try (EnvoyProcess envoy =
        EnvoyProcess.start(
            binary,
            directory ->
                Bootstrap.of(
                    BootstrapOptions.builder(NO_CONTROL_PLANE, new Address.Socket("127.0.0.1", 0))
                        .initialFetchTimeout(Duration.ofMillis(100))
                        .build()),
            EnvoyProcess.Options.logging(output::add).withConcurrency(1))) {
      envoy.awaitReady(LIMIT);
      assertTrue(((Address.Socket) envoy.admin().address()).port() > 0);
    }
  }

  @Test
  void start_twoSideBySide_bothGetReady() throws Exception {
    try (EnvoyProcess one = startWithStats();
        EnvoyProcess two = startWithStats()) {
      assertEquals(200, one.admin().get("/ready").status());
      assertEquals(200, two.admin().get("/ready").status());
    }
  }

  @Test
  void close_runningEnvoy_leavesNothing() throws Exception {
    EnvoyProcess envoy = startWithStats();
    envoy.close();
    envoy.close();
    assertEquals(0, envoy.exited().join().code());
    assertFalse(ProcessHandle.of(envoy.pid()).map(ProcessHandle::isAlive).orElse(false));
    assertFalse(Files.exists(envoy.directory()));
  }

  @Test
  void awaitReady_portInUse_givesEnvoysReason() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
        EnvoyProcess envoy =
            start(
                options -> options.stats(new Address.Socket("127.0.0.1", taken.getLocalPort())))) {
      String message =
          String.valueOf(
              assertThrows(EnvoyException.class, () -> envoy.awaitReady(LIMIT)).getMessage());
      assertTrue(message.contains("Envoy ended with code 1"), message);
      assertTrue(message.contains("Address already in use"), message);
      assertFalse(Files.exists(envoy.directory()));
    }
  }

  @Test
  void drain_readyEnvoyWithoutConnections_isNotReadyAnyMore() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    try (EnvoyProcess envoy = startWithStats()) {
      EnvoyDrain drain = new EnvoyDrain(envoy.admin().address(), said::add);
      assertEquals(0, drain.run(Duration.ZERO, LIMIT));
      assertEquals("DRAINING\n", envoy.admin().get("/ready").body());
      drain.undo();
      assertEquals("LIVE\n", envoy.admin().get("/ready").body());
      assertEquals("Envoy was draining, and is in service again", said.getLast());
    }
  }

  @Test
  void drain_noEnvoy_isDoneAtOnce(@TempDir Path directory) throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    EnvoyDrain drain = new EnvoyDrain(EnvoyProcess.adminSocket(directory), said::add);
    drain.undo();
    assertEquals(0, drain.run(LIMIT, LIMIT));
    assertEquals(List.of("there is no Envoy that could be drained"), said);
  }

  @Test
  void start_controlPlaneKeepsRefusing_isTriedAgainSoon() throws Exception {
    // Each try is a connection. Envoy's own backoff would be anything up to 30 s by the seventh.
    SynchronousQueue<Integer> tries = new SynchronousQueue<>();
    try (ServerSocket server = new ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> refuse(server, tries));
      Address xds = new Address.Socket("127.0.0.1", server.getLocalPort());
      try (EnvoyProcess envoy =
          EnvoyProcess.start(
              binary,
              directory ->
                  Bootstrap.of(
                      BootstrapOptions.builder(xds, EnvoyProcess.adminSocket(directory)).build()),
              EnvoyProcess.Options.logging(output::add).withConcurrency(1))) {
        // So many would take Envoy's own backoff some five minutes, and take ours half a minute.
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        for (int i = 0; i < 25; i++) {
          assertTrue(
              tries.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS) != null,
              () -> String.join("\n", output));
        }
        assertFalse(envoy.exited().isDone());
      }
    }
  }

  private static void refuse(ServerSocket server, SynchronousQueue<Integer> tries) {
    try {
      while (true) {
        try (var connection = server.accept()) {
          tries.put(connection.getPort());
        }
      }
    } catch (IOException | InterruptedException e) {
      // The test is over.
    }
  }

  @Test
  void start_parentKilled_endsTooAndLeavesNothing() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Orphan.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      String[] said = String.valueOf(reader.readLine()).split(" ", 2);
      ProcessHandle envoy = ProcessHandle.of(Long.parseLong(said[0])).orElseThrow();
      parent.destroyForcibly();
      try {
        envoy.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } finally {
        envoy.destroyForcibly();
      }
      awaitGone(Path.of(said[1]));
    } finally {
      parent.destroyForcibly();
    }
  }

  private static void awaitGone(Path directory) {
    await("it is gone: " + directory, () -> !Files.exists(directory));
  }

  /** Returns when Envoy answers at its administration interface, which is before it is ready. */
  private static void awaitAdmin(EnvoyProcess envoy) {
    await("Envoy answers", () -> isAnswering(envoy));
  }

  private static boolean isAnswering(EnvoyProcess envoy) {
    try {
      return envoy.admin().get("/ready").status() == 503;
    } catch (EnvoyException | IOException e) {
      return false;
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, () -> "not within " + LIMIT + ": " + what);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
