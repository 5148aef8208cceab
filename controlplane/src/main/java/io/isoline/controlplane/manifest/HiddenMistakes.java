package io.isoline.controlplane.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.ingress.IngressMistakes;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the mistakes that an Ingress has besides values of a wrong type. Such a value refuses the
 * whole object, so the translation never sees the rest; but the author should learn of all mistakes
 * at once.
 */
final class HiddenMistakes {

  private HiddenMistakes() {}

  /**
   * The mistakes, but those that are only there because a value was left out.
   *
   * @param partial the Ingress without the values that do not fit
   * @param problems the problems with those values, among others
   */
  static List<Verdict> of(ObjectRef ref, HasMetadata partial, List<Problem> problems) {
    if (!(KnownKind.INGRESS.project(partial, 0) instanceof IngressRecord ingress)) {
      return List.of();
    }
    Set<String> leftOut = new HashSet<>();
    // A mistake at a parent of a value that was left out may just say that the value is missing;
    // one at "spec", that there is nothing to route, may come from any such value.
    Set<String> parents = new HashSet<>(Set.of("spec"));
    for (Problem problem : problems) {
      if (problem.refuses()) {
        String path = problem.path();
        leftOut.add(path);
        parents.add(path);
        parents.add(
            path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('[')))));
      }
    }
    List<Verdict> mistakes = new ArrayList<>();
    for (Verdict mistake : IngressMistakes.of(ingress)) {
      boolean follows =
          parents.contains(mistake.field())
              || withParents(mistake.field()).stream().anyMatch(leftOut::contains);
      if (!follows) {
        mistakes.add(
            new Verdict(
                ref,
                mistake.field(),
                mistake.outcome(),
                mistake.reason(),
                mistake.message(),
                mistake.fix()));
      }
    }
    return mistakes;
  }

  /** A field, and all that it is within. */
  private static List<String> withParents(String field) {
    List<String> parents = new ArrayList<>();
    parents.add(field);
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '.' || field.charAt(i) == '[') {
        parents.add(field.substring(0, i));
      }
    }
    return parents;
  }
}
