package io.isoline.controlplane.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A terminal inside the lab: variables and background processes last from command to command. */
final class Shell implements AutoCloseable {

  private static final long LIMIT_SECONDS = 300;
  private static final String END = "-- end of the command, status ";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Shell(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  /**
   * Opens one.
   *
   * @param programs comes first on its PATH
   */
  static Shell open(Lab lab, Path directory, Path programs, Map<String, String> environment) {
    List<String> command = lab.command("exec", "bash", "--noprofile", "--norc");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put("PATH", programs + ":" + System.getenv("PATH"));
    try {
      return new Shell(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      // It has ended.
    }
  }

  /**
   * Runs a command to its end; standard input is empty.
   *
   * @throws IllegalStateException when it does not end; no other command can be run then
   */
  Output run(String command) {
    // The command ends its last line itself, if it does.
    String framed = "{ %s\n} </dev/null\nprintf '\\n%s%%s\\n' $?\n".formatted(command, END);
    try {
      OutputStream input = process.getOutputStream();
      input.write(framed.getBytes(StandardCharsets.UTF_8));
      input.flush();
      StringBuilder text = new StringBuilder();
      while (true) {
        String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
          throw new IllegalStateException(command + "\ndoes not end; it printed\n" + text);
        }
        if (line.startsWith(END)) {
          int status = Integer.parseInt(line.substring(END.length()));
          return new Output(List.of(command), status, text.toString().stripTrailing());
        }
        text.append(line).append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it and what it runs in the background. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroyForcibly();
  }
}
