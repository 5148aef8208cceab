package io.isoline.controlplane.lab;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process in the network namespace of a lab, with all that it printed. */
final class LabProcess implements AutoCloseable {

  /** What the build has made of this project. */
  static final Path DISTRIBUTION = Path.of("target/dist").toAbsolutePath();

  private static final long LIMIT_SECONDS = 60;

  private final List<String> command;
  private final Process process;
  private final Thread reader;

  /** Written by the thread that reads the output. */
  @GuardedBy("itself")
  private final List<String> lines = new ArrayList<>();

  private LabProcess(List<String> command, Process process) {
    this.command = command;
    this.process = process;
    this.reader = Thread.ofPlatform().daemon().name("log").start(this::read);
  }

  static LabProcess start(Lab lab, Map<String, String> environment, List<String> command) {
    // Each program of the chain becomes the next, so that the process is that of the command.
    List<String> all = lab.command("exec");
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new LabProcess(command, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      // The end of a process that was killed.
    }
  }

  /** What it printed so far, standard output and standard error as one. */
  List<String> log() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** The first line that is meant, once there is one. */
  String awaitLine(Predicate<String> meant) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      // The reader ends after the process, with all that it said.
      boolean last = !reader.isAlive() || System.nanoTime() - end >= 0;
      Optional<String> found = log().stream().filter(meant).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      if (last) {
        throw new AssertionError("not said by " + this);
      }
      pause();
    }
  }

  String awaitLine(String part) {
    return awaitLine(line -> line.contains(part));
  }

  private void pause() {
    try {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM. Unlike {@link Process#destroy} it leaves open what the process still has to say. */
  void terminate() {
    signal("TERM");
  }

  /** SIGKILL, and its end. */
  void kill() {
    process.destroyForcibly();
    exitStatus();
  }

  /** SIGSTOP. */
  void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    Output.of(List.of("kill", "-" + name, Long.toString(process.pid())), "").orThrow();
  }

  /** Waits for its end. */
  int exitStatus() {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("does not end: " + this);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** For messages: what it is and the last of what it said. */
  @Override
  public String toString() {
    List<String> log = log();
    return "%s (%s), whose last lines are%n%s"
        .formatted(
            Path.of(command.getFirst()).getFileName(),
            process.isAlive() ? "running" : "ended with " + process.exitValue(),
            String.join("\n", log.subList(Math.max(0, log.size() - 60), log.size())));
  }
}
