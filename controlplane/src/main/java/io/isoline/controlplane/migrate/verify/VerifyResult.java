package io.isoline.controlplane.migrate.verify;

import io.isoline.controlplane.migrate.verify.Comparison.Difference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a comparison came to.
 *
 * @param requests how many were sent to each side
 * @param skipped what no request could be made of
 * @param different the requests that were answered in two ways
 */
public record VerifyResult(
    int requests, List<String> skipped, Map<Probe, List<Difference>> different) {

  public VerifyResult {
    skipped = List.copyOf(skipped);
  }

  public boolean isSame() {
    return different.isEmpty();
  }

  /**
   * Equal differences.
   *
   * @param difference with HOST and PATH in the place of those of the request
   */
  record Group(Difference difference, List<Probe> probes) {}

  /** Equal differences together, the most frequent first. */
  List<Group> groups() {
    Map<Difference, List<Probe>> equal = new LinkedHashMap<>();
    different.forEach(
        (probe, differences) -> {
          for (Difference difference : differences) {
            Difference general =
                new Difference(
                    difference.aspect(),
                    general(difference.old(), probe),
                    general(difference.now(), probe));
            equal.computeIfAbsent(general, any -> new ArrayList<>()).add(probe);
          }
        });
    List<Group> groups = new ArrayList<>();
    equal.forEach((difference, probes) -> groups.add(new Group(difference, probes)));
    groups.sort((one, other) -> other.probes().size() - one.probes().size());
    return groups;
  }

  private static String general(String value, Probe probe) {
    String general = value.replace("://" + probe.host(), "://HOST");
    return probe.target().length() > 1 ? general.replace(probe.target(), "PATH") : general;
  }
}
