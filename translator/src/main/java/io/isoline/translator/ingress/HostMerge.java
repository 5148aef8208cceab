package io.isoline.translator.ingress;

import io.isoline.translator.annotation.HostWishes.Wish;
import io.isoline.translator.annotation.PathPolicy;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.settings.Profile;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * @param expressive by namespace, the Ingress that makes its paths expressions: of those whose paths
 *     count, the oldest that asks for it
 * @param literal where namespaces share a host of which paths are expressions, the claims that won
 *     by the paths as they are taken literally; else empty
 * @param backendTls by namespace, how its Ingresses that are served as ingress-nginx does it want TLS
 *     spoken to their backends, the oldest first, of those that name a Secret for it
 * @param paths which spellings of slashes requests can have
 */
record HostMerge(
    SortedMap<PathMatch, Winner> winners,
    @Nullable Fallback fallback,
    @Nullable Root root,
    IngressReading oldest,
    boolean hasTlsSection,
    Map<String, Claimant> expressive,
    Map<PathMatch, Winner> literal,
    Map<String, Set<BackendTls>> backendTls,
    HttpOptions.Paths paths) {

  /** The claim that won a path. */
  record Winner(Claimant ingress, Profile profile, Policy policy, RouteClaim claim) {}

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
   * @param paths which spellings of slashes requests can have
   * @return null when nothing counts
   */
  static @Nullable HostMerge of(
      Host host,
      Collection<IngressReading> ingresses,
      Predicate<String> mayRoute,
      Predicate<String> mayFallBack,
      HttpOptions.Paths paths) {
    List<IngressReading> counting =
        ingresses.stream().filter(ingress -> mayRoute.test(ingress.namespace())).toList();
    if (counting.isEmpty()) {
      return null;
    }
    Fallback fallback = null;
    Root root = null;
    boolean hasTlsSection = false;
    for (IngressReading ingress : counting) {
      boolean decides = mayFallBack.test(ingress.namespace());
      hasTlsSection |= ingress.hasTlsSection() && decides;
      Wish<String> wish = ingress.policy().ofHosts().root();
      if (root == null && wish != null && decides) {
        root = new Root(ingress.claimant(), wish);
      }
      Target target = ingress.defaultBackend();
      if (fallback == null && target != null && decides) {
        fallback = new Fallback(ingress.claimant(), ingress.policy(), target);
      }
    }
    Map<String, Claimant> expressive = expressive(host, counting);
    boolean shared =
        !expressive.isEmpty()
            && counting.stream().map(IngressReading::namespace).distinct().count() > 1;
    HostMerge merge =
        new HostMerge(
            new TreeMap<>(
                shared
                    ? PathOrder.BY_LITERAL
                    : expressive.isEmpty() ? PathMatch.MOST_SPECIFIC_FIRST : PathOrder.BY_TEXT),
            fallback,
            root,
            counting.getFirst(),
            hasTlsSection,
            expressive,
            shared ? new HashMap<>() : Map.of(),
            backendTls(counting),
            paths);
    for (IngressReading ingress : counting) {
      for (RouteClaim claim : ingress.routes(host)) {
        merge.enter(new Winner(ingress.claimant(), ingress.profile(), ingress.policy(), claim), shared);
      }
    }
    return merge;
  }

  /** By namespace, who makes its paths expressions. */
  private static Map<String, Claimant> expressive(Host host, List<IngressReading> ingresses) {
    Map<String, Claimant> expressive = new TreeMap<>();
    for (IngressReading ingress : ingresses) {
      PathPolicy policy = ingress.policy().paths();
      if (!policy.equals(PathPolicy.NONE)
          && ingress.routes(host).stream()
              .anyMatch(claim -> policy.makesExpressions(claim.path()))) {
        expressive.putIfAbsent(ingress.namespace(), ingress.claimant());
      }
    }
    return expressive;
  }

  private static Map<String, Set<BackendTls>> backendTls(List<IngressReading> ingresses) {
    Map<String, Set<BackendTls>> backendTls = new TreeMap<>();
    for (IngressReading ingress : ingresses) {
      BackendTls tls = ingress.policy().backend().options().tls();
      if (ingress.profile() == Profile.NGINX && tls.secret() != null) {
        backendTls
            .computeIfAbsent(ingress.namespace(), any -> new LinkedHashSet<>())
            .add(tls);
      }
    }
    return backendTls;
  }

  private void enter(Winner winner, boolean shared) {
    RouteClaim claim = winner.claim();
    PathMatch match = match(winner.ingress().namespace(), claim);
    if (match == null) {
      return;
    }
    if (shared && claim.match() != null) {
      Winner first = literal.putIfAbsent(claim.match(), winner);
      if (first != null && isForeign(first, winner.ingress().namespace())) {
        return;
      }
    }
    winners.putIfAbsent(match, winner);
  }

  private static boolean isForeign(Winner winner, String namespace) {
    return !winner.ingress().namespace().equals(namespace);
  }

  /** The Ingress that makes paths of a namespace expressions; null where they are literal. */
  @Nullable Claimant expressive(String namespace) {
    return expressive.get(namespace);
  }

  /** The requests that a claim of a namespace is for; null when there are none. */
  @Nullable PathMatch match(String namespace, RouteClaim claim) {
    return !expressive.containsKey(namespace)
        ? claim.match()
        : ExpressionPath.of(claim.path(), paths) instanceof PathReading.Usable usable
            ? usable.match()
            : null;
  }

  /** Whether the host as a whole is served as ingress-nginx serves it. */
  boolean isOfNginx() {
    return oldest.profile() == Profile.NGINX;
  }

  /** Who won the path of a claim of a namespace; null when the claim does not count. */
  @Nullable Winner winner(String namespace, RouteClaim claim) {
    Winner first = claim.match() == null ? null : literal.get(claim.match());
    if (first != null && isForeign(first, namespace)) {
      return first;
    }
    PathMatch match = match(namespace, claim);
    return match == null ? null : winners.get(match);
  }
}
