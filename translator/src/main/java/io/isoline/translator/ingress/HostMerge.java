package io.isoline.translator.ingress;

import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that the Ingresses say of one host, merged: for each path the claim that won. The oldest
 * Ingress wins, and within one Ingress the first in its lists.
 *
 * @param winners the claim for each path, in the order in which Envoy must try them
 * @param fallback what gets the requests that no path matches: of the Ingresses that name the host
 *     the oldest that has a default backend, null when none has
 */
record HostMerge(SortedMap<PathMatch, Winner> winners, @Nullable Fallback fallback) {

  /** The claim that won a path. */
  record Winner(IngressReading ingress, RouteClaim claim) {}

  /** The default backend that won. */
  record Fallback(IngressReading ingress, Target target) {}

  /**
   * Merges.
   *
   * @param ingresses those that name the host, the oldest first
   */
  static HostMerge of(Host host, SortedSet<IngressReading> ingresses) {
    SortedMap<PathMatch, Winner> winners = new TreeMap<>(PathMatch.MOST_SPECIFIC_FIRST);
    Fallback fallback = null;
    for (IngressReading ingress : ingresses) {
      for (RouteClaim claim : ingress.routes()) {
        if (claim.host().equals(host)) {
          winners.putIfAbsent(claim.match(), new Winner(ingress, claim));
        }
      }
      Target target = ingress.defaultBackend();
      if (fallback == null && target != null) {
        fallback = new Fallback(ingress, target);
      }
    }
    return new HostMerge(winners, fallback);
  }

  /** Who won the path of a claim. */
  Winner winner(RouteClaim claim) {
    Winner winner = winners.get(claim.match());
    if (winner == null) {
      throw new IllegalArgumentException("not a claim on this host: " + claim);
    }
    return winner;
  }
}
