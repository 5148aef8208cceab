package io.isoline.controlplane.cli;

import io.isoline.controlplane.migrate.config.Conversion;
import io.isoline.controlplane.migrate.config.KeyVerdict;
import io.isoline.controlplane.migrate.config.KeyVerdict.Outcome;
import io.isoline.controlplane.options.ManifestOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Terminal.Style;
import io.isoline.controlplane.terminal.Words;
import io.isoline.controlplane.text.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code isoline migrate config}. */
@Command(
    name = "config",
    sortOptions = false,
    customSynopsis = "isoline migrate config [OPTIONS] [-f] FILE...",
    parameterListHeading = "%nFiles:%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Turns the ConfigMap of ingress-nginx into our configuration file, which goes to standard"
          + " output, and says what becomes of each of its keys, on standard error.",
      "",
      "Takes the ConfigMap as kubectl prints it, with those of tcp-services, udp-services and"
          + " headers if there are any, or the values of the Helm chart. The exit status is 1 when"
          + " something should be looked at."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kubectl -n ingress-nginx get configmap ingress-nginx-controller -o yaml |",
      "    isoline migrate config -f - >isoline.yaml",
      "  isoline config --check --config isoline.yaml"
    })
final class MigrateConfigCommand implements Callable<Integer> {

  private final Terminal terminal;

  /** How the outcome is printed. */
  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      arity = "1..*",
      description = "A file with the ConfigMap; - is standard input. May be given several times.")
  private List<Path> files = List.of();

  @Parameters(paramLabel = "FILE", arity = "0..*", description = "The same as after -f.")
  private List<Path> more = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "How to print: text, or json (settings and verdicts in one document).")
  private Format format = Format.TEXT;

  @Option(
      names = "--defaults",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = {
        "Also write the defaults of ingress-nginx that differ from Isoline's: HSTS, redirects to"
            + " HTTPS, 1 MiB for bodies. Default: yes."
      })
  private boolean defaults;

  MigrateConfigCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure {
    List<Path> paths = new ArrayList<>(files);
    paths.addAll(more);
    if (paths.isEmpty()) {
      throw new Failure(
          "name the file with the ConfigMap of ingress-nginx, or - for standard input");
    }
    ManifestOptions.requireExisting(paths);
    Conversion conversion;
    try {
      conversion = Conversion.of(paths, System.in, defaults);
    } catch (Conversion.RefusedException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
    long findings =
        conversion.verdicts().stream().filter(each -> each.outcome().isFinding()).count();
    switch (format) {
      case TEXT -> {
        terminal.print(conversion.file().stripTrailing());
        conversion.verdicts().forEach(this::report);
        terminal.report(
            "%s, %s to look at."
                .formatted(Words.count(conversion.verdicts().size(), "key"), findings));
      }
      case JSON -> terminal.print(Documents.json(tree(conversion)));
    }
    return findings == 0 ? Main.OK : Main.FINDINGS;
  }

  private void report(KeyVerdict verdict) {
    terminal.report(
        "%s: %s: %s: %s"
            .formatted(
                Printable.line(verdict.place()),
                terminal.styled(style(verdict.outcome()), verdict.outcome().word()),
                Printable.line(verdict.key(), 100),
                Printable.line(verdict.message(), 500)));
    if (!verdict.fix().isEmpty()) {
      terminal.report("    fix: " + Printable.line(verdict.fix(), 500));
    }
  }

  private static Style style(Outcome outcome) {
    return switch (outcome) {
      case PROTECTION_LOST, UNKNOWN, INVALID -> Style.BAD;
      case NO_COUNTERPART, DIFFERS -> Style.WARNING;
      case TAKEN_OVER, ALREADY_SO -> Style.GOOD;
      case NOT_NEEDED -> Style.FAINT;
    };
  }

  private static Map<String, Object> tree(Conversion conversion) {
    List<Object> verdicts = new ArrayList<>();
    for (KeyVerdict verdict : conversion.verdicts()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("configMap", verdict.configMap());
      entry.put("key", verdict.key());
      entry.put("value", verdict.value());
      entry.put("place", verdict.place());
      entry.put("outcome", verdict.outcome().word().toLowerCase(java.util.Locale.ROOT));
      entry.put("finding", verdict.outcome().isFinding());
      entry.put("message", verdict.message());
      entry.put("fix", verdict.fix());
      verdicts.add(entry);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("file", conversion.file());
    tree.put("settings", conversion.settings());
    tree.put("verdicts", verdicts);
    return tree;
  }
}
