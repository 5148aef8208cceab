package io.isoline.controlplane.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;

/** The kinds of objects that are read. */
enum WatchedKind {
  INGRESS("Ingress", "networking.k8s.io", "ingresses", true, Ingress.class),
  INGRESS_CLASS("IngressClass", "networking.k8s.io", "ingressclasses", false, IngressClass.class),
  SERVICE("Service", "", "services", true, Service.class),
  ENDPOINT_SLICE("EndpointSlice", "discovery.k8s.io", "endpointslices", true, EndpointSlice.class),
  SECRET("Secret", "", "secrets", true, Secret.class),
  NAMESPACE("Namespace", "", "namespaces", false, Namespace.class);

  private final String kind;
  private final String group;
  private final String plural;
  private final boolean namespaced;
  private final Class<? extends HasMetadata> model;

  WatchedKind(
      String kind,
      String group,
      String plural,
      boolean namespaced,
      Class<? extends HasMetadata> model) {
    this.kind = kind;
    this.group = group;
    this.plural = plural;
    this.namespaced = namespaced;
    this.model = model;
  }

  /** As Kubernetes spells it. */
  String kind() {
    return kind;
  }

  /** The API group, empty for the core. */
  String group() {
    return group;
  }

  /** The name of the resource in URLs and roles. */
  String plural() {
    return plural;
  }

  boolean isNamespaced() {
    return namespaced;
  }

  Class<? extends HasMetadata> model() {
    return model;
  }

  String apiVersion() {
    return group.isEmpty() ? "v1" : group + "/v1";
  }
}
