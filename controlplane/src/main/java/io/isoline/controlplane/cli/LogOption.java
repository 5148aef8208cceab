package io.isoline.controlplane.cli;

import io.isoline.controlplane.terminal.Logging;
import io.isoline.controlplane.terminal.Logging.LogLevel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --log-level} of the commands that run on. */
final class LogOption {

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info or debug.")
  private @Nullable LogLevel level;

  void configure(LogLevel usual) {
    Logging.configure(level == null ? usual : level);
  }
}
