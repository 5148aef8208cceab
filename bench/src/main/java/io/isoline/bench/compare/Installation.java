package io.isoline.bench.compare;

import io.isoline.envoy.Address;
import io.isoline.envoy.EnvoyAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A control plane and its Envoy, as far as they are started. */
final class Installation implements AutoCloseable {

  private static final Duration REST_LIMIT = Duration.ofMinutes(2);
  private static final String CONCURRENCY = "2";

  private final Subject subject;
  private final Path envoyProgram;
  private final Path directory;
  private final Path adminSocket;
  private final String namespace;
  private @Nullable Child controlPlane;
  private @Nullable Child envoy;

  /**
   * @param directory for configuration and logs
   */
  Installation(Subject subject, Path envoyProgram, Path directory, String namespace)
      throws IOException {
    this.subject = subject;
    this.envoyProgram = envoyProgram;
    this.directory = Files.createDirectories(directory);
    // The path of a socket must be short. This directory goes with the lab.
    this.adminSocket =
        Files.createTempDirectory(Path.of(System.getenv("LAB_DIR")), "envoy").resolve("admin.sock");
    this.namespace = namespace;
  }

  void startControlPlane() throws IOException {
    controlPlane =
        Child.start(
            log(subject.name()), subject.environment(), subject.command(directory, namespace));
  }

  /** Writes the bootstrap configuration for {@link #startEnvoy}. */
  void prepareEnvoy() throws IOException, InterruptedException {
    Child.run(log("bootstrap"), subject.bootstrapCommand(bootstrap(), adminSocket));
  }

  void startEnvoy() throws IOException {
    Files.deleteIfExists(adminSocket);
    envoy =
        Child.start(
            log("envoy"),
            Map.of(),
            List.of(
                envoyProgram.toString(),
                "--config-path",
                bootstrap().toString(),
                "--service-cluster",
                "bench",
                "--service-node",
                "bench",
                "--log-level",
                "error",
                "--disable-hot-restart",
                "--concurrency",
                CONCURRENCY));
  }

  private Path log(String name) {
    return directory.resolve(name + ".log");
  }

  private Path bootstrap() {
    return directory.resolve("envoy.yaml");
  }

  Child controlPlane() {
    return running(controlPlane);
  }

  Child envoy() {
    return running(envoy);
  }

  private static Child running(@Nullable Child child) {
    if (child == null) {
      throw new IllegalStateException("not started");
    }
    return child;
  }

  /** That no process has ended. */
  void check() throws IOException {
    for (Child child : new Child[] {controlPlane, envoy}) {
      if (child != null) {
        child.check();
      }
    }
  }

  /** Returns when neither process has anything urgent left to do, or after some minutes. */
  void rest() throws InterruptedException, IOException {
    rest(Duration.ofMillis(100), 20, REST_LIMIT);
  }

  /** Returns when neither process has anything left to do, writing events slowly for example. */
  void longRest(Duration limit) throws InterruptedException, IOException {
    rest(Duration.ofSeconds(1), 40, limit);
  }

  /**
   * Waits for a time in which both took little CPU time.
   *
   * @param cpuMillis what they may take
   */
  private void rest(Duration window, double cpuMillis, Duration limit)
      throws InterruptedException, IOException {
    long end = System.nanoTime() + limit.toNanos();
    double last;
    double now = cpuMillis();
    do {
      Thread.sleep(window);
      check();
      last = now;
      now = cpuMillis();
    } while (now - last > cpuMillis && System.nanoTime() < end);
  }

  private double cpuMillis() {
    return (controlPlane == null ? 0 : controlPlane.cpuMillis())
        + (envoy == null ? 0 : envoy.cpuMillis());
  }

  /** Bytes that Envoy received from the control plane since its start. */
  double xdsBytes() throws IOException {
    return statistic("upstream_cx_rx_bytes_total");
  }

  /** Open streams of Envoy to the control plane. */
  double streams() throws IOException {
    return statistic("upstream_rq_active");
  }

  private double statistic(String name) throws IOException {
    String wanted = subject.statistics() + name;
    String page =
        new EnvoyAdmin(new Address.Pipe(adminSocket)).get("/stats?filter=" + name).body();
    for (String line : page.split("\n", -1)) {
      if (line.startsWith(wanted + ": ")) {
        return Double.parseDouble(line.substring(wanted.length() + 2));
      }
    }
    throw new IOException("Envoy does not count " + wanted);
  }

  /** Stops both. */
  @Override
  public void close() {
    if (envoy != null) {
      envoy.close();
      envoy = null;
    }
    if (controlPlane != null) {
      controlPlane.close();
      controlPlane = null;
    }
  }
}
