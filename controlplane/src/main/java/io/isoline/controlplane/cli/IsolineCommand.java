package io.isoline.controlplane.cli;

import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line without a command. */
@Command(
    name = "isoline",
    description = "Serves Kubernetes Ingresses with Envoy.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline up examples/kuar       try manifests on this machine, with a real Envoy",
      "  isoline lint -f manifests/     what becomes of each object, and why",
      "  isoline COMMAND --help         more on a command",
      "",
      "Exit status: 0 all is well, 1 there are findings, 2 wrong use or failure."
    })
final class IsolineCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--version", description = "Show the version.")
  private boolean version;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // spec is set by picocli
  IsolineCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (version) {
      terminal.print("isoline " + Version.current().isoline());
      return Main.OK;
    }
    CommandLine line = spec.commandLine();
    line.usage(terminal.err(), line.getColorScheme());
    return Main.FAILURE;
  }
}
