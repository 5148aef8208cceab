package io.isoline.translator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds that Isoline reads, in one table: what depends on a kind alone is a column of it. */
public enum KnownKind implements Kind {
  INGRESS(
      "Ingress",
      "networking.k8s.io/v1",
      "ingresses",
      true,
      Ingress.class,
      Reporting.EVENTS_AND_STATUS),
  INGRESS_CLASS(
      "IngressClass",
      "networking.k8s.io/v1",
      "ingressclasses",
      false,
      IngressClass.class,
      Reporting.EVENTS),
  SERVICE("Service", "v1", "services", true, Service.class, Reporting.EVENTS),
  /** There are many of them, and programs write them, so that nobody would read events. */
  ENDPOINT_SLICE(
      "EndpointSlice",
      "discovery.k8s.io/v1",
      "endpointslices",
      true,
      EndpointSlice.class,
      Reporting.NOTHING),
  /** Read in files only, as the EndpointSlices that a cluster makes of it. */
  ENDPOINTS("Endpoints", "v1", "endpoints", true, Endpoints.class, Reporting.NOTHING),
  SECRET("Secret", "v1", "secrets", true, Secret.class, Reporting.EVENTS),
  CONFIG_MAP("ConfigMap", "v1", "configmaps", true, ConfigMap.class, Reporting.EVENTS),
  NAMESPACE("Namespace", "v1", "namespaces", false, Namespace.class, Reporting.EVENTS);

  static final Map<String, KnownKind> BY_TEXT =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(KnownKind::text, Function.identity()));

  /** RFC 1035 labels, and the digit at the start that newer API servers allow. */
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private final String text;
  private final String apiVersion;
  private final String plural;
  private final boolean namespaced;
  private final Class<? extends HasMetadata> model;
  private final Reporting reporting;

  KnownKind(
      String text,
      String apiVersion,
      String plural,
      boolean namespaced,
      Class<? extends HasMetadata> model,
      Reporting reporting) {
    this.text = text;
    this.apiVersion = apiVersion;
    this.plural = plural;
    this.namespaced = namespaced;
    this.model = model;
    this.reporting = reporting;
  }

  @Override
  public String text() {
    return text;
  }

  /** The API group and the version that is translated; the version alone for the core. */
  public String apiVersion() {
    return apiVersion;
  }

  /** The API group, empty for the core. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** The name of the resource in URLs and roles. */
  public String plural() {
    return plural;
  }

  /** Whether its objects are in namespaces, and not of the cluster. */
  public boolean isNamespaced() {
    return namespaced;
  }

  @Override
  public Reporting reporting() {
    return reporting;
  }

  /** The model class of {@link #apiVersion}. */
  public Class<? extends HasMetadata> model() {
    return model;
  }

  /** Older versions, which files may have and which are converted, with their model classes. */
  public Map<String, Class<? extends HasMetadata>> older() {
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
      case SERVICE, ENDPOINT_SLICE, ENDPOINTS, SECRET, CONFIG_MAP, NAMESPACE -> Map.of();
    };
  }

  /** Whether its objects are translated, and not others that are made of them. */
  public boolean isTranslated() {
    return this != ENDPOINTS;
  }

  /**
   * Keeps of an object the fields that the translation reads.
   *
   * @param object an object of this kind with a name; a missing namespace is {@code default}
   * @param ordinal its place among objects that have no creation time, see {@link Age}
   * @throws IllegalStateException when this kind is not translated
   * @throws ClassCastException when the object is of another kind
   */
  public ClusterObject project(HasMetadata object, long ordinal) {
    return switch (this) {
      case INGRESS -> Projection.ingress((Ingress) object, ordinal);
      case INGRESS_CLASS -> Projection.ingressClass((IngressClass) object, ordinal);
      case SERVICE -> Projection.service((Service) object);
      case ENDPOINT_SLICE -> Projection.endpointSlice((EndpointSlice) object);
      case SECRET -> Projection.secret((Secret) object);
      case CONFIG_MAP -> Projection.configMap((ConfigMap) object);
      case NAMESPACE -> Projection.namespace((Namespace) object);
      case ENDPOINTS ->
          throw new IllegalStateException("objects of kind " + text + " are not translated");
    };
  }

  /** Whether the API server would take this as the name of an object. */
  public boolean canBeNamed(String name) {
    return switch (this) {
      case SERVICE, NAMESPACE -> name.length() <= 63 && LABEL.matcher(name).matches();
      case INGRESS, INGRESS_CLASS, ENDPOINT_SLICE, ENDPOINTS, SECRET, CONFIG_MAP ->
          name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
    };
  }

  /** Its text. */
  @Override
  public String toString() {
    return text;
  }
}
