package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.offline.Rank;
import io.isoline.controlplane.terminal.Terminal;
import io.isoline.controlplane.terminal.Terminal.Style;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The report for a terminal: what to do first, then the tables. */
public final class TextReport {

  /**
   * So many names, and so many different words, are shown of a task; the other formats have all.
   */
  private static final int SHOWN = 3;

  private final MigrationReport report;
  private final Terminal terminal;
  private final List<String> lines = new ArrayList<>();

  private TextReport(MigrationReport report, Terminal terminal) {
    this.report = report;
    this.terminal = terminal;
  }

  public static List<String> of(MigrationReport report, Terminal terminal) {
    TextReport text = new TextReport(report, terminal);
    text.write();
    return text.lines;
  }

  private void write() {
    lines.add(Printable.line(report.headline()) + (" " + report.leftOut()).stripTrailing());
    if (!report.unread().isEmpty()) {
      heading("Not read", "What is in these is not in this report.");
      for (Finding finding : report.unread()) {
        String place = finding.place().isEmpty() ? "" : finding.place() + ": ";
        lines.add(
            "  "
                + Printable.line(place + finding.verdict().object())
                + ": "
                + Printable.line(finding.verdict().message()));
        fix(finding.verdict().fix());
      }
    }
    for (Task.Section section : Task.Section.values()) {
      List<Task> tasks = report.tasks(section);
      if (!tasks.isEmpty()) {
        heading(section.title(), section.explanation());
        tasks.forEach(this::task);
      }
    }
    if (report.tasks().isEmpty() && report.unread().isEmpty()) {
      lines.add("");
      lines.add("Nothing to look at: all of it is applied.");
    }
    table("namespace", report.namespaces());
    table("annotation or field", report.subjects());
  }

  private void heading(String title, String explanation) {
    lines.add("");
    lines.add(terminal.styled(Style.STRONG, title.toUpperCase(Locale.ROOT)) + "  " + explanation);
    lines.add("");
  }

  private void task(Task task) {
    lines.add(
        "  %s: %s: %d %s: %s"
            .formatted(
                Printable.line(task.subject()),
                terminal.styled(style(task.rank()), Tally.word(task.rank())),
                task.ingresses().size(),
                task.ingresses().size() == 1 ? "Ingress" : "Ingresses",
                names(task)));
    for (Task.Advice advice : task.advice().subList(0, Math.min(SHOWN, task.advice().size()))) {
      lines.add("      " + task.times(advice) + Printable.line(advice.message()));
      fix(advice.fix());
    }
    if (task.advice().size() > SHOWN) {
      lines.add("      and " + (task.advice().size() - SHOWN) + " more");
    }
  }

  private void fix(String fix) {
    String indent = "      fix: ";
    for (String line : Printable.lines(fix.stripTrailing()).lines().toList()) {
      lines.add(indent + line);
      indent = "           ";
    }
  }

  private static String names(Task task) {
    String first =
        task.ingresses().stream()
            .limit(SHOWN)
            .map(ObjectRef::path)
            .collect(Collectors.joining(", "));
    int more = task.ingresses().size() - SHOWN;
    return Printable.line(first) + (more > 0 ? " and " + more + " more" : "");
  }

  private void table(String title, SortedMap<String, Tally> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int width = title.length();
    for (String name : rows.keySet()) {
      width = Math.max(width, Math.min(60, Printable.line(name).length()));
    }
    StringBuilder head = new StringBuilder(pad(title, width));
    Tally.COLUMNS.forEach(rank -> head.append("  ").append(Tally.word(rank)));
    lines.add("");
    lines.add(terminal.styled(Style.STRONG, head.toString()));
    for (var row : rows.entrySet()) {
      StringBuilder line = new StringBuilder(pad(Printable.line(row.getKey()), width));
      for (Rank rank : Tally.COLUMNS) {
        int count = row.getValue().of(rank);
        line.append("  ")
            .append(" ".repeat(Math.max(0, Tally.word(rank).length() - digits(count))))
            .append(count);
      }
      lines.add(line.toString());
    }
  }

  private static int digits(int count) {
    return String.valueOf(count).length();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static Style style(Rank rank) {
    return switch (rank) {
      case OK -> Style.GOOD;
      case NOTE -> Style.FAINT;
      case DIFFERS, NO_EFFECT -> Style.WARNING;
      case REFUSED, UNPROTECTED -> Style.BAD;
    };
  }
}
