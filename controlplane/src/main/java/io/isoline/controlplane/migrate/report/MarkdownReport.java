package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The report as Markdown, for an issue or a wiki. Text of others is escaped wherever Markdown has a
 * meaning for it, and has no line breaks.
 */
public final class MarkdownReport {

  private final MigrationReport report;
  private final StringBuilder out = new StringBuilder();

  private MarkdownReport(MigrationReport report) {
    this.report = report;
  }

  /** Writes the report, with a line break at the end. */
  public static String of(MigrationReport report) {
    MarkdownReport markdown = new MarkdownReport(report);
    markdown.write();
    return markdown.out.toString();
  }

  private void write() {
    line("# From ingress-nginx to Isoline");
    line("");
    line(text(report.headline()) + (" " + text(report.leftOut())).stripTrailing());
    if (!report.unread().isEmpty()) {
      heading("Not read", "What is in these is not in this report.");
      report.unread().forEach(this::unread);
    }
    for (Task.Section section : Task.Section.values()) {
      List<Task> tasks = report.tasks(section);
      if (!tasks.isEmpty()) {
        heading(section.title(), section.explanation());
        tasks.forEach(this::task);
      }
    }
    table("Namespaces", "Namespace", report.namespaces());
    table("Annotations and fields", "Annotation or field", report.subjects());
    ingresses();
  }

  private void unread(Finding finding) {
    String place = finding.place().isEmpty() ? "" : finding.place() + ": ";
    line(
        "- %s: %s%s"
            .formatted(
                text(place + finding.verdict().object()),
                text(finding.verdict().message()),
                fix(finding.verdict().fix())));
  }

  private void task(Task task) {
    line(
        "- **%s**: %s, %d %s: %s"
            .formatted(
                text(task.subject()),
                Tally.word(task.rank()),
                task.ingresses().size(),
                task.ingresses().size() == 1 ? "Ingress" : "Ingresses",
                task.ingresses().stream()
                    .map(ObjectRef::path)
                    .map(MarkdownReport::text)
                    .collect(Collectors.joining(", "))));
    for (Task.Advice advice : task.advice()) {
      line("  - " + task.times(advice) + text(advice.message()) + fix(advice.fix()));
    }
  }

  private void table(String title, String first, SortedMap<String, Tally> rows) {
    if (rows.isEmpty()) {
      return;
    }
    heading(title, "");
    StringBuilder head = new StringBuilder("| " + first + " |");
    StringBuilder rule = new StringBuilder("|---|");
    for (var rank : Tally.COLUMNS) {
      head.append(' ').append(Tally.word(rank)).append(" |");
      rule.append("--:|");
    }
    line(head.toString());
    line(rule.toString());
    rows.forEach(
        (name, tally) -> {
          StringBuilder row = new StringBuilder("| " + text(name) + " |");
          Tally.COLUMNS.forEach(rank -> row.append(' ').append(tally.of(rank)).append(" |"));
          line(row.toString());
        });
  }

  private void ingresses() {
    if (report.ingresses().isEmpty()) {
      return;
    }
    heading("Each Ingress", "");
    report
        .ingresses()
        .forEach(
            (ref, findings) -> {
              line("- **" + text(ref.path()) + "**");
              for (Finding finding : findings) {
                line(
                    "  - %s: %s: %s%s"
                        .formatted(
                            Tally.word(finding.rank()),
                            text(
                                finding.verdict().field().isEmpty()
                                    ? finding.subject()
                                    : finding.verdict().field()),
                            text(finding.verdict().message()),
                            fix(finding.verdict().fix())));
              }
            });
  }

  private void heading(String title, String explanation) {
    line("");
    line("## " + title);
    line("");
    if (!explanation.isEmpty()) {
      line(explanation);
      line("");
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private static String fix(String fix) {
    return fix.isEmpty() ? "" : " *Do:* " + text(fix);
  }

  /** Escapes a text: it is on one line then, with nothing in it that Markdown or HTML acts on. */
  static String text(String text) {
    String line = Printable.line(text.strip().replace('\n', ' '));
    StringBuilder escaped = new StringBuilder(line.length() + 16);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '\\', '`', '*', '_', '[', ']', '(', ')', '{', '}', '#', '!', '|', '~', '$', '@' ->
            escaped.append('\\').append(c);
        // Else an address becomes a link by itself.
        case ':' -> escaped.append(line.startsWith("://", i) ? "&#58;" : ":");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
