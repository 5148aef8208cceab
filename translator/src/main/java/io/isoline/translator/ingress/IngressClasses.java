package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.IngressClassRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which Ingresses are ours. The annotation, where it is set, goes before the field, as the
 * API documents for compatibility. A name means the IngressClass object of that name; where there
 * is none, it means itself. Owned by one thread.
 */
public final class IngressClasses {

  /** The older way to name a class. */
  static final String ANNOTATION = "kubernetes.io/ingress.class";

  private final SortedMap<ObjectRef, IngressClassRecord> classes = new TreeMap<>();

  public void put(IngressClassRecord ingressClass) {
    classes.put(ingressClass.ref(), ingressClass);
  }

  public void remove(ObjectRef ref) {
    classes.remove(ref);
  }

  Set<ObjectRef> refs() {
    return classes.keySet();
  }

  /** Why an Ingress is not ours, or null when it is. */
  public @Nullable Verdict refusal(IngressRecord ingress, IngressSettings.Classes ours) {
    String name = name(ingress);
    String field =
        ingress.annotations().containsKey(ANNOTATION)
            ? "metadata.annotations[" + ANNOTATION + "]"
            : "spec.ingressClassName";
    if (name.isEmpty()) {
      return isDefault(ours)
          ? null
          : other(
              ingress,
              "spec",
              "it names no class, and no IngressClass of Isoline's is marked as the default",
              "set spec.ingressClassName: " + example(ours));
    }
    IngressClassRecord object = classes.get(ObjectRef.ingressClass(name));
    if (object != null) {
      return ours.controller().equals(object.controller())
          ? null
          : other(
              ingress,
              field,
              "class \"" + name + "\" belongs to " + owner(object),
              "");
    }
    return ours.names().contains(name)
        ? null
        : other(
            ingress,
            field,
            "class \"" + name + "\" is not Isoline's, and there is no IngressClass of that name",
            "if Isoline is meant, write " + example(ours));
  }

  /** By whose rules an Ingress is served that is ours. */
  Profile profile(IngressRecord ingress, IngressSettings.Classes ours) {
    String name = name(ingress);
    boolean nginx =
        ours.controller().equals(IngressSettings.Classes.INGRESS_NGINX)
            || (name.isEmpty()
                ? classes.values().stream()
                    .anyMatch(
                        each -> isOurDefault(each, ours) && ours.nginxNames().contains(each.ref().name()))
                : ours.nginxNames().contains(name));
    return nginx ? Profile.NGINX : Profile.STRICT;
  }

  /** The class that an Ingress names; empty when it names none. */
  private static String name(IngressRecord ingress) {
    String annotation = ingress.annotations().get(ANNOTATION);
    String name = annotation != null ? annotation : ingress.ingressClassName();
    return name == null ? "" : name;
  }

  private static boolean isOurDefault(IngressClassRecord each, IngressSettings.Classes ours) {
    return each.isDefault() && ours.controller().equals(each.controller());
  }

  /** One for each class, plus a second one for parameters. */
  List<Verdict> verdicts(ObjectRef ref, IngressSettings.Classes ours) {
    IngressClassRecord object = classes.get(ref);
    if (object == null) {
      return List.of();
    }
    if (!ours.controller().equals(object.controller())) {
      return List.of(
          new Verdict(
              ref,
              "",
              Outcome.NO_EFFECT,
              Reason.OtherClass,
              "it belongs to " + owner(object),
              ""));
    }
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(
        new Verdict(
            ref,
            "",
            Outcome.APPLIED,
            Reason.Accepted,
            object.isDefault()
                ? "Isoline serves this class, and Ingresses that name none"
                : "Isoline serves this class",
            ""));
    if (object.hasParameters()) {
      verdicts.add(
          new Verdict(
              ref,
              "spec.parameters",
              Outcome.NO_EFFECT,
              Reason.Unsupported,
              "Isoline takes no parameters from here",
              "use the configuration file, see `isoline config`"));
    }
    return verdicts;
  }

  private boolean isDefault(IngressSettings.Classes ours) {
    return ours.withoutClass()
        || classes.values().stream()
            .anyMatch(each -> isOurDefault(each, ours));
  }

  private static String owner(IngressClassRecord ingressClass) {
    String controller = ingressClass.controller();
    return controller == null || controller.isEmpty()
        ? "no controller, as its spec.controller is missing"
        : "controller " + controller;
  }

  private static String example(IngressSettings.Classes ours) {
    return ours.names().isEmpty() ? "isoline" : ours.names().getFirst();
  }

  private static Verdict other(IngressRecord ingress, String field, String message, String fix) {
    return new Verdict(
        ingress.ref(), field, Outcome.NO_EFFECT, Reason.OtherClass, message, fix);
  }
}
