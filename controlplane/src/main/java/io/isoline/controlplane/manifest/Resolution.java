package io.isoline.controlplane.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.text.SimilarName;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the API version and the kind of an object in a file stand for. */
sealed interface Resolution {

  /**
   * A kind that Isoline reads.
   *
   * @param schema the model class of the version that the object is written in
   */
  record Known(KnownKind kind, String apiVersion, Class<? extends HasMetadata> schema)
      implements Resolution {
    boolean older() {
      return !apiVersion.equals(kind.apiVersion());
    }
  }

  /** An object that Isoline does not use. */
  record Ignored() implements Resolution {}

  /**
   * Something that is close to what Isoline reads, but that Kubernetes would refuse.
   *
   * @param field apiVersion or kind
   * @param meant the kind that was most likely meant
   */
  record Refused(String field, KnownKind meant, String message, String fix)
      implements Resolution {}

  /** The groups that are Kubernetes's own, so that no other project can have meant its own kind. */
  Set<String> GROUPS =
      Stream.of(KnownKind.values()).map(KnownKind::group).collect(Collectors.toUnmodifiableSet());

  static Resolution of(String apiVersion, String kind) {
    if (Kind.of(kind) instanceof KnownKind exact) {
      return of(apiVersion, exact);
    }
    int space = kind.indexOf(' ');
    KnownKind cut = space > 0 ? meant(kind.substring(0, space)) : null;
    if (cut != null) {
      return new Refused(
          "kind",
          cut,
          "`" + kind + "` is not a kind of Kubernetes: in YAML an indented next line belongs to it",
          "write `kind: " + cut + "` and indent the next line as the one of kind");
    }
    KnownKind meant = meant(kind);
    if (meant == null || !(ofThisApi(apiVersion) || misspelt(apiVersion, meant))) {
      return new Ignored();
    }
    return new Refused(
        "kind",
        meant,
        "`" + kind + "` is not a kind of Kubernetes; kinds are spelt exactly",
        "did you mean `kind: " + meant + "`?");
  }

  private static Resolution of(String version, KnownKind kind) {
    if (version.equals(kind.apiVersion())) {
      return new Known(kind, version, kind.model());
    }
    Class<? extends HasMetadata> old = kind.older().get(version);
    if (old != null) {
      return new Known(kind, version, old);
    }
    if (kind == KnownKind.ENDPOINT_SLICE && version.equals("discovery.k8s.io/v1beta1")) {
      return new Refused(
          "apiVersion",
          kind,
          "discovery.k8s.io/v1beta1 is gone since Kubernetes 1.25, and Isoline does not convert it",
          "write `apiVersion: discovery.k8s.io/v1`; per endpoint, `topology` became `nodeName` and"
              + " `zone`");
    }
    if (!ofThisApi(version) && !misspelt(version, kind)) {
      return new Ignored();
    }
    String converted =
        kind.older().isEmpty()
            ? ""
            : "; Isoline also converts "
                + String.join(" and ", kind.older().keySet().stream().sorted().toList());
    return new Refused(
        "apiVersion",
        kind,
        "there is no " + kind + " in `" + version + "`" + converted,
        "write `apiVersion: " + kind.apiVersion() + "`");
  }

  private static boolean ofThisApi(String version) {
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    return !group.contains(".") || GROUPS.contains(group);
  }

  private static boolean misspelt(String version, KnownKind kind) {
    return SimilarName.of(version, List.of(kind.apiVersion())) != null
        || kind.apiVersion().startsWith(version + "/");
  }

  /** Another case, a plural, or one typo in a longer name. */
  private static @Nullable KnownKind meant(String kind) {
    String plain = kind.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    for (KnownKind known : KnownKind.values()) {
      String right = known.text().toLowerCase(Locale.ROOT);
      if (plain.equals(right)
          || plain.equals(right + "s")
          || plain.equals(right + "es")
          || SimilarName.distance(plain, right, 2) <= 1) {
        return known;
      }
    }
    return null;
  }
}
