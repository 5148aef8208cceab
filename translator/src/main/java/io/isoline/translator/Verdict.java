package io.isoline.translator;

import java.util.Comparator;
import java.util.List;

/**
 * What became of one object, or of one field or annotation of it that asks for something.
 *
 * @param object whose verdict it is
 * @param field the field as a JSON path below the object, {@code spec.rules[0].http.paths[1]} or
 *     {@code metadata.annotations[nginx.ingress.kubernetes.io/rewrite-target]}; empty when it is
 *     about the object as a whole
 * @param outcome what became of it
 * @param reason the kind of cause in CamelCase, as in the reason of a Kubernetes event
 * @param message why, in words that the author of the object understands; it names the winner of
 *     a conflict
 * @param fix what to do about it, empty when there is nothing to do
 */
public record Verdict(
    ObjectRef object, String field, Outcome outcome, Reason reason, String message, String fix)
    implements Comparable<Verdict> {

  private static final Comparator<Verdict> ORDER =
      Comparator.comparing(Verdict::object)
          .thenComparing(Verdict::field)
          .thenComparing(Verdict::outcome)
          .thenComparing(Verdict::reason)
          .thenComparing(Verdict::message)
          .thenComparing(Verdict::fix);

  /** What became of a request, best first: the last one is the worst that can be found. */
  public enum Outcome {
    APPLIED,
    /** It works, but not to the letter of what was asked. */
    APPLIED_WITH_DIFFERENCE,
    /** Nothing is wrong with it, and nothing came of it. */
    NO_EFFECT,
    REFUSED,
    /** It asks for a protection that is not there, and what it was to protect is served. */
    UNPROTECTED
  }

  /** The kinds of cause. The names are part of the interface: they are shown and filtered by. */
  public enum Reason {
    /** Done as asked. */
    Accepted,
    /** Another object, or an earlier field, was first. */
    Conflict,
    /** The host belongs to another namespace, or was given to others. */
    HostOwned,
    /** The Service, or its port, does not exist. */
    BackendNotFound,
    /** The Service has no endpoint that could answer. */
    NoEndpoints,
    /** The Secret is missing, malformed, expired, or its key belongs to another certificate. */
    TLSSecretInvalid,
    /** A Secret that an annotation names is missing or malformed, and what it protects is closed. */
    SecretInvalid,
    /** A ConfigMap that an annotation names is missing, or what it holds cannot be used. */
    ConfigMapInvalid,
    /** The certificate works but does not name the host that it is served for. */
    TLSHostMismatch,
    /** The value breaks a rule of the Kubernetes API or of HTTP. */
    InvalidValue,
    /** A field that the API does not have. */
    UnknownField,
    /** An annotation that Isoline does not act on. */
    UnsupportedAnnotation,
    /** An annotation asks for a protection that Isoline does not give; it serves without. */
    Unprotected,
    /** Something that exists in the API but that Isoline does not do, or not by default. */
    Unsupported,
    /** It belongs to another controller's class, or to no class that Isoline serves. */
    OtherClass,
    /** An API version that Kubernetes no longer serves; it was converted. */
    DeprecatedVersion,
    /** The text could not be read at all. */
    Unreadable,
    /** It is well, but no Ingress of ours refers to it. */
    NotUsed,
    /** A kind that Isoline does not use. */
    IgnoredKind,
    /** Envoy refused the resource that was made of it. */
    RejectedByEnvoy,
    /** Of commands that read files: what it refers to has a finding of its own. */
    ReferenceRefused,
    /** Of commands that read files: it refers to what is not in the files. */
    NotInFiles,
    /** Of commands that read files: no Ingress in them is of a class that is served. */
    NoIngressServed
  }

  /** Whether its author should look at it. */
  public boolean isFinding() {
    return outcome != Outcome.APPLIED
        && reason != Reason.OtherClass
        && reason != Reason.NotUsed
        && reason != Reason.IgnoredKind
        && reason != Reason.ReferenceRefused
        && reason != Reason.NotInFiles;
  }

  /** Whether an Ingress with these verdicts is of a class that we serve, and not gone. */
  public static boolean isOurs(List<Verdict> verdicts) {
    return !verdicts.isEmpty()
        && verdicts.stream().noneMatch(verdict -> verdict.reason == Reason.OtherClass);
  }

  @Override
  public int compareTo(Verdict other) {
    return ORDER.compare(this, other);
  }
}
