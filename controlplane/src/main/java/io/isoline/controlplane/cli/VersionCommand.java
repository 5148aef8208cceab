package io.isoline.controlplane.cli;

import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code isoline version}. */
@Command(
    name = "version",
    description = "Shows which version this is.",
    optionListHeading = "%nOptions:%n")
final class VersionCommand implements Callable<Integer> {

  private final Terminal terminal;
  @Mixin private final OutputOption output = new OutputOption();

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Version version = Version.current();
    terminal.print(
        switch (output.orElse(OutputFormat.TEXT)) {
          case TEXT -> "isoline " + version.isoline() + " (Java " + version.java() + ")";
          case YAML -> Documents.yaml(version.tree());
          case JSON -> Documents.json(version.tree());
        });
    return Main.OK;
  }
}
