package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.offline.Rank;
import io.isoline.translator.ObjectRef;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;

/**
 * Something to look at, once for all Ingresses that ask for it.
 *
 * @param subject the annotation or field
 * @param findings how many verdicts it stands for; an Ingress may have several
 * @param ingresses those that ask for it
 * @param advice what is said of it, the most frequent first
 */
record Task(
    String subject,
    Rank rank,
    Section section,
    int findings,
    SortedSet<ObjectRef> ingresses,
    List<Advice> advice) {

  /** Which part of the report it is in; protections come first. */
  enum Section {
    LOST(
        "Protection lost",
        "These ask for a protection that Isoline does not give: what it was to protect is served"
            + " without it."),
    PROTECTION(
        "Protection to look at", "These are about protection, and are not in force to the letter."),
    OTHER("To do", "The most frequent first.");

    private final String title;
    private final String explanation;

    Section(String title, String explanation) {
      this.title = title;
      this.explanation = explanation;
    }

    String title() {
      return title;
    }

    String explanation() {
      return explanation;
    }

    static Section of(Finding finding) {
      if (finding.rank() == Rank.UNPROTECTED) {
        return LOST;
      }
      return finding.protection() ? PROTECTION : OTHER;
    }
  }

  /**
   * What verdicts say, word for word.
   *
   * @param fix empty when there is nothing to do
   * @param count how many verdicts say so
   */
  record Advice(String message, String fix, int count) {}

  /** How often it is said, as the beginning of a line; empty where nothing else is said. */
  String times(Advice each) {
    if (advice.size() == 1) {
      return "";
    }
    return each.count() == 1 ? "once: " : each.count() + " times: ";
  }

  /** By section; then the most Ingresses, the worst, and the name. */
  static final Comparator<Task> ORDER =
      Comparator.comparing(Task::section)
          .thenComparingInt(task -> -task.ingresses().size())
          .thenComparing(Task::rank, Comparator.reverseOrder())
          .thenComparing(Task::subject);
}
