package io.isoline.controlplane.offline;

import io.isoline.controlplane.manifest.Position;
import io.isoline.controlplane.manifest.SourceMap;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.Verdict;

/**
 * Verdicts as workflow commands of GitHub Actions, a line each.
 *
 * @see <a
 *     href="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands">Workflow
 *     commands</a>
 */
public final class GithubReport {

  private final SourceMap sources;

  public GithubReport(SourceMap sources) {
    this.sources = sources;
  }

  public String line(Verdict verdict) {
    StringBuilder line = new StringBuilder("::").append(level(verdict)).append(' ');
    Position position = sources.locate(verdict);
    if (position != null) {
      line.append("file=")
          .append(property(position.file()))
          .append(",line=")
          .append(position.line())
          .append(",col=")
          .append(position.column())
          .append(',');
    }
    return line.append("title=")
        .append(property(verdict.reason().name()))
        .append("::")
        .append(data(Printable.lines(VerdictReport.sentence(verdict))))
        .toString();
  }

  private static String level(Verdict verdict) {
    return switch (Rank.of(verdict)) {
      case UNPROTECTED, REFUSED -> "error";
      case NO_EFFECT, DIFFERS -> "warning";
      case NOTE, OK -> "notice";
    };
  }

  /** A line break would begin a command of its own. */
  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
