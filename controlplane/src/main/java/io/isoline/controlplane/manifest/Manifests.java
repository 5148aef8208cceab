package io.isoline.controlplane.manifest;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a set of files holds. Immutable; safe for use by several threads.
 *
 * @param files the files that were looked at, in order
 * @param objects those that can be used, in the order of the files, each identity once
 * @param workloads Deployments and the like; Isoline does not use them to route
 * @param verdicts what was found while reading: problems, conversions and ignored kinds, in order.
 *     An object without a problem has none
 * @param sources where everything is
 */
public record Manifests(
    List<String> files,
    List<ManifestObject> objects,
    List<Workload> workloads,
    List<Verdict> verdicts,
    SourceMap sources) {

  public Manifests {
    files = List.copyOf(files);
    objects = List.copyOf(objects);
    workloads = List.copyOf(workloads);
    verdicts = List.copyOf(verdicts);
  }

  static Manifests empty() {
    return new Manifests(
        List.of(), List.of(), List.of(), List.of(), new SourceMap(Map.of(), Map.of()));
  }

  /** The changes that lead from other manifests to these, by the equality of projections. */
  public List<Change> changesSince(Manifests before) {
    Map<ObjectRef, ManifestObject> old = new HashMap<>();
    before.objects.forEach(object -> old.put(object.ref(), object));
    List<Change> changes = new ArrayList<>();
    for (ManifestObject object : objects) {
      ManifestObject was = old.remove(object.ref());
      if (was == null || !was.projection().equals(object.projection())) {
        changes.add(new Change.Upsert(object.projection()));
      }
    }
    for (ManifestObject object : before.objects) {
      if (old.containsKey(object.ref())) {
        changes.add(new Change.Delete(object.ref()));
      }
    }
    return changes;
  }
}
