package io.isoline.translator.ingress;

import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.annotation.Canary;
import io.isoline.translator.ingress.HostMerge.Winner;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The canaries of one host: for each path, and each namespace that has it, the oldest. */
record HostCanaries(Map<Place, CanaryClaim> claims) {

  /** Where a canary and its main Ingress meet. */
  private record Place(
      String namespace, @Nullable PathMatch match, String path, String pathType) {
    /** Paths are the same when they are so taken literally, or else as they are written. */
    static Place of(String namespace, RouteClaim claim) {
      return claim.match() == null
          ? new Place(namespace, null, claim.path(), claim.pathType())
          : new Place(namespace, claim.match(), "", "");
    }
  }

  /**
   * What a canary wants of one path.
   *
   * @param protections what it asks itself to keep somebody out
   */
  record CanaryClaim(
      Claimant ingress, Canary canary, SortedMap<String, String> protections, RouteClaim claim) {

    /** The annotation that keeps somebody out and that its main Ingress lacks; null for none. */
    @Nullable String lackedBy(IngressRecord main) {
      if (protections.isEmpty()) {
        return null;
      }
      Map<String, String> there = Annotations.protections(main.annotations());
      for (Map.Entry<String, String> protection : protections.entrySet()) {
        if (!protection.getValue().equals(there.get(protection.getKey()))) {
          return protection.getKey();
        }
      }
      return null;
    }
  }

  /**
   * Those of a host.
   *
   * @param ingresses the canaries that name it, the oldest first
   * @return null for none
   */
  static @Nullable HostCanaries of(Host host, List<IngressReading> ingresses) {
    Map<Place, CanaryClaim> claims = new HashMap<>();
    for (IngressReading ingress : ingresses) {
      CanaryClaims canary = ingress.canary();
      if (canary != null) {
        for (RouteClaim claim : canary.rules().getOrDefault(host, List.of())) {
          claims.putIfAbsent(
              Place.of(ingress.namespace(), claim),
              new CanaryClaim(ingress.claimant(), canary.canary(), canary.protections(), claim));
        }
      }
    }
    return claims.isEmpty() ? null : new HostCanaries(claims);
  }

  /** The canary of what won a path; null when it has none. */
  @Nullable CanaryClaim of(Winner main) {
    return of(main.ingress().namespace(), main.claim());
  }

  /** The canary that counts of those of a namespace for a path; null when there is none. */
  @Nullable CanaryClaim of(String namespace, RouteClaim claim) {
    return claims.get(Place.of(namespace, claim));
  }
}
