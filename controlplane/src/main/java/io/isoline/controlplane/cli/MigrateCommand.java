package io.isoline.controlplane.cli;

import io.isoline.controlplane.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code isoline migrate}, which has commands of its own. */
@Command(
    name = "migrate",
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Moves from ingress-nginx to Isoline: says what each Ingress comes to, takes its settings"
          + " over, and compares the answers of both.",
      "",
      "docs/migrate-from-ingress-nginx.md describes the whole move."
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline migrate report                          what becomes of the cluster's Ingresses",
      "  isoline migrate config -f configmap.yaml        its ConfigMap as our configuration file",
      "  isoline migrate verify --old 192.0.2.1 --new 192.0.2.2"
    })
final class MigrateCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // spec is set by picocli
  MigrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    line.usage(terminal.err(), line.getColorScheme());
    return Main.FAILURE;
  }
}
