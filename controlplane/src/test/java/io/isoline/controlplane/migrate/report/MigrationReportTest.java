package io.isoline.controlplane.migrate.report;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.isoline.controlplane.offline.Rank;
import io.isoline.controlplane.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MigrationReportTest {

  private static final Path ROOT = Path.of("src/test/resources/migrate/report");

  private final MigrationReport report = Sample.report();

  @Test
  void tasks_protectionLost_comesFirstHoweverRare() {
    assertEquals(
        List.of(
            "auth-url UNPROTECTED 3",
            "limit-rps DIFFERS 1",
            "server-alias REFUSED 2",
            "app-root NO_EFFECT 2"),
        report.tasks().stream().limit(4).map(MigrationReportTest::words).toList());
  }

  private static String words(Task task) {
    String key = task.subject().substring(task.subject().indexOf('/') + 1);
    return key + " " + task.rank() + " " + task.ingresses().size();
  }

  @Test
  void tasks_sameKeyWithOtherWords_oneTaskWithAllWords() {
    Task alias =
        report.tasks().stream()
            .filter(task -> task.subject().endsWith("server-alias"))
            .findFirst()
            .orElseThrow();
    assertEquals(2, alias.findings());
    assertEquals(
        List.of("\"a\" is none", "\"b\" is none"),
        alias.advice().stream().map(Task.Advice::message).toList());
  }

  @Test
  void tallies_ofNamespacesAndKeys_countEveryVerdict() {
    assertEquals(3, requireNonNull(report.namespaces().get("shop")).of(Rank.UNPROTECTED));
    assertEquals(3, requireNonNull(report.namespaces().get("shop")).of(Rank.OK));
    assertEquals(
        2,
        requireNonNull(report.subjects().get("nginx.ingress.kubernetes.io/app-root"))
            .of(Rank.NO_EFFECT));
    assertEquals(3, report.total().of(Rank.REFUSED));
  }

  @Test
  void subject_ofAListElement_hasNoNumber() {
    assertTrue(report.subjects().containsKey("spec.rules[].http.paths[].path"));
  }

  @Test
  void text_isTheReviewedOne() throws IOException {
    compare("report.txt", String.join("\n", TextReport.of(report, terminal())) + "\n");
  }

  @Test
  void json_isTheReviewedOne() throws IOException {
    compare(
        "report.json",
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(ReportTree.of(report))
            + "\n");
  }

  @Test
  void markdown_isTheReviewedOne() throws IOException {
    compare("report.md", MarkdownReport.of(report));
  }

  @Test
  void html_isTheReviewedOne() throws IOException {
    compare("report.html", HtmlReport.of(report));
  }

  @Test
  void markdown_textOfOthers_beginsNoLineAndNoTag() {
    String markdown = MarkdownReport.of(report);
    assertFalse(markdown.contains("\n# heading"), markdown);
    assertFalse(markdown.contains("\n| a |"), markdown);
    assertFalse(markdown.contains("<"), markdown);
    assertFalse(markdown.contains("[c]"), markdown);
    assertFalse(markdown.contains("\u202e"), markdown);
  }

  @Test
  void text_textOfOthers_staysOnItsLine() {
    for (String line : TextReport.of(report, terminal())) {
      assertFalse(line.startsWith("# heading"), line);
      assertFalse(line.contains("\u202e"), line);
    }
  }

  private static Terminal terminal() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return new Terminal(nowhere, nowhere, false, Map.of());
  }

  private static void compare(String name, String actual) throws IOException {
    Path expected = ROOT.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(ROOT);
      Files.writeString(expected, actual);
    } else {
      assertEquals(Files.exists(expected) ? Files.readString(expected) : "", actual);
    }
  }
}
