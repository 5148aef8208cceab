package io.isoline.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process, and what it takes from the machine. It ends with this program, however that ends. */
final class Child implements AutoCloseable {

  private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();
  private static final long STOP_SECONDS = 5;

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(child -> child.process.destroyForcibly())));
  }

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
    RUNNING.add(this);
  }

  /**
   * Starts a command.
   *
   * @param log gets what it prints, after what is there already
   */
  static Child start(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return new Child(builder.start(), log);
  }

  /** Runs a command to its end. */
  static void run(Path log, List<String> command) throws IOException, InterruptedException {
    try (Child child = start(log, Map.of(), command)) {
      if (!child.process.waitFor(1, TimeUnit.MINUTES) || child.process.exitValue() != 0) {
        throw child.failure();
      }
    }
  }

  /**
   * @throws IOException when it has ended, with the last that it printed
   */
  void check() throws IOException {
    if (!process.isAlive()) {
      throw failure();
    }
  }

  private IOException failure() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return new IOException(
        "%s has ended:%n%s"
            .formatted(
                log.getFileName(),
                String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()))));
  }

  /** CPU time so far, in steps of 10 ms. */
  double cpuMillis() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
  }

  double residentMebibytes() throws IOException {
    return mebibytes("VmRSS:");
  }

  double peakMebibytes() throws IOException {
    return mebibytes("VmHWM:");
  }

  private double mebibytes(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    throw new IOException("no " + field + " of " + log.getFileName());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(this);
  }
}
