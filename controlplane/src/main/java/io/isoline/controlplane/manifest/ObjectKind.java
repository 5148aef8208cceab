package io.isoline.controlplane.manifest;

import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.isoline.translator.text.SimilarName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds that Isoline reads, with the versions of the API in which they exist or existed. */
enum ObjectKind {
  INGRESS("Ingress", "networking.k8s.io/v1", Ingress.class, true),
  INGRESS_CLASS("IngressClass", "networking.k8s.io/v1", IngressClass.class, false),
  SERVICE("Service", "v1", Service.class, true),
  ENDPOINT_SLICE("EndpointSlice", "discovery.k8s.io/v1", EndpointSlice.class, true),
  /** Read as the EndpointSlices that a cluster makes of it. */
  ENDPOINTS("Endpoints", "v1", Endpoints.class, true),
  SECRET("Secret", "v1", Secret.class, true),
  NAMESPACE("Namespace", "v1", Namespace.class, false);

  private final String kind;
  private final String apiVersion;
  private final Class<? extends HasMetadata> model;
  private final boolean namespaced;

  ObjectKind(
      String kind, String apiVersion, Class<? extends HasMetadata> model, boolean namespaced) {
    this.kind = kind;
    this.apiVersion = apiVersion;
    this.model = model;
    this.namespaced = namespaced;
  }

  String kind() {
    return kind;
  }

  /** The version that the translation reads. */
  String apiVersion() {
    return apiVersion;
  }

  Class<? extends HasMetadata> model() {
    return model;
  }

  boolean namespaced() {
    return namespaced;
  }

  /** The versions that are converted, with the models of their spelling. */
  private Map<String, Class<? extends HasMetadata>> older() {
    return switch (this) {
      case INGRESS ->
          Map.of(
              "networking.k8s.io/v1beta1",
              io.fabric8.kubernetes.api.model.networking.v1beta1.Ingress.class,
              "extensions/v1beta1",
              io.fabric8.kubernetes.api.model.networking.v1beta1.Ingress.class);
      case INGRESS_CLASS ->
          Map.of(
              "networking.k8s.io/v1beta1",
              io.fabric8.kubernetes.api.model.networking.v1beta1.IngressClass.class);
      case SERVICE, ENDPOINT_SLICE, ENDPOINTS, SECRET, NAMESPACE -> Map.of();
    };
  }

  /** What an API version and a kind stand for. */
  sealed interface Resolution {

    /**
     * A kind that Isoline reads.
     *
     * @param schema the model class of the version that the object is written in
     */
    record Known(ObjectKind kind, String apiVersion, Class<? extends HasMetadata> schema)
        implements Resolution {
      boolean older() {
        return !apiVersion.equals(kind.apiVersion);
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
    record Refused(String field, ObjectKind meant, String message, String fix)
        implements Resolution {}
  }

  static Resolution resolve(String apiVersion, String kind) {
    ObjectKind exact = exact(kind);
    if (exact != null) {
      return exact.version(apiVersion);
    }
    int space = kind.indexOf(' ');
    ObjectKind cut = space > 0 ? meant(kind.substring(0, space)) : null;
    if (cut != null) {
      return new Resolution.Refused(
          "kind",
          cut,
          "`" + kind + "` is not a kind of Kubernetes: in YAML an indented next line belongs to it",
          "write `kind: " + cut.kind + "` and indent the next line as the one of kind");
    }
    ObjectKind meant = meant(kind);
    if (meant == null || !(meant.ofThisApi(apiVersion) || meant.misspelt(apiVersion))) {
      return new Resolution.Ignored();
    }
    return new Resolution.Refused(
        "kind",
        meant,
        "`" + kind + "` is not a kind of Kubernetes; kinds are spelt exactly",
        "did you mean `kind: " + meant.kind + "`?");
  }

  private Resolution version(String version) {
    if (version.equals(apiVersion)) {
      return new Resolution.Known(this, version, model);
    }
    Class<? extends HasMetadata> old = older().get(version);
    if (old != null) {
      return new Resolution.Known(this, version, old);
    }
    if (this == ENDPOINT_SLICE && version.equals("discovery.k8s.io/v1beta1")) {
      return new Resolution.Refused(
          "apiVersion",
          this,
          "discovery.k8s.io/v1beta1 is gone since Kubernetes 1.25, and Isoline does not convert it",
          "write `apiVersion: discovery.k8s.io/v1`; per endpoint, `topology` became `nodeName` and"
              + " `zone`");
    }
    if (!ofThisApi(version) && !misspelt(version)) {
      return new Resolution.Ignored();
    }
    String converted =
        older().isEmpty()
            ? ""
            : "; Isoline also converts "
                + String.join(" and ", older().keySet().stream().sorted().toList());
    return new Resolution.Refused(
        "apiVersion",
        this,
        "there is no " + kind + " in `" + version + "`" + converted,
        "write `apiVersion: " + apiVersion + "`");
  }

  /** A group of Kubernetes itself, so that no other project can have meant its own kind. */
  private boolean ofThisApi(String version) {
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    return !group.contains(".")
        || group.equals("networking.k8s.io")
        || group.equals("discovery.k8s.io");
  }

  private boolean misspelt(String version) {
    return SimilarName.of(version, List.of(apiVersion)) != null
        || apiVersion.startsWith(version + "/");
  }

  /** Whether Isoline reads a kind of this name, in whichever group. */
  static boolean isKind(String kind) {
    return exact(kind) != null;
  }

  /** The version in which Isoline reads a kind; the kind itself when it reads none. */
  static String versionOf(String kind) {
    ObjectKind known = exact(kind);
    return known == null ? kind : known.apiVersion;
  }

  private static @Nullable ObjectKind exact(String kind) {
    for (ObjectKind known : values()) {
      if (known.kind.equals(kind)) {
        return known;
      }
    }
    return null;
  }

  /** Another case, a plural, or one typo in a longer name. */
  private static @Nullable ObjectKind meant(String kind) {
    String plain = kind.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    for (ObjectKind known : values()) {
      String right = known.kind.toLowerCase(Locale.ROOT);
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
