package io.isoline.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs a short-lived program to its end and keeps what it prints, stdout and stderr together. */
final class Command {
  /** What a program that outlives its output may still hold on to. */
  private static final Duration OUTPUT_GRACE = Duration.ofSeconds(2);

  private Command() {}

  /** A program's end. */
  record Result(int code, String output) {}

  /**
   * Runs the program; its standard input is empty.
   *
   * @param environment replaces the environment of this process
   * @param directory where it runs, or null for the directory of this process
   * @param every called from the calling thread each time {@code tick} has passed
   * @throws IOException if it cannot be started
   * @throws TimeoutException if it is not done within the limit; it has been killed then
   */
  static Result run(
      List<String> command,
      Map<String, String> environment,
      @Nullable Path directory,
      Duration limit,
      Duration tick,
      Runnable every)
      throws IOException, TimeoutException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      FutureTask<String> output = new FutureTask<>(() -> text(process.getInputStream()));
      Thread.ofVirtual().start(output);
      long end = System.nanoTime() + limit.toNanos();
      while (!process.waitFor(
          Math.min(tick.toNanos(), Math.max(end - System.nanoTime(), 0)), TimeUnit.NANOSECONDS)) {
        if (System.nanoTime() - end >= 0) {
          throw new TimeoutException("no end after " + limit.toSeconds() + " s");
        }
        every.run();
      }
      return new Result(
          process.exitValue(), output.get(OUTPUT_GRACE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      throw new IOException("its output cannot be read: " + e.getCause(), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  static Result run(List<String> command, Map<String, String> environment, Duration limit)
      throws IOException, TimeoutException, InterruptedException {
    return run(command, environment, null, limit, limit, () -> {});
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The last lines of an output that say something, for an error message. */
  static String tail(String output, int lines) {
    List<String> all = output.lines().filter(line -> !line.isBlank()).toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }
}
