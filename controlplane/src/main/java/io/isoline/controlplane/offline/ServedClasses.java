package io.isoline.controlplane.offline;

import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.terminal.Words;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.IngressRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds files none of whose Ingresses is of a class that is served, and says which option serves
 * them.
 */
public final class ServedClasses {

  private static final String ANNOTATION = "kubernetes.io/ingress.class";

  private ServedClasses() {}

  /**
   * The finding, on the first of the Ingresses; null where one is served, or there are none.
   *
   * @param verdicts of the translation, by object
   */
  public static @Nullable Verdict finding(
      Manifests manifests, Map<ObjectRef, List<Verdict>> verdicts) {
    List<IngressRecord> others = new ArrayList<>();
    for (ManifestObject object : manifests.objects()) {
      if (object.projection() instanceof IngressRecord ingress) {
        if (!isOther(verdicts.getOrDefault(ingress.ref(), List.of()))) {
          return null;
        }
        others.add(ingress);
      }
    }
    if (others.isEmpty()) {
      return null;
    }
    SortedSet<String> names = new TreeSet<>();
    SortedSet<String> options = new TreeSet<>();
    for (IngressRecord ingress : others) {
      String name = className(ingress);
      if (!name.isEmpty()) {
        names.add(name);
      }
      options.add(option(manifests, name));
    }
    String classes =
        names.isEmpty()
            ? "they name no class"
            : (names.size() == 1 ? "class " : "classes ") + String.join(", ", names);
    IngressRecord first = others.getFirst();
    return new Verdict(
        first.ref(),
        field(first),
        Outcome.REFUSED,
        Reason.NoIngressServed,
        "0 of %s are served: %s; %s %s them"
            .formatted(
                others.size() == 1 ? "1 Ingresses" : Words.count(others.size(), "Ingress"),
                classes,
                String.join(" ", options),
                options.size() == 1 ? "serves" : "serve"),
        "add the option, or change the class to one that is served");
  }

  /** Whether a file holds an Ingress that names no class. */
  public static boolean isOneWithoutClass(Manifests manifests) {
    return manifests.objects().stream()
        .anyMatch(
            object ->
                object.projection() instanceof IngressRecord ingress
                    && className(ingress).isEmpty());
  }

  private static boolean isOther(List<Verdict> verdicts) {
    return verdicts.stream().anyMatch(verdict -> verdict.reason() == Reason.OtherClass);
  }

  private static String className(IngressRecord ingress) {
    String annotation = ingress.annotations().get(ANNOTATION);
    String name = annotation != null ? annotation : ingress.ingressClassName();
    return name == null ? "" : name;
  }

  private static String field(IngressRecord ingress) {
    if (ingress.annotations().containsKey(ANNOTATION)) {
      return "metadata.annotations[" + ANNOTATION + "]";
    }
    return className(ingress).isEmpty() ? "spec" : "spec.ingressClassName";
  }

  /** The option that makes Ingresses of a class ours. */
  private static String option(Manifests manifests, String name) {
    if (name.isEmpty()) {
      return "--ingress-without-class";
    }
    for (ManifestObject object : manifests.objects()) {
      if (object.projection() instanceof IngressClassRecord ingressClass
          && ingressClass.ref().name().equals(name)
          && ingressClass.controller() != null
          && !ingressClass.controller().isEmpty()) {
        return "--controller-name " + ingressClass.controller();
      }
    }
    return "--class " + name;
  }
}
