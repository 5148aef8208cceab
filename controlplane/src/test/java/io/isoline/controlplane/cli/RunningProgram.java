package io.isoline.controlplane.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The distribution as a process of its own. */
final class RunningProgram implements AutoCloseable {

  static final Path PROGRAM = Path.of("target/dist/bin/isoline").toAbsolutePath();

  private static final long LIMIT_SECONDS = 120;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  /** Standard output and standard error come as one. */
  static RunningProgram start(Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new RunningProgram(builder.start());
  }

  private RunningProgram(Process process) {
    this.process = process;
    InputStream output = process.getInputStream();
    Thread.ofVirtual()
        .start(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** The next line that is meant; all before it is passed over. */
  String await(Predicate<String> meant) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      String line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new AssertionError("not said: the program said only\n" + String.join("\n", seen));
      }
      seen.add(line);
      if (meant.test(line)) {
        return line;
      }
    }
  }

  String await(String part) throws InterruptedException {
    return await(line -> line.contains(part));
  }

  /** Waits for the end; what was printed and not asked for is among the lines seen. */
  int exitStatus() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("does not end; it said\n" + String.join("\n", seen));
    }
    return process.exitValue();
  }

  /** SIGTERM. */
  void terminate() {
    // Not that of the process itself, which closes its output as well.
    process.toHandle().destroy();
  }

  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
