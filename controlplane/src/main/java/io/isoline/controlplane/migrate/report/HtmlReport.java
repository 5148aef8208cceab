package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.offline.Rank;
import io.isoline.controlplane.text.Printable;
import io.isoline.translator.ObjectRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The report as one HTML page that needs nothing else, to hand around. Text of others is escaped;
 * and a policy in the page lets a browser run and load nothing but its own script and style, by
 * their hashes. Without the script all is shown, and only the filter is missing.
 */
public final class HtmlReport {

  private final MigrationReport report;
  private final StringBuilder out = new StringBuilder();

  private HtmlReport(MigrationReport report) {
    this.report = report;
  }

  /** Writes the report, with a line break at the end. */
  public static String of(MigrationReport report) {
    HtmlReport html = new HtmlReport(report);
    html.page();
    return html.out.toString();
  }

  private void page() {
    String style = resource("report.css");
    String script = resource("report.js");
    line("<!DOCTYPE html>");
    line("<html lang=\"en\">");
    line("<head>");
    line("<meta charset=\"utf-8\">");
    line(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '"
            + hash(style)
            + "'; script-src '"
            + hash(script)
            + "'; base-uri 'none'; form-action 'none'\">");
    line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    line("<title>From ingress-nginx to Isoline</title>");
    line("<style>" + style + "</style>");
    line("</head>");
    line("<body>");
    line("<h1>From ingress-nginx to Isoline</h1>");
    line("<p>" + text(report.headline()) + " " + text(report.leftOut()) + "</p>");
    counts();
    line(
        "<p class=\"filter\"><input id=\"filter\" type=\"search\" aria-label=\"Filter\""
            + " placeholder=\"Filter by namespace, name, annotation or words\">"
            + " <span id=\"shown\" role=\"status\"></span></p>");
    unread();
    for (Task.Section section : Task.Section.values()) {
      section(section);
    }
    table("Namespaces", "Namespace", report.namespaces());
    table("Annotations and fields", "Annotation or field", report.subjects());
    ingresses();
    line("<script>" + script + "</script>");
    line("</body>");
    line("</html>");
  }

  private void counts() {
    line("<ul class=\"counts\">");
    for (Rank rank : Tally.COLUMNS) {
      line("<li><b>" + report.total().of(rank) + "</b>" + Tally.word(rank) + "</li>");
    }
    line("</ul>");
  }

  private void unread() {
    if (report.unread().isEmpty()) {
      return;
    }
    line("<h2>Not read</h2>");
    line("<p>What is in these is not in this report.</p>");
    line("<ul class=\"tasks\">");
    for (Finding finding : report.unread()) {
      line("<li class=\"refused\" data-part>");
      line(
          "<p><code>%s</code> %s</p>"
              .formatted(text(finding.verdict().object().toString()), text(finding.place())));
      words(finding.verdict().message(), finding.verdict().fix());
      line("</li>");
    }
    line("</ul>");
  }

  private void section(Task.Section section) {
    List<Task> tasks = report.tasks(section);
    if (tasks.isEmpty()) {
      return;
    }
    String mark = section == Task.Section.LOST ? " class=\"lost\"" : "";
    line("<h2" + mark + ">" + section.title() + "</h2>");
    line("<p>" + section.explanation() + "</p>");
    line("<ul class=\"tasks\">");
    for (Task task : tasks) {
      int count = task.ingresses().size();
      line("<li class=\"" + style(task.rank()) + "\" data-part>");
      line(
          "<p><code>%s</code>: %s, %d %s</p>"
              .formatted(
                  text(task.subject()),
                  Tally.word(task.rank()),
                  count,
                  count == 1 ? "Ingress" : "Ingresses"));
      for (Task.Advice advice : task.advice()) {
        words(task.times(advice) + advice.message(), advice.fix());
      }
      line(
          "<p class=\"names\">"
              + task.ingresses().stream()
                  .map(ObjectRef::path)
                  .map(HtmlReport::text)
                  .collect(Collectors.joining(", "))
              + "</p>");
      line("</li>");
    }
    line("</ul>");
  }

  private void table(String title, String first, SortedMap<String, Tally> rows) {
    if (rows.isEmpty()) {
      return;
    }
    line("<h2>" + title + "</h2>");
    line("<table>");
    StringBuilder head = new StringBuilder("<tr><th scope=\"col\">" + first + "</th>");
    for (Rank rank : Tally.COLUMNS) {
      head.append("<th scope=\"col\">").append(Tally.word(rank)).append("</th>");
    }
    line(head.append("</tr>").toString());
    rows.forEach(
        (name, tally) -> {
          StringBuilder row = new StringBuilder("<tr><td>" + text(name) + "</td>");
          Tally.COLUMNS.forEach(rank -> row.append("<td>").append(tally.of(rank)).append("</td>"));
          line(row.append("</tr>").toString());
        });
    line("</table>");
  }

  private void ingresses() {
    if (report.ingresses().isEmpty()) {
      return;
    }
    line("<h2>Each Ingress</h2>");
    report
        .ingresses()
        .forEach(
            (ref, findings) -> {
              line("<details data-part>");
              long open = findings.stream().filter(each -> each.verdict().isFinding()).count();
              String toLookAt = open == 0 ? "" : ", " + open + " to look at";
              line("<summary>" + text(ref.path()) + toLookAt + "</summary>");
              line("<ul class=\"verdicts\">");
              findings.forEach(this::finding);
              line("</ul>");
              line("</details>");
            });
  }

  private void finding(Finding finding) {
    String field =
        finding.verdict().field().isEmpty() ? finding.subject() : finding.verdict().field();
    line("<li class=\"" + style(finding.rank()) + "\">");
    line("<p><code>" + text(field) + "</code>: " + Tally.word(finding.rank()) + "</p>");
    words(finding.verdict().message(), finding.verdict().fix());
    if (!finding.place().isEmpty()) {
      line("<p class=\"names\">" + text(finding.place()) + "</p>");
    }
    line("</li>");
  }

  private void words(String message, String fix) {
    line("<p>" + text(message) + "</p>");
    if (!fix.isEmpty()) {
      line("<p class=\"fix\">" + escape(Printable.lines(fix.strip())) + "</p>");
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private static String style(Rank rank) {
    return Tally.word(rank).replace(' ', '-');
  }

  /** Escapes a text: it is on one line then, with nothing in it that a browser acts on. */
  static String text(String text) {
    return escape(Printable.line(text));
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the distribution");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
