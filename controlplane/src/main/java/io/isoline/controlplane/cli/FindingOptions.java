package io.isoline.controlplane.cli;

import io.isoline.controlplane.offline.Rank;
import io.isoline.controlplane.terminal.Words;
import io.isoline.translator.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that say which findings count, and which of them make a command end with status 1.
 */
final class FindingOptions {

  /** The rank from which a finding makes a command fail. */
  enum FailOn {
    DIFFERS(Rank.DIFFERS),
    NO_EFFECT(Rank.NO_EFFECT),
    REFUSED(Rank.REFUSED),
    UNPROTECTED(Rank.UNPROTECTED),
    NEVER(null);

    private final @Nullable Rank from;

    FailOn(@Nullable Rank from) {
      this.from = from;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--strict",
      description =
          "Make it a finding, and not just a note, when a Service or Secret that an Ingress refers"
              + " to is not in the files.")
  private boolean strict;

  @Option(
      names = "--fail-on",
      paramLabel = "RANK",
      description =
          "The lowest rank of a finding that makes the exit status 1: differs (default), no-effect,"
              + " refused, unprotected, or never.")
  private FailOn failOn = FailOn.DIFFERS;

  @Option(
      names = "--ignore",
      paramLabel = "REASON",
      description =
          "Leave out what has this reason, as -o json spells it; may be given several times.")
  private List<Verdict.Reason> ignored = new ArrayList<>();

  boolean strict() {
    return strict;
  }

  /** Returns the verdicts whose reason is not ignored. */
  List<Verdict> heeded(Collection<Verdict> verdicts) {
    Set<Verdict.Reason> without = EnumSet.noneOf(Verdict.Reason.class);
    without.addAll(ignored);
    return verdicts.stream().filter(verdict -> !without.contains(verdict.reason())).toList();
  }

  /** The exit status for these verdicts. */
  int status(Collection<Verdict> heeded) {
    Rank from = failOn.from;
    return from != null
            && heeded.stream()
                .anyMatch(
                    verdict -> verdict.isFinding() && Rank.of(verdict).compareTo(from) >= 0)
        ? Main.FINDINGS
        : Main.OK;
  }

  /** {@code 3 to look at. By rank: 1 unprotected, 2 refused.} */
  static String summary(Collection<Verdict> heeded) {
    Map<Rank, Integer> counts = new EnumMap<>(Rank.class);
    int findings = 0;
    int notes = 0;
    for (Verdict verdict : heeded) {
      if (verdict.isFinding()) {
        findings++;
        counts.merge(Rank.of(verdict), 1, Integer::sum);
      } else if (Rank.of(verdict) == Rank.NOTE) {
        notes++;
      }
    }
    List<Rank> worstFirst = new ArrayList<>(counts.keySet());
    String ranks =
        worstFirst.reversed().stream()
            .map(rank -> counts.get(rank) + " " + rank.lowerCase())
            .collect(Collectors.joining(", ", " By rank: ", "."));
    return (findings == 0 ? "nothing to look at." : findings + " to look at." + ranks)
        + (notes == 0 ? "" : " " + Words.count(notes, "note") + ".");
  }
}
