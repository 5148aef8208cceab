package io.isoline.controlplane.cli;

import io.isoline.controlplane.offline.GithubReport;
import io.isoline.controlplane.offline.OfflineTranslation;
import io.isoline.controlplane.offline.Rank;
import io.isoline.controlplane.offline.SarifReport;
import io.isoline.controlplane.offline.VerdictReport;
import io.isoline.controlplane.options.ManifestOptions;
import io.isoline.controlplane.options.SettingsOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Words;
import io.isoline.translator.Verdict;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isoline lint}. */
@Command(
    name = "lint",
    sortOptions = false,
    customSynopsis = "isoline lint [OPTIONS] [-f] PATH...",
    parameterListHeading = "%nManifests:%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Says what becomes of each object in manifests, and of each field that asks for something:"
          + " where it is, whether it is applied, why not, and what to do.",
      "",
      "Needs no cluster and no Envoy. The exit status is 1 when something should be looked at, and 2"
          + " when the command could not do its work."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline lint -f manifests/",
      "  isoline lint --quiet -f a.yaml -f b.yaml        only what should be looked at",
      "  helm template my-chart | isoline lint -o json -f -",
      "  isoline lint -o sarif --fail-on unprotected -f manifests/ >isoline.sarif"
    })
final class LintCommand implements Callable<Integer> {

  private final Terminal terminal;
  @Mixin private final ManifestOptions files = new ManifestOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "How to print: text, yaml, json, sarif (for code scanning), or github (annotations of a"
              + " workflow).")
  private LintFormat output = LintFormat.TEXT;

  @Option(
      names = {"-q", "--quiet"},
      description = "Leave out what is in order.")
  private boolean quiet;

  @Mixin private final FindingOptions findings = new FindingOptions();

  @ArgGroup(validate = false, heading = "%nWhat the operator chooses:%n")
  private final SettingsOptions settings = new SettingsOptions();

  LintCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure {
    OfflineTranslation translation =
        OfflineTranslation.of(
            files.paths(), settings, findings.strict(), Clock.systemUTC(), terminal);
    VerdictReport report = new VerdictReport(terminal, translation.manifests().sources());
    List<Verdict> heeded = report.sorted(findings.heeded(translation.verdicts()));
    List<Verdict> toLookAt = heeded.stream().filter(Verdict::isFinding).toList();
    List<Verdict> shown = quiet ? toLookAt : heeded;
    switch (output) {
      case TEXT -> {
        shown.forEach(verdict -> report.lines(verdict).forEach(terminal::print));
        terminal.report(summary(translation, heeded));
      }
      case YAML -> terminal.print(Documents.yaml(tree(translation, report, toLookAt, shown)));
      case JSON -> terminal.print(Documents.json(tree(translation, report, toLookAt, shown)));
      case SARIF ->
          terminal.print(
              Documents.json(
                  new SarifReport(translation.manifests().sources()).tree(worthTelling(shown))));
      case GITHUB -> {
        GithubReport github = new GithubReport(translation.manifests().sources());
        worthTelling(shown).forEach(verdict -> terminal.print(github.line(verdict)));
        terminal.report(summary(translation, heeded));
      }
    }
    return findings.status(heeded);
  }

  /** Findings and notes: what is in order is no result of a check. */
  private static List<Verdict> worthTelling(List<Verdict> verdicts) {
    return verdicts.stream()
        .filter(verdict -> verdict.isFinding() || Rank.of(verdict) == Rank.NOTE)
        .toList();
  }

  private static String summary(OfflineTranslation translation, List<Verdict> heeded) {
    String classes =
        translation.withoutClass()
            ? " Ingresses without a class count as ours, as the files hold no IngressClass"
                + " (--no-ingress-without-class changes that)."
            : "";
    return Words.count(translation.manifests().objects().size(), "object")
        + ", "
        + FindingOptions.summary(heeded)
        + classes;
  }

  private static Map<String, Object> tree(
      OfflineTranslation translation,
      VerdictReport report,
      List<Verdict> toLookAt,
      List<Verdict> shown) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("objects", translation.manifests().objects().size());
    tree.put("findings", toLookAt.size());
    tree.put("verdicts", shown.stream().map(report::tree).toList());
    return tree;
  }
}
