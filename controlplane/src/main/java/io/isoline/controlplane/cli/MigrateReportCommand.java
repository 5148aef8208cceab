package io.isoline.controlplane.cli;

import io.isoline.controlplane.migrate.JudgedIngresses;
import io.isoline.controlplane.migrate.report.HtmlReport;
import io.isoline.controlplane.migrate.report.MarkdownReport;
import io.isoline.controlplane.migrate.report.MigrationReport;
import io.isoline.controlplane.migrate.report.ReportTree;
import io.isoline.controlplane.migrate.report.TextReport;
import io.isoline.controlplane.options.IngressSourceOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.translator.Verdict;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isoline migrate report}. */
@Command(
    name = "report",
    sortOptions = false,
    customSynopsis = "isoline migrate report [OPTIONS] [[-f] PATH...]",
    parameterListHeading = "%nManifests:%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Judges all Ingresses that ingress-nginx serves as if they were Isoline's: by namespace, by"
          + " annotation, and what to do, most frequent first. Protection that would be lost comes"
          + " before everything else.",
      "",
      "Reads manifests, or a cluster, of which it changes nothing. The exit status is 1 when"
          + " something should be looked at."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline migrate report --context production",
      "  isoline migrate report --format html -f manifests/ >report.html",
      "  isoline migrate report --config isoline.yaml      with what 'migrate config' made"
    })
final class MigrateReportCommand implements Callable<Integer> {

  private final Terminal terminal;
  @Mixin private final IngressSourceOptions source = new IngressSourceOptions();

  @Option(
      names = {"-o", "--format"},
      paramLabel = "FORMAT",
      description =
          "How to print: text, json, markdown, or html (one page that needs nothing else).")
  private ReportFormat format = ReportFormat.TEXT;

  @Mixin private final FindingOptions findings = new FindingOptions();

  MigrateReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    JudgedIngresses judged = IngressReading.read(source, findings.strict(), terminal);
    MigrationReport report =
        MigrationReport.of(judged, verdict -> !findings.heeded(List.of(verdict)).isEmpty());
    switch (format) {
      case TEXT -> TextReport.of(report, terminal).forEach(terminal::print);
      case JSON -> terminal.print(Documents.json(ReportTree.of(report)));
      case MARKDOWN -> print(MarkdownReport.of(report));
      case HTML -> print(HtmlReport.of(report));
    }
    List<Verdict> verdicts = report.verdicts();
    terminal.report(FindingOptions.summary(verdicts));
    return findings.status(verdicts);
  }

  private void print(String document) {
    terminal.print(document.stripTrailing());
  }
}
