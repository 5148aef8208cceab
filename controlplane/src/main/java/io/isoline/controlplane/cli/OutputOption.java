package io.isoline.controlplane.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code -o} of every command that prints data. */
final class OutputOption {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "How to print: text, yaml or json.")
  private @Nullable OutputFormat output;

  OutputFormat orElse(OutputFormat usual) {
    return output == null ? usual : output;
  }
}
