package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.manifest.Position;
import io.isoline.controlplane.migrate.JudgedIngresses;
import io.isoline.controlplane.offline.Rank;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a move of Ingresses from ingress-nginx to Isoline comes to. It knows no annotation: all that
 * it says of one is in the verdicts.
 *
 * @param source where the Ingresses come from
 * @param others how many Ingresses are of other classes, and left out
 * @param total of all verdicts
 * @param namespaces the verdicts of each namespace
 * @param subjects the verdicts of each annotation and field
 * @param tasks what to look at, in the order of importance
 * @param ingresses the verdicts of each Ingress, in the order of their fields
 * @param unread what could not be read
 */
public record MigrationReport(
    String source,
    int others,
    Tally total,
    SortedMap<String, Tally> namespaces,
    SortedMap<String, Tally> subjects,
    List<Task> tasks,
    SortedMap<ObjectRef, List<Finding>> ingresses,
    List<Finding> unread) {

  /** What equal verdicts have in common. */
  private record Key(String subject, Task.Section section, Reason reason, Rank rank) {}

  /**
   * Counts the verdicts.
   *
   * @param heeded which verdicts count
   */
  public static MigrationReport of(JudgedIngresses judged, Predicate<Verdict> heeded) {
    Tally total = new Tally();
    SortedMap<String, Tally> namespaces = new TreeMap<>();
    SortedMap<String, Tally> subjects = new TreeMap<>();
    SortedMap<ObjectRef, List<Finding>> ingresses = new TreeMap<>();
    Map<Key, List<Finding>> equal = new LinkedHashMap<>();
    for (ObjectRef ref : judged.ingresses().keySet()) {
      List<Finding> findings = new ArrayList<>();
      for (Verdict verdict : judged.verdicts().getOrDefault(ref, List.of())) {
        if (!heeded.test(verdict)) {
          continue;
        }
        Finding finding = Finding.of(verdict, place(judged, verdict));
        findings.add(finding);
        total.add(finding.rank());
        namespaces.computeIfAbsent(ref.namespace(), name -> new Tally()).add(finding.rank());
        subjects.computeIfAbsent(finding.subject(), name -> new Tally()).add(finding.rank());
        if (verdict.isFinding()) {
          Key key =
              new Key(
                  finding.subject(), Task.Section.of(finding), verdict.reason(), finding.rank());
          equal.computeIfAbsent(key, any -> new ArrayList<>()).add(finding);
        }
      }
      ingresses.put(ref, List.copyOf(findings));
    }
    List<Finding> unread =
        judged.unread().stream()
            .filter(heeded)
            .map(verdict -> Finding.of(verdict, place(judged, verdict)))
            .toList();
    return new MigrationReport(
        judged.source(),
        judged.others(),
        total,
        namespaces,
        subjects,
        equal.values().stream().map(MigrationReport::task).sorted(Task.ORDER).toList(),
        ingresses,
        unread);
  }

  private static String place(JudgedIngresses judged, Verdict verdict) {
    Position position = judged.places() == null ? null : judged.places().locate(verdict);
    return position == null ? "" : position.toString();
  }

  private static Task task(List<Finding> equal) {
    TreeSet<ObjectRef> ingresses = new TreeSet<>();
    Map<Task.Advice, Integer> said = new LinkedHashMap<>();
    for (Finding finding : equal) {
      Verdict verdict = finding.verdict();
      ingresses.add(verdict.object());
      said.merge(new Task.Advice(verdict.message(), verdict.fix(), 0), 1, Integer::sum);
    }
    List<Task.Advice> advice = new ArrayList<>();
    said.forEach((each, count) -> advice.add(new Task.Advice(each.message(), each.fix(), count)));
    advice.sort(Comparator.comparingInt((Task.Advice each) -> -each.count()));
    Finding first = equal.getFirst();
    return new Task(
        first.subject(),
        first.rank(),
        Task.Section.of(first),
        equal.size(),
        ingresses,
        List.copyOf(advice));
  }

  /** All verdicts that count. */
  public List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    ingresses.values().forEach(of -> of.forEach(finding -> verdicts.add(finding.verdict())));
    unread.forEach(finding -> verdicts.add(finding.verdict()));
    return verdicts;
  }

  List<Task> tasks(Task.Section section) {
    return tasks.stream().filter(task -> task.section() == section).toList();
  }

  /** {@code 12 Ingresses in 3 namespaces, from files.} */
  String headline() {
    return "%d %s of ingress-nginx in %d %s, from %s."
        .formatted(
            ingresses.size(),
            ingresses.size() == 1 ? "Ingress" : "Ingresses",
            namespaces.size(),
            namespaces.size() == 1 ? "namespace" : "namespaces",
            source);
  }

  /** What the headline leaves out; empty for nothing. */
  String leftOut() {
    return switch (others) {
      case 0 -> "";
      case 1 -> "1 Ingress of another class is left out.";
      default -> others + " Ingresses of other classes are left out.";
    };
  }
}
