package io.isoline.controlplane.migrate.report;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * The report for programs: a tree of maps, lists and plain values. Text is as its authors wrote it.
 */
public final class ReportTree {

  private ReportTree() {}

  public static Map<String, Object> of(MigrationReport report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", report.source());
    tree.put("ingresses", report.ingresses().size());
    tree.put("ofOtherClasses", report.others());
    tree.put("total", counts(report.total()));
    tree.put("tasks", report.tasks().stream().map(ReportTree::task).toList());
    tree.put("namespaces", rows("namespace", report.namespaces()));
    tree.put("subjects", rows("subject", report.subjects()));
    List<Object> entries = new ArrayList<>();
    report
        .ingresses()
        .forEach(
            (ref, findings) -> {
              Map<String, Object> entry = new LinkedHashMap<>();
              entry.put("namespace", ref.namespace());
              entry.put("name", ref.name());
              entry.put("verdicts", findings.stream().map(ReportTree::finding).toList());
              entries.add(entry);
            });
    tree.put("verdicts", entries);
    tree.put(
        "notRead",
        report.unread().stream()
            .map(
                finding -> {
                  Map<String, Object> entry = new LinkedHashMap<>();
                  entry.put("object", finding.verdict().object().toString());
                  entry.putAll(finding(finding));
                  return entry;
                })
            .toList());
    return tree;
  }

  private static Map<String, Object> counts(Tally tally) {
    Map<String, Object> counts = new LinkedHashMap<>();
    Tally.COLUMNS.forEach(rank -> counts.put(camelCase(Tally.word(rank)), tally.of(rank)));
    return counts;
  }

  private static List<Object> rows(String name, SortedMap<String, Tally> tallies) {
    List<Object> rows = new ArrayList<>();
    tallies.forEach(
        (key, tally) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put(name, key);
          row.putAll(counts(tally));
          rows.add(row);
        });
    return rows;
  }

  private static Map<String, Object> task(Task task) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("subject", task.subject());
    tree.put("rank", camelCase(Tally.word(task.rank())));
    tree.put("protection", task.section() != Task.Section.OTHER);
    tree.put("findings", task.findings());
    tree.put("ingresses", task.ingresses().stream().map(ObjectRef::path).toList());
    List<Object> advice = new ArrayList<>();
    for (Task.Advice each : task.advice()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("message", each.message());
      entry.put("fix", each.fix());
      entry.put("count", each.count());
      advice.add(entry);
    }
    tree.put("advice", advice);
    return tree;
  }

  private static Map<String, Object> finding(Finding finding) {
    Verdict verdict = finding.verdict();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("field", verdict.field());
    tree.put("rank", camelCase(Tally.word(finding.rank())));
    tree.put("reason", verdict.reason().name());
    tree.put("finding", verdict.isFinding());
    tree.put("message", verdict.message());
    tree.put("fix", verdict.fix());
    if (!finding.place().isEmpty()) {
      tree.put("place", finding.place());
    }
    return tree;
  }

  private static String camelCase(String words) {
    int blank = words.indexOf(' ');
    return blank < 0
        ? words
        : words.substring(0, blank)
            + words.substring(blank + 1, blank + 2).toUpperCase(Locale.ROOT)
            + words.substring(blank + 2);
  }
}
