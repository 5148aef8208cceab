package io.isoline.controlplane.migrate.report;

import io.isoline.controlplane.offline.Rank;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many verdicts there are of each rank. */
final class Tally {

  /** The ranks as columns, the best first; what is only worth to know counts as applied. */
  static final List<Rank> COLUMNS =
      List.of(Rank.OK, Rank.DIFFERS, Rank.NO_EFFECT, Rank.REFUSED, Rank.UNPROTECTED);

  private final Map<Rank, Integer> counts = new EnumMap<>(Rank.class);

  void add(Rank rank) {
    counts.merge(rank == Rank.NOTE ? Rank.OK : rank, 1, Integer::sum);
  }

  int of(Rank rank) {
    return counts.getOrDefault(rank, 0);
  }

  /** The rank as readers of the report know it. */
  static String word(Rank rank) {
    return switch (rank) {
      case OK, NOTE -> "applied";
      case DIFFERS -> "differs";
      case NO_EFFECT -> "no effect";
      case REFUSED -> "refused";
      case UNPROTECTED -> "unprotected";
    };
  }
}
