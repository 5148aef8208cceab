package io.isoline.controlplane.cli;

import io.isoline.controlplane.migrate.JudgedIngresses;
import io.isoline.controlplane.migrate.verify.Comparison;
import io.isoline.controlplane.migrate.verify.ProbePlan;
import io.isoline.controlplane.migrate.verify.Target;
import io.isoline.controlplane.migrate.verify.Verification;
import io.isoline.controlplane.migrate.verify.VerifyResult;
import io.isoline.controlplane.migrate.verify.VerifyText;
import io.isoline.controlplane.migrate.verify.VerifyTree;
import io.isoline.controlplane.options.IngressSourceOptions;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.controlplane.terminal.ProgressBar;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Words;
import io.isoline.controlplane.text.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code isoline migrate verify}. */
@Command(
    name = "verify",
    sortOptions = false,
    customSynopsis = "isoline migrate verify [OPTIONS] --old ADDRESS --new ADDRESS [[-f] PATH...]",
    parameterListHeading = "%nManifests:%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Sends the requests that Ingresses ask for to a running ingress-nginx and to Isoline, and"
          + " says where the answers differ: each host and path, what is near it, and the headers"
          + " that annotations speak of; with TLS and without, by the name of the host, to the"
          + " given addresses.",
      "",
      "Compares status, Location, headers of CORS, HSTS and authentication, names of cookies, and"
          + " certificates; with --compare-header, --body-mark or --compare-body also which backend"
          + " answered. What differs is asked once more before it is told. The exit status is 0"
          + " when all is the same, and 1 when something differs."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  isoline migrate verify --old 192.0.2.1 --new 192.0.2.2 --context production",
      "  isoline migrate verify --old http://127.0.0.1:8080 --new http://127.0.0.1:9080 -f"
          + " manifests/",
      "  isoline migrate verify --old 192.0.2.1 --new 192.0.2.2 --compare-header X-App-Version"
    })
final class MigrateVerifyCommand implements Callable<Integer> {

  private static final Pattern HEADER_LINE =
      Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+:[ \t]*[!-~]([ -~]*[!-~])?");

  private final Terminal terminal;

  /** How the outcome is printed. */
  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = "--old",
      paramLabel = "ADDRESS",
      required = true,
      description = {
        "Where ingress-nginx listens: http://IP[:PORT] or https://IP[:PORT], once or both; or an"
            + " address alone, for both at ports 80 and 443."
      })
  private List<String> old = List.of();

  @Option(
      names = "--new",
      paramLabel = "ADDRESS",
      required = true,
      description = "Where Isoline's Envoys listen, in the same way.")
  private List<String> now = List.of();

  @Mixin private final IngressSourceOptions source = new IngressSourceOptions();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Only requests for this host; may be given several times.")
  private List<String> hosts = List.of();

  @Option(
      names = {"-H", "--header"},
      paramLabel = "LINE",
      description =
          "A header for each request, 'Authorization: ...' for example; may be given several"
              + " times.")
  private List<String> headers = List.of();

  @Option(
      names = "--unsafe",
      description =
          "Send POST, PUT, PATCH and DELETE without a body, too. Default: methods that change"
              + " nothing.")
  private boolean unsafe;

  @Option(
      names = "--compare-header",
      paramLabel = "NAME",
      description =
          "Compare this header of answers, too, such as one by which a backend tells who it is; may"
              + " be given several times.")
  private List<String> compareHeaders = List.of();

  @Option(
      names = "--body-mark",
      paramLabel = "REGEX",
      description =
          "Compare what this expression finds in the body, its first group if it has one; of the"
              + " first 64 KiB.")
  private @Nullable String bodyMark;

  @Option(names = "--compare-body", description = "Compare the first 64 KiB of bodies.")
  private boolean compareBody;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Requests a second to each side, 1 to 10000. Default: 20.")
  private int rate = 20;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Requests at the same time to each side, 1 to 100. Default: 4.")
  private int concurrency = 4;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long an answer may take, 1 to 600. Default: 10.")
  private int timeout = 10;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "How to print: text or json.")
  private Format format = Format.TEXT;

  MigrateVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Failure, InterruptedException {
    Target oldTarget = target("--old", old);
    Target newTarget = target("--new", now);
    ProbePlan.Choice choice =
        new ProbePlan.Choice(
            oldTarget.http() != null && newTarget.http() != null,
            oldTarget.https() != null && newTarget.https() != null,
            unsafe,
            Set.copyOf(hosts),
            headerLines());
    if (!choice.http() && !choice.https()) {
      throw new Failure("--old and --new: one is for http and the other for https; give the same");
    }
    Verification.Pace pace =
        new Verification.Pace(
            range("--rate", rate, 10_000),
            range("--concurrency", concurrency, 100),
            Duration.ofSeconds(range("--timeout", timeout, 600)));
    Comparison comparison = new Comparison(compareHeaders, bodyMark(), compareBody);
    JudgedIngresses judged = IngressReading.read(source, false, terminal);
    if (judged.ingresses().isEmpty()) {
      throw new Failure(
          "no Ingress is of ingress-nginx, so there is nothing to ask for: see --class,"
              + " --controller-name and --ingress-without-class");
    }
    VerifyResult result;
    try (ProgressBar bar = new ProgressBar(terminal)) {
      result =
          new Verification(oldTarget, newTarget, pace, comparison)
              .run(
                  judged.ingresses().values(),
                  choice,
                  (done, all, different) -> bar.show(done, all, different + " different"));
    } catch (Verification.UnreachableException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
    switch (format) {
      case TEXT -> VerifyText.of(result, judged::notes).forEach(terminal::print);
      case JSON -> terminal.print(Documents.json(VerifyTree.of(result, judged::notes)));
    }
    result.skipped().forEach(text -> terminal.report("left out: " + Printable.line(text, 300)));
    summary(result);
    return result.isSame() ? Main.OK : Main.FINDINGS;
  }

  private void summary(VerifyResult result) throws Failure {
    if (result.requests() == 0) {
      throw new Failure("no request was made: no Ingress has such a host");
    }
    terminal.report(
        "%s to each side: %s."
            .formatted(
                Words.count(result.requests(), "request"),
                result.isSame()
                    ? "all answers are the same"
                    : result.different().size() + " answered differently"));
  }

  private static Target target(String name, List<String> urls) throws Failure {
    try {
      return Target.of(name, urls);
    } catch (IllegalArgumentException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private List<String> headerLines() throws Failure {
    for (String line : headers) {
      if (!HEADER_LINE.matcher(line).matches()) {
        throw new Failure("--header: expected 'NAME: VALUE', not " + Printable.line(line, 100));
      }
    }
    return headers;
  }

  private @Nullable Pattern bodyMark() throws Failure {
    try {
      return bodyMark == null ? null : Pattern.compile(bodyMark);
    } catch (PatternSyntaxException e) {
      throw new Failure("--body-mark: no expression: " + e.getDescription(), e);
    }
  }

  private static int range(String option, int value, int most) throws Failure {
    if (value < 1 || value > most) {
      throw new Failure(
          "%s: expected a number from 1 to %d, not %d".formatted(option, most, value));
    }
    return value;
  }
}
