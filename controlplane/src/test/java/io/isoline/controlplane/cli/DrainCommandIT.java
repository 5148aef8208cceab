package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.Ports;
import io.isoline.envoy.Address;
import io.isoline.envoy.Bootstrap;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.envoy.CredentialsSocket;
import io.isoline.envoy.EnvoyBinary;
import io.isoline.envoy.EnvoyProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code isoline drain --serve} as what it is in a pod: a process that gets a signal. */
class DrainCommandIT {

  private static EnvoyProcess startEnvoy() throws Exception {
    EnvoyProcess envoy =
        EnvoyProcess.start(
            EnvoyBinary.find(null, System.getenv(), System.out::println),
            directory ->
                Bootstrap.of(
                    BootstrapOptions.builder(
                            new Address.Socket("127.0.0.1", 1), EnvoyProcess.adminSocket(directory))
                        .initialFetchTimeout(Duration.ofMillis(100))
                        .build()),
            EnvoyProcess.Options.logging(_ -> {}).withConcurrency(1));
    envoy.awaitReady(Duration.ofSeconds(60));
    return envoy;
  }

  private static RunningProgram start(EnvoyProcess envoy, int port) throws Exception {
    return RunningProgram.start(
        Map.of(),
        "drain",
        "--serve",
        "127.0.0.1:" + port,
        "--admin",
        envoy.admin().address().toString(),
        "--delay",
        "2",
        "--absence",
        "3");
  }

  @Test
  void serve_terminated_drainsAndThenAnswers() throws Exception {
    int port = Ports.free();
    try (EnvoyProcess envoy = startEnvoy();
        RunningProgram program = start(envoy, port);
        HttpClient client = HttpClient.newHttpClient()) {
      program.await("ready to drain the Envoy");
      CompletableFuture<HttpResponse<String>> hook =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/drained")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals("LIVE\n", envoy.admin().get("/ready").body());
      program.terminate();
      program.await("Envoy fails its health check now");
      assertEquals("DRAINING\n", envoy.admin().get("/ready").body());
      assertFalse(hook.isDone());
      // Requests still come, so it still answers who may pass.
      Path socket = Objects.requireNonNull(CredentialsSocket.beside(envoy.admin().address()));
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
      HttpResponse<String> answer = hook.get(60, TimeUnit.SECONDS);
      assertEquals("drained\n", answer.body());
      program.exitStatus();
      assertFalse(envoy.exited().isDone(), "it is not this program that stops Envoy");
    }
  }

  @Test
  void serve_startedAgainWhileEnvoyDrains_putsItInServiceAgain() throws Exception {
    try (EnvoyProcess envoy = startEnvoy()) {
      envoy.admin().post("/healthcheck/fail");
      try (RunningProgram program = start(envoy, Ports.free())) {
        program.await("in service again");
        assertEquals("LIVE\n", envoy.admin().get("/ready").body());
      }
    }
  }

  @Test
  void serve_envoyGone_endsWithoutASignal() throws Exception {
    EnvoyProcess envoy = startEnvoy();
    try (RunningProgram program = start(envoy, Ports.free())) {
      program.await("ready to drain the Envoy");
      envoy.close();
      program.await("no Envoy has been there for 3 s");
      assertEquals(0, program.exitStatus());
    } finally {
      envoy.close();
    }
  }

  @Test
  void serve_portTaken_saysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run = CommandRun.of("drain", "--serve", "127.0.0.1:" + taken.getLocalPort());
      assertEquals(2, run.status());
      assertTrue(run.err().contains("cannot be listened on"), run.err());
    }
  }
}
