package io.isoline.controlplane.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a command printed, standard output and standard error as one, and its exit status.
 *
 * @param text without the end of the last line
 */
record Output(List<String> command, int status, String text) {

  /** Long, as it is only reached when something hangs. */
  private static final long LIMIT_SECONDS = 180;

  /** Runs a command to its end, with this on its standard input. */
  static Output of(List<String> command, String input) {
    return of(new ProcessBuilder(command), input, LIMIT_SECONDS);
  }

  static Output of(ProcessBuilder builder, String input, long limitSeconds) {
    try {
      Process process = builder.redirectErrorStream(true).start();
      // For commands that are still there at the end of their time.
      Thread limit =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                      }
                    } catch (InterruptedException e) {
                      // It has ended.
                    }
                  });
      try (OutputStream sink = process.getOutputStream()) {
        sink.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It does not read its input; its output says why.
      }
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      limit.interrupt();
      return new Output(List.copyOf(builder.command()), status, text.stripTrailing());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String orThrow() {
    if (status != 0) {
      throw new AssertionError(
          "%s%nended with status %d:%n%s".formatted(String.join(" ", command), status, text));
    }
    return text;
  }
}
