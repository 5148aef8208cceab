package io.isoline.controlplane.cli;

import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.translator.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code isoline config}. */
@Command(
    name = "config",
    sortOptions = false,
    customSynopsis = "isoline config [OPTIONS]",
    description = {
      "Prints the configuration file that has the effect of these options: without any, all the"
          + " defaults, each with a comment.",
      "",
      "With --config it checks a file, and prints it complete."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline config >isoline.yaml                  a file to start from",
      "  isoline config --check --config isoline.yaml  is it right?"
    })
final class ConfigCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--check", description = "Print nothing when all is well.")
  private boolean check;

  @ArgGroup(validate = false, heading = "%nWhat the operator chooses:%n")
  private final SettingsOptions options = new SettingsOptions();

  ConfigCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure {
    Settings settings = options.read().settings();
    if (!check) {
      terminal.out().print(ConfigurationFile.print(settings));
      terminal.out().flush();
    }
    return Main.OK;
  }
}
