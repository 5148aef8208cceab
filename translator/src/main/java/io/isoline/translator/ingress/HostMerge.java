package io.isoline.translator.ingress;

import io.isoline.translator.annotation.HostWishes.Wish;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that the Ingresses say of one host, merged: for each path the claim that won. The oldest
 * Ingress wins, and within one Ingress the first in its lists.
 *
 * @param winners the claim for each path, in the order in which Envoy must try them
 * @param fallback what gets the requests that no path matches: of the Ingresses that name the host
 *     and may decide that, the oldest that has a default backend; null when none has
 * @param root where requests for / are sent before anything else: of those that may decide that, as
 *     the oldest asks that asks for it; null for nowhere
 * @param oldest who decides what holds for the host as a whole
 * @param hasTlsSection whether an Ingress that may decide for the host has entries in {@code spec.tls}
 */
record HostMerge(
    SortedMap<PathMatch, Winner> winners,
    @Nullable Fallback fallback,
    @Nullable Root root,
    IngressReading oldest,
    boolean hasTlsSection) {

  /** The claim that won a path. */
  record Winner(Claimant ingress, Policy policy, RouteClaim claim) {}

  /** Where requests for / are sent, and who asks for it. */
  record Root(Claimant ingress, Wish<String> wish) {}

  /** The default backend that won. */
  record Fallback(Claimant ingress, Policy policy, Target target) {}

  /**
   * Merges.
   *
   * @param ingresses those that name the host, the oldest first
   * @param mayRoute whether the paths of a namespace count
   * @param mayFallBack whether the default backends of a namespace count
   * @return null when nothing counts
   */
  static @Nullable HostMerge of(
      Host host,
      Collection<IngressReading> ingresses,
      Predicate<String> mayRoute,
      Predicate<String> mayFallBack) {
    SortedMap<PathMatch, Winner> winners = new TreeMap<>(PathMatch.MOST_SPECIFIC_FIRST);
    Fallback fallback = null;
    Root root = null;
    IngressReading oldest = null;
    boolean hasTlsSection = false;
    for (IngressReading ingress : ingresses) {
      if (!mayRoute.test(ingress.namespace())) {
        continue;
      }
      oldest = oldest == null ? ingress : oldest;
      hasTlsSection |= ingress.hasTlsSection() && mayFallBack.test(ingress.namespace());
      for (RouteClaim claim : ingress.routes(host)) {
        winners.putIfAbsent(claim.match(), new Winner(ingress.claimant(), ingress.policy(), claim));
      }
      Wish<String> wish = ingress.policy().ofHosts().root();
      if (root == null && wish != null && mayFallBack.test(ingress.namespace())) {
        root = new Root(ingress.claimant(), wish);
      }
      Target target = ingress.defaultBackend();
      if (fallback == null && target != null && mayFallBack.test(ingress.namespace())) {
        fallback = new Fallback(ingress.claimant(), ingress.policy(), target);
      }
    }
    return oldest == null ? null : new HostMerge(winners, fallback, root, oldest, hasTlsSection);
  }

  /** Who won the path of a claim; null when the claim does not count. */
  @Nullable Winner winner(RouteClaim claim) {
    return winners.get(claim.match());
  }
}
