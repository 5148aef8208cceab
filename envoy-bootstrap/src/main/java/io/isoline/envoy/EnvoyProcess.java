package io.isoline.envoy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Envoy, with a private directory for its configuration and its sockets. Any number may
 * run side by side.
 *
 * <p>When this process ends without closing it, by whatever cause, Envoy is stopped and its
 * directory removed a moment later.
 *
 * <p>All methods may be called by any thread.
 */
public final class EnvoyProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EnvoyProcess.class);
  private static final Duration FIRST_POLL = Duration.ofMillis(5);
  private static final Duration LONGEST_POLL = Duration.ofMillis(100);

  private final Process process;
  private final Path directory;
  private final Options options;
  private final Address configuredAdmin;
  private final CompletableFuture<Exit> exited = new CompletableFuture<>();
  private final CountDownLatch gone = new CountDownLatch(1);

  /**
   * How to run Envoy.
   *
   * @param concurrency worker threads, at least 1; 0 for one per processor
   * @param logLevel Envoy's name for it: trace, debug, info, warning, error, critical or off
   * @param drainTime how long Envoy takes to wind down the connections of a listener or filter chain
   *     that goes, at least 1 s; it keeps each old version of a listener for so long
   * @param stopLimit how long {@link #close} waits before it kills
   * @param output gets each line that Envoy prints, on a thread of its own
   */
  public record Options(
      int concurrency,
      String logLevel,
      Duration drainTime,
      Duration stopLimit,
      Consumer<String> output) {

    public Options {
      if (concurrency < 0) {
        throw new IllegalArgumentException("concurrency is negative: " + concurrency);
      }
      if (!logLevel.matches("trace|debug|info|warning|warn|error|critical|off")) {
        throw new IllegalArgumentException("Envoy has no log level \"" + logLevel + "\"");
      }
      if (drainTime.toSeconds() < 1) {
        throw new IllegalArgumentException("the drain time is under a second: " + drainTime);
      }
      if (stopLimit.isNegative()) {
        throw new IllegalArgumentException("the stop limit is negative: " + stopLimit);
      }
    }

    /**
     * One worker per processor, log level {@code info}, a minute to drain, five seconds to stop.
     * Envoy's own drain time is ten minutes; with thousands of certificates, each change of a
     * listener would take megabytes for so long.
     */
    public static Options logging(Consumer<String> output) {
      return new Options(0, "info", Duration.ofMinutes(1), Duration.ofSeconds(5), output);
    }

    public Options withConcurrency(int value) {
      return new Options(value, logLevel, drainTime, stopLimit, output);
    }

    public Options withLogLevel(String value) {
      return new Options(concurrency, value, drainTime, stopLimit, output);
    }

    public Options withDrainTime(Duration value) {
      return new Options(concurrency, logLevel, value, stopLimit, output);
    }

    public Options withStopLimit(Duration value) {
      return new Options(concurrency, logLevel, drainTime, value, output);
    }
  }

  /**
   * How Envoy ended.
   *
   * @param code its exit code; 128 and the signal's number for one that a signal ended
   * @param lastLines the last it printed, at most {@value LogTail#LINES} lines
   */
  public record Exit(int code, List<String> lastLines) {
    @Override
    public String toString() {
      return "Envoy ended with code " + code + ":\n" + String.join("\n", lastLines);
    }
  }

  private EnvoyProcess(Process process, Path directory, Options options, Address configuredAdmin) {
    this.process = process;
    this.directory = directory;
    this.options = options;
    this.configuredAdmin = configuredAdmin;
  }

  /**
   * Starts Envoy. It is not ready yet, see {@link #awaitReady}.
   *
   * @param bootstrap gets the private directory, which only this user can enter, as the place for
   *     an admin socket; see {@link #adminSocket}
   * @throws EnvoyException if it cannot be started
   */
  public static EnvoyProcess start(
      EnvoyBinary binary, Function<Path, Bootstrap> bootstrap, Options options)
      throws EnvoyException {
    Path directory = null;
    Process process = null;
    try {
      // Envoy resolves a socket's path as it is; the link that macOS has for /tmp is longer.
      directory = Files.createTempDirectory("isoline-envoy-").toRealPath();
      Bootstrap config = bootstrap.apply(directory);
      Path file = directory.resolve("bootstrap.yaml");
      Files.writeString(file, config.toYaml());
      process =
          new ProcessBuilder(command(binary, file, directory, options))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      Orphanage watch = Orphanage.watch(process, directory);
      EnvoyProcess envoy = new EnvoyProcess(process, directory, options, config.admin());
      Thread.ofPlatform().daemon().name("envoy-output").start(() -> envoy.follow(watch));
      return envoy;
    } catch (IOException e) {
      discard(process, directory);
      throw new EnvoyException(
          "Envoy cannot be started from %s: %s".formatted(binary.path(), e.getMessage()), e);
    } catch (RuntimeException e) {
      discard(process, directory);
      throw e;
    }
  }

  /** The admin address to put into the bootstrap of an Envoy that runs in this directory. */
  public static Address adminSocket(Path directory) {
    return new Address.Pipe(directory.resolve("admin.sock"));
  }

  private static void discard(@Nullable Process process, @Nullable Path directory) {
    if (process != null) {
      process.destroyForcibly();
    }
    if (directory != null) {
      deleteQuietly(directory);
    }
  }

  private static List<String> command(
      EnvoyBinary binary, Path bootstrap, Path directory, Options options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.path().toString(),
                "--config-path",
                bootstrap.toString(),
                "--admin-address-path",
                directory.resolve("admin.address").toString(),
                "--log-level",
                options.logLevel(),
                // Lines of access logs shall be seen soon; Envoy's own interval is 10 s.
                "--file-flush-interval-msec",
                "1000",
                "--drain-time-s",
                Long.toString(options.drainTime().toSeconds()),
                // Hot restart shares memory under a number that a second Envoy would share too.
                "--disable-hot-restart"));
    if (options.concurrency() > 0) {
      command.addAll(List.of("--concurrency", Integer.toString(options.concurrency())));
    }
    return command;
  }

  /** Runs on its own thread from Envoy's start to its end. */
  private void follow(Orphanage watch) {
    LogTail tail = new LogTail();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      while (line != null) {
        tail.add(line);
        hand(line);
        line = reader.readLine();
      }
    } catch (IOException e) {
      tail.add("(Envoy's output cannot be read: " + e.getMessage() + ")");
    }
    int code = process.onExit().join().exitValue();
    watch.close();
    deleteQuietly(directory);
    gone.countDown();
    exited.complete(new Exit(code, tail.lines()));
  }

  private void hand(String line) {
    try {
      options.output().accept(line);
    } catch (RuntimeException e) {
      // A reader of lines that fails must not leave Envoy with a full pipe, where it would hang.
      LOG.warn("a line of Envoy's output was not taken", e);
    }
  }

  private static void deleteQuietly(Path directory) {
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      LOG.warn("the directory {} stays behind: {}", directory, e.getMessage());
    }
  }

  /** Completes when Envoy has ended, by itself or by {@link #close}; never exceptionally. */
  public CompletableFuture<Exit> exited() {
    return exited.copy();
  }

  public long pid() {
    return process.pid();
  }

  /** The private directory; gone once Envoy has ended. */
  public Path directory() {
    return directory;
  }

  /**
   * The administration interface. It answers from shortly after the start on.
   *
   * @throws EnvoyException if the bootstrap asked for any free port and Envoy has not said yet
   *     which one it took; it has once {@link #awaitReady} returned
   */
  public EnvoyAdmin admin() throws EnvoyException {
    if (configuredAdmin instanceof Address.Socket socket && socket.port() == 0) {
      try {
        return new EnvoyAdmin(
            Address.parse(Files.readString(directory.resolve("admin.address")).strip()));
      } catch (IOException | IllegalArgumentException e) {
        throw new EnvoyException("Envoy has not opened its admin port", e);
      }
    }
    return new EnvoyAdmin(configuredAdmin);
  }

  /**
   * Waits until Envoy has its first configuration and serves it.
   *
   * @throws EnvoyException if it ends instead, or is not ready in time, with what it said
   */
  public void awaitReady(Duration limit) throws EnvoyException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    Duration pause = FIRST_POLL;
    while (true) {
      String state = state();
      if (state.equals("LIVE")) {
        return;
      }
      if (gone.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new EnvoyException(exited.join().toString());
      }
      if (System.nanoTime() - end >= 0) {
        throw new EnvoyException(
            ("Envoy is not ready after %d ms, its state is %s. An Envoy that initialises waits for"
                    + " its control plane")
                .formatted(limit.toMillis(), state));
      }
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_POLL) > 0) {
        pause = LONGEST_POLL;
      }
    }
  }

  private String state() {
    try {
      return admin().get("/ready").body().strip();
    } catch (IOException | EnvoyException e) {
      return "not reachable (" + e.getMessage() + ")";
    }
  }

  /**
   * Stops Envoy at once, open connections or not, and removes its directory. Does nothing the
   * second time. An interrupt makes it kill Envoy without waiting.
   */
  @Override
  public void close() {
    process.destroy();
    boolean interrupted = false;
    try {
      if (!gone.await(options.stopLimit().toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    }
    exited.join();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What Envoy says about a configuration.
   *
   * @param ok whether it would start with it
   * @param output all that it printed, its reason at the end
   */
  public record Validation(boolean ok, String output) {}

  /**
   * Lets Envoy check a bootstrap configuration without running it: {@code --mode validate}.
   *
   * @param bootstrap YAML or JSON
   * @throws EnvoyException if Envoy cannot be started or is not done within the limit
   */
  public static Validation validate(EnvoyBinary binary, String bootstrap, Duration limit)
      throws EnvoyException, InterruptedException {
    // JSON is YAML, and by this name Envoy reads both.
    return validate(
        binary, "bootstrap.yaml", bootstrap.getBytes(StandardCharsets.UTF_8), limit);
  }

  /**
   * The same of a message as it is on the wire. Fields that are newer than our protos are in it, which no
   * text can have.
   *
   * @throws EnvoyException if Envoy cannot be started or is not done within the limit
   */
  public static Validation validate(
      EnvoyBinary binary,
      io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap bootstrap,
      Duration limit)
      throws EnvoyException, InterruptedException {
    return validate(binary, "bootstrap.pb", bootstrap.toByteArray(), limit);
  }

  /**
   * Checks a file.
   *
   * @param name by its extension Envoy knows the format
   */
  private static Validation validate(
      EnvoyBinary binary, String name, byte[] bootstrap, Duration limit)
      throws EnvoyException, InterruptedException {
    Path directory = null;
    try {
      directory = Files.createTempDirectory("isoline-validate-");
      Path file = Files.write(directory.resolve(name), bootstrap);
      Command.Result result =
          Command.run(
              List.of(
                  binary.path().toString(),
                  "--mode",
                  "validate",
                  "--log-level",
                  "warning",
                  "--disable-hot-restart",
                  "--config-path",
                  file.toString()),
              Map.copyOf(System.getenv()),
              directory,
              limit,
              limit,
              () -> {});
      return new Validation(result.code() == 0, result.output());
    } catch (TimeoutException e) {
      throw new EnvoyException(
          "Envoy did not finish checking the configuration within %d s"
              .formatted(limit.toSeconds()),
          e);
    } catch (IOException e) {
      throw new EnvoyException(
          "Envoy cannot be started from %s: %s".formatted(binary.path(), e.getMessage()), e);
    } finally {
      if (directory != null) {
        deleteQuietly(directory);
      }
    }
  }
}
