package io.isoline.translator.ingress;

import io.isoline.translator.annotation.Canary;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.model.Host;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The requests that an Ingress wants some of as a canary. It has no claims but these.
 *
 * @param canary which of the requests
 * @param rules by host, as in {@link IngressReading}
 * @param protections what it asks itself to keep somebody out, by the keys of annotations
 */
record CanaryClaims(
    Canary canary,
    NavigableMap<Host, List<RouteClaim>> rules,
    SortedMap<String, String> protections) {

  CanaryClaims {
    rules = new TreeMap<>(rules);
    rules.replaceAll((host, routes) -> List.copyOf(routes));
    protections = new TreeMap<>(protections);
  }

  /** The paths of all hosts. */
  List<RouteClaim> routes() {
    return rules.values().stream().flatMap(List::stream).toList();
  }
}
