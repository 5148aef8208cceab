package io.isoline.controlplane.cli;

import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.envoy.EnvoyException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * The program {@code isoline}.
 *
 * <p>Its exit status is 0 when all is well, 1 when there are findings in what was checked, and 2
 * when the command could not do what it was asked for.
 */
public final class Main {

  static final int OK = 0;
  static final int FINDINGS = 1;
  static final int FAILURE = 2;

  private static final int HELP_WIDTH = 96;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs one command line and returns its exit status. */
  static int run(Terminal terminal, String... args) {
    return commandLine(terminal).execute(args);
  }

  static CommandLine commandLine(Terminal terminal) {
    CommandLine line = new CommandLine(new IsolineCommand(terminal));
    line.addSubcommand(new UpCommand(terminal));
    line.addSubcommand(new ServeCommand(terminal));
    line.addSubcommand(new LintCommand(terminal));
    line.addSubcommand(new TranslateCommand(terminal));
    line.addSubcommand(new BootstrapCommand(terminal));
    line.addSubcommand(new CertsCommand(terminal));
    line.addSubcommand(new DrainCommand(terminal));
    line.addSubcommand(new ConfigCommand(terminal));
    line.addSubcommand(
        new CommandLine(new MigrateCommand(terminal))
            .addSubcommand(new MigrateReportCommand(terminal))
            .addSubcommand(new MigrateConfigCommand(terminal))
            .addSubcommand(new MigrateVerifyCommand(terminal)));
    line.addSubcommand(new VersionCommand(terminal));
    line.addSubcommand(new WarmUpCommand(terminal));
    addHelp(line);
    WordConverter.register(line);
    line.addSubcommand(help());
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.colored() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setUsageHelpWidth(HELP_WIDTH);
    line.setUsageHelpAutoWidth(terminal.colored());
    line.setUsageHelpLongOptionsMaxWidth(30);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedSubcommandsAllowed(false);
    line.setParameterExceptionHandler((wrong, all) -> misused(terminal, wrong));
    line.setExecutionExceptionHandler((thrown, command, parsed) -> failed(terminal, thrown));
    return line;
  }

  private static CommandLine help() {
    CommandLine help = new CommandLine(new CommandLine.HelpCommand());
    help.getCommandSpec().usageMessage().description("Shows the help of a command.");
    return help;
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    command.getSubcommands().values().forEach(Main::addHelp);
  }

  private static int misused(Terminal terminal, CommandLine.ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    terminal.report("isoline: " + wrong.getMessage());
    StringWriter suggestions = new StringWriter();
    CommandLine.UnmatchedArgumentException.printSuggestions(
        wrong, new PrintWriter(suggestions, true));
    String text = suggestions.toString().strip();
    if (!text.isEmpty()) {
      terminal.report(text);
    }
    terminal.report("See '" + name + " --help'.");
    return FAILURE;
  }

  private static int failed(Terminal terminal, Exception thrown) {
    switch (thrown) {
      case Failure failure -> terminal.report("isoline: " + failure.getMessage());
      case EnvoyException failure -> terminal.report("isoline: " + failure.getMessage());
      case InterruptedException interrupted -> {
        terminal.report("isoline: interrupted");
        Thread.currentThread().interrupt();
      }
      default -> {
        terminal.report("isoline: this is a defect of Isoline, please report it:");
        thrown.printStackTrace(terminal.err());
        terminal.err().flush();
      }
    }
    return FAILURE;
  }
}
