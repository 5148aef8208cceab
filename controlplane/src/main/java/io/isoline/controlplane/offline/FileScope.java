package io.isoline.controlplane.offline;

import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.References;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Corrects verdicts for the fact that files are a part of a cluster: what they do not hold may be
 * there all the same. Endpoints are made by the cluster, Services often come from another chart, and
 * Secrets from cert-manager. What is wrong with an object of the files is a finding there, once, and
 * a note where something refers to it.
 */
public final class FileScope {

  private final Manifests manifests;
  private final boolean strict;
  private final Map<ObjectRef, IngressRecord> ingresses = new HashMap<>();
  private final Set<ObjectRef> present = new HashSet<>();

  /** The Services of which the files say which endpoints they have. */
  private final Set<ObjectRef> withEndpoints = new HashSet<>();

  /**
   * @param strict whether what an Ingress refers to has to be in the files
   */
  public FileScope(Manifests manifests, boolean strict) {
    this.manifests = manifests;
    this.strict = strict;
    for (ManifestObject object : manifests.objects()) {
      present.add(object.ref());
      switch (object.projection()) {
        case IngressRecord ingress -> ingresses.put(ingress.ref(), ingress);
        case EndpointSliceRecord slice -> {
          if (slice.service() != null) {
            withEndpoints.add(ObjectRef.service(slice.ref().namespace(), slice.service()));
          }
        }
        default -> {}
      }
    }
  }

  /** The verdicts of one object as they are to be told. */
  List<Verdict> told(ObjectRef object, List<Verdict> verdicts) {
    IngressRecord ingress = ingresses.get(object);
    if (ingress == null) {
      return verdicts;
    }
    Map<String, ObjectRef> references = References.of(ingress);
    Set<Verdict> told = new LinkedHashSet<>();
    for (Verdict verdict : verdicts) {
      ObjectRef reference = references.get(verdict.field());
      told.add(reference == null ? verdict : told(verdict, reference));
    }
    return List.copyOf(told);
  }

  /** The verdicts of one object, but for those that are findings at a Secret in the files. */
  public List<Verdict> withoutRepeated(ObjectRef object, List<Verdict> verdicts) {
    IngressRecord ingress = ingresses.get(object);
    if (ingress == null) {
      return verdicts;
    }
    Map<String, ObjectRef> references = References.of(ingress);
    return verdicts.stream()
        .filter(
            verdict ->
                (verdict.reason() != Reason.TLSSecretInvalid
                        && verdict.reason() != Reason.SecretInvalid)
                    || !present.contains(references.get(verdict.field())))
        .toList();
  }

  private Verdict told(Verdict verdict, ObjectRef reference) {
    return switch (verdict.reason()) {
      case NoEndpoints ->
          withEndpoints.contains(reference)
              ? verdict
              : changed(
                  verdict,
                  Outcome.APPLIED,
                  Reason.Accepted,
                  "it goes to a Service that exists; its endpoints are not in the files",
                  "");
      case BackendNotFound ->
          present.contains(reference) ? verdict : missing(verdict, reference, "requests get 503");
      case TLSSecretInvalid -> secret(verdict, reference, "the default certificate is served");
      case SecretInvalid -> secret(verdict, reference, "requests get 503");
      case ConfigMapInvalid ->
          present.contains(reference) ? verdict : missing(verdict, reference, "requests get 503");
      default -> verdict;
    };
  }

  private Verdict secret(Verdict verdict, ObjectRef reference, String otherwise) {
    return present.contains(reference)
        ? changed(verdict, verdict.outcome(), Reason.ReferenceRefused, verdict.message(), "")
        : missing(verdict, reference, otherwise);
  }

  private Verdict missing(Verdict verdict, ObjectRef reference, String otherwise) {
    if (manifests.sources().locate(reference, "") != null) {
      return changed(
          verdict,
          verdict.outcome(),
          Reason.ReferenceRefused,
          reference + " is refused itself; " + otherwise,
          "");
    }
    return strict
        ? changed(
            verdict,
            verdict.outcome(),
            verdict.reason(),
            reference + " is not in these files; " + otherwise,
            "add it, or leave --strict out")
        : changed(
            verdict,
            Outcome.APPLIED,
            Reason.NotInFiles,
            reference + " is not in these files; where it is missing, " + otherwise,
            "");
  }

  private static Verdict changed(
      Verdict verdict, Outcome outcome, Reason reason, String message, String fix) {
    return new Verdict(verdict.object(), verdict.field(), outcome, reason, message, fix);
  }

  /** What is wrong with the files as a whole, and not with any object in them. */
  List<Verdict> ofFiles() {
    Set<String> spoken = new HashSet<>();
    manifests.objects().forEach(object -> spoken.add(object.file()));
    manifests
        .verdicts()
        .forEach(
            verdict -> {
              var position = manifests.sources().locate(verdict);
              spoken.add(position == null ? "" : position.file());
            });
    List<Verdict> verdicts = new ArrayList<>();
    if (manifests.files().contains(STDIN) && !spoken.contains(STDIN)) {
      verdicts.add(
          empty(STDIN, "the input is empty", "look at what the command before the pipe says"));
    } else if (spoken.isEmpty()) {
      verdicts.add(
          empty(
              manifests.files().isEmpty() ? "." : manifests.files().getFirst(),
              "there is no Kubernetes object in the files",
              "name files or directories with manifests: .yaml, .yml or .json"));
    }
    return verdicts;
  }

  /** The name of standard input in positions. */
  private static final String STDIN = "<stdin>";

  private static Verdict empty(String file, String message, String fix) {
    return new Verdict(
        ObjectRef.file(file), "", Outcome.REFUSED, Reason.Unreadable, message, fix);
  }
}
