package io.isoline.controlplane.cli;

import io.isoline.translator.Verdict;
import java.time.Clock;
import java.util.ArrayList;
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
      "Needs no cluster and no Envoy. The exit status is 1 when something should be looked at."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline lint -f manifests/",
      "  isoline lint --quiet -f a.yaml -f b.yaml        only what should be looked at",
      "  helm template my-chart | isoline lint -o json -f -"
    })
final class LintCommand implements Callable<Integer> {

  private final Terminal terminal;
  @Mixin private final ManifestOptions files = new ManifestOptions();
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = {"-q", "--quiet"},
      description = "Leave out what is in order.")
  private boolean quiet;

  @ArgGroup(validate = false, heading = "%nWhat the operator chooses:%n")
  private final SettingsOptions settings = new SettingsOptions();

  LintCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure {
    OfflineTranslation translation =
        OfflineTranslation.of(files.paths(), settings, Clock.systemUTC(), terminal);
    VerdictReport report = new VerdictReport(terminal, translation.manifests().sources());
    List<Verdict> shown = new ArrayList<>();
    for (Verdict verdict : report.sorted(translation.verdicts())) {
      if (!quiet || verdict.isFinding()) {
        shown.add(verdict);
      }
    }
    switch (output.orElse(OutputFormat.TEXT)) {
      case TEXT -> {
        shown.forEach(verdict -> report.lines(verdict).forEach(terminal::print));
        terminal.report(summary(translation));
      }
      case YAML -> terminal.print(Documents.yaml(tree(translation, report, shown)));
      case JSON -> terminal.print(Documents.json(tree(translation, report, shown)));
    }
    return translation.hasFindings() ? Main.FINDINGS : Main.OK;
  }

  private static String summary(OfflineTranslation translation) {
    long findings = translation.verdicts().stream().filter(Verdict::isFinding).count();
    String objects = Words.count(translation.manifests().objects().size(), "object");
    String said = findings == 0 ? "nothing to look at" : findings + " to look at";
    String classes =
        translation.withoutClass()
            ? " Ingresses without a class count as ours, as the files hold no IngressClass"
                + " (--no-ingress-without-class changes that)."
            : "";
    return objects + ", " + said + "." + classes;
  }

  private static Map<String, Object> tree(
      OfflineTranslation translation, VerdictReport report, List<Verdict> shown) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("objects", translation.manifests().objects().size());
    tree.put("findings", translation.verdicts().stream().filter(Verdict::isFinding).count());
    tree.put("verdicts", shown.stream().map(report::tree).toList());
    return tree;
  }
}
