package io.isoline.envoy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Ends an Envoy whose parent died without a word, as by {@code kill -9}.
 *
 * <p>A small shell waits at the end of a pipe whose other end this process holds. The system closes
 * the pipe when this process ends, however it ends; then the shell stops Envoy and removes its
 * directory. The program itself stays a direct child, with its own exit code and signals.
 */
final class Orphanage implements AutoCloseable {
  /** Arguments: Envoy's process id and its directory. */
  private static final String SCRIPT =
      """
      trap '' HUP INT
      read -r end_of_pipe
      kill -TERM "$1"
      for second in 1 2 3 4 5; do
        kill -0 "$1" || break
        sleep 1
      done
      kill -KILL "$1"
      rm -rf -- "$2"
      """;

  private final Process shell;

  private Orphanage(Process shell) {
    this.shell = shell;
  }

  static Orphanage watch(Process envoy, Path directory) throws IOException {
    Process shell =
        new ProcessBuilder(
                List.of(
                    "/bin/sh",
                    "-c",
                    SCRIPT,
                    "isoline-envoy-watch",
                    Long.toString(envoy.pid()),
                    directory.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Orphanage(shell);
  }

  /** Calls the watch off; to be done as soon as Envoy has ended, before its id is used again. */
  @Override
  public void close() {
    shell.destroyForcibly();
  }
}
