package io.isoline.translator.kube;

import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.isoline.translator.ObjectRef;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps of a Kubernetes object the fields that the translation reads. Nothing is checked here, and
 * whatever is missing is tolerated: the verdict on it comes later.
 */
final class Projection {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

  /** Where ingress controllers read annotations, besides names below ingress.kubernetes.io. */
  private static final Set<String> CONTROLLERS =
      Set.of(
          "isoline.io",
          "ingress.kubernetes.io",
          "nginx.org",
          "nginx.com",
          "appprotect.f5.com",
          "appprotectdos.f5.com",
          "virtual-server.f5.com",
          "haproxy.org",
          "haproxy.com",
          "haproxy-ingress.github.io",
          "haproxy.router.openshift.io",
          "konghq.com",
          "projectcontour.io",
          "contour.heptio.com",
          "ingress.appscode.com",
          "voyager.appscode.com",
          "networking.gke.io",
          "ingress.gcp.kubernetes.io",
          "zalando.org",
          "getambassador.io",
          "k8s.apisix.apache.org",
          "k8s.ngrok.com",
          "higress.io",
          "ingress.citrix.com",
          "ingress.cilium.io");

  private Projection() {}

  /**
   * Whether an annotation could be meant for an ingress controller, so that its author is owed a
   * verdict. Annotations of tools that merely work on Ingresses (cert-manager, external-dns, Helm)
   * are not.
   */
  static boolean concernsController(String annotation) {
    int slash = annotation.indexOf('/');
    if (slash < 0) {
      return false;
    }
    String prefix = annotation.substring(0, slash);
    return CONTROLLERS.contains(prefix)
        || prefix.endsWith(".ingress.kubernetes.io")
        || prefix.endsWith(".isoline.io")
        || annotation.startsWith("kubernetes.io/ingress.");
  }

  static IngressRecord ingress(Ingress ingress, long ordinal) {
    var spec = ingress.getSpec();
    List<IngressRecord.Tls> tls = new ArrayList<>();
    List<IngressRecord.Rule> rules = new ArrayList<>();
    if (spec != null) {
      for (var entry : present(spec.getTls())) {
        tls.add(new IngressRecord.Tls(present(entry.getHosts()), entry.getSecretName()));
      }
      for (var rule : present(spec.getRules())) {
        rules.add(rule(rule));
      }
    }
    return new IngressRecord(
        ref(KnownKind.INGRESS, ingress.getMetadata()),
        age(ingress.getMetadata(), ordinal),
        isTerminating(ingress.getMetadata()),
        spec == null ? null : spec.getIngressClassName(),
        controllerAnnotations(ingress.getMetadata()),
        spec == null ? null : backend(spec.getDefaultBackend()),
        tls,
        rules);
  }

  private static IngressRecord.Rule rule(IngressRule rule) {
    if (rule.getHttp() == null) {
      return new IngressRecord.Rule(rule.getHost(), null);
    }
    List<IngressRecord.Path> paths = new ArrayList<>();
    for (var path : present(rule.getHttp().getPaths())) {
      paths.add(
          new IngressRecord.Path(path.getPath(), path.getPathType(), backend(path.getBackend())));
    }
    return new IngressRecord.Rule(rule.getHost(), paths);
  }

  private static IngressRecord.@Nullable Backend backend(@Nullable IngressBackend backend) {
    if (backend == null) {
      return null;
    }
    IngressRecord.ServiceBackend service = null;
    if (backend.getService() != null) {
      var port = backend.getService().getPort();
      Integer number = port == null ? null : port.getNumber();
      service =
          new IngressRecord.ServiceBackend(
              backend.getService().getName(),
              port == null || "".equals(port.getName()) ? null : port.getName(),
              number == null || number == 0 ? null : number);
    }
    IngressRecord.ResourceBackend resource = null;
    if (backend.getResource() != null) {
      var reference = backend.getResource();
      resource =
          new IngressRecord.ResourceBackend(
              reference.getApiGroup(), reference.getKind(), reference.getName());
    }
    return new IngressRecord.Backend(service, resource);
  }

  static IngressClassRecord ingressClass(IngressClass ingressClass, long ordinal) {
    var spec = ingressClass.getSpec();
    return new IngressClassRecord(
        ObjectRef.ingressClass(ingressClass.getMetadata().getName()),
        age(ingressClass.getMetadata(), ordinal),
        spec == null ? null : spec.getController(),
        "true".equals(orEmpty(ingressClass.getMetadata().getAnnotations()).get(DEFAULT_CLASS)),
        spec != null && spec.getParameters() != null);
  }

  static ServiceRecord service(Service service) {
    var spec = service.getSpec();
    List<ServiceRecord.Port> ports = new ArrayList<>();
    if (spec != null) {
      for (var port : present(spec.getPorts())) {
        if (port.getPort() != null) {
          ports.add(
              new ServiceRecord.Port(
                  orEmpty(port.getName()),
                  port.getPort(),
                  port.getProtocol() == null ? "TCP" : port.getProtocol(),
                  port.getAppProtocol()));
        }
      }
    }
    boolean external = spec != null && "ExternalName".equals(spec.getType());
    return new ServiceRecord(
        ref(KnownKind.SERVICE, service.getMetadata()),
        external ? orEmpty(spec.getExternalName()) : null,
        external || spec == null ? null : clusterIp(spec.getClusterIP()),
        spec == null ? List.of() : present(spec.getIpFamilies()),
        ports);
  }

  private static @Nullable String clusterIp(@Nullable String address) {
    return address == null || address.isEmpty() || address.equals("None") ? null : address;
  }

  static EndpointSliceRecord endpointSlice(EndpointSlice slice) {
    List<EndpointSliceRecord.Port> ports = new ArrayList<>();
    for (var port : present(slice.getPorts())) {
      ports.add(
          new EndpointSliceRecord.Port(
              orEmpty(port.getName()),
              port.getPort(),
              port.getProtocol() == null ? "TCP" : port.getProtocol()));
    }
    List<EndpointSliceRecord.Endpoint> endpoints = new ArrayList<>();
    for (var endpoint : present(slice.getEndpoints())) {
      EndpointConditions conditions = endpoint.getConditions();
      boolean ready = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
      Boolean serving = conditions == null ? null : conditions.getServing();
      endpoints.add(
          new EndpointSliceRecord.Endpoint(
              present(endpoint.getAddresses()),
              ready,
              serving == null ? ready : serving,
              conditions != null && Boolean.TRUE.equals(conditions.getTerminating())));
    }
    return new EndpointSliceRecord(
        ref(KnownKind.ENDPOINT_SLICE, slice.getMetadata()),
        orEmpty(slice.getMetadata().getLabels()).get(SERVICE_NAME),
        orEmpty(slice.getAddressType()),
        ports,
        endpoints);
  }

  static SecretRecord secret(Secret secret) {
    return new SecretRecord(
        ref(KnownKind.SECRET, secret.getMetadata()),
        orEmpty(secret.getType()),
        data(secret));
  }

  static ConfigMapRecord configMap(ConfigMap configMap) {
    return ConfigMapRecord.of(
        ref(KnownKind.CONFIG_MAP, configMap.getMetadata()),
        new TreeMap<>(present(configMap.getData())));
  }

  static NamespaceRecord namespace(Namespace namespace) {
    var status = namespace.getStatus();
    SortedMap<String, String> ours = new TreeMap<>();
    orEmpty(namespace.getMetadata().getAnnotations())
        .forEach(
            (name, value) -> {
              if (name.startsWith("isoline.io/")) {
                ours.put(name, orEmpty(value));
              }
            });
    return new NamespaceRecord(
        ObjectRef.namespace(namespace.getMetadata().getName()),
        ours,
        isTerminating(namespace.getMetadata())
            || (status != null && "Terminating".equals(status.getPhase())));
  }

  private static boolean isTerminating(ObjectMeta metadata) {
    return !orEmpty(metadata.getDeletionTimestamp()).isEmpty();
  }

  /** The bytes of {@code data} and {@code stringData}; of a key in both, the latter counts. */
  private static SortedMap<String, ByteString> data(Secret secret) {
    SortedMap<String, ByteString> data = new TreeMap<>();
    present(secret.getData()).forEach((key, encoded) -> data.put(key, decoded(encoded)));
    present(secret.getStringData())
        .forEach((key, text) -> data.put(key, ByteString.copyFromUtf8(text)));
    return data;
  }

  private static ByteString decoded(String encoded) {
    try {
      return ByteString.copyFrom(Base64.getMimeDecoder().decode(encoded));
    } catch (IllegalArgumentException e) {
      return ByteString.EMPTY;
    }
  }

  private static ObjectRef ref(KnownKind kind, ObjectMeta metadata) {
    String namespace = orEmpty(metadata.getNamespace());
    return new ObjectRef(kind, namespace.isEmpty() ? "default" : namespace, metadata.getName());
  }

  private static Age age(ObjectMeta metadata, long ordinal) {
    String created = metadata.getCreationTimestamp();
    if (created == null || created.isEmpty()) {
      return new Age(null, ordinal);
    }
    try {
      return new Age(Instant.parse(created), ordinal);
    } catch (DateTimeException e) {
      return new Age(null, ordinal);
    }
  }

  private static SortedMap<String, String> controllerAnnotations(ObjectMeta metadata) {
    SortedMap<String, String> kept = new TreeMap<>();
    orEmpty(metadata.getAnnotations())
        .forEach(
            (name, value) -> {
              if (concernsController(name)) {
                kept.put(name, orEmpty(value));
              }
            });
    return kept;
  }

  private static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
    return map == null ? Map.of() : map;
  }

  /** Without the nulls that YAML lets into a map. */
  private static Map<String, String> present(@Nullable Map<String, String> map) {
    Map<String, String> present = new TreeMap<>(orEmpty(map));
    present.values().removeIf(value -> value == null);
    return present;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Without the nulls that YAML lets into a list. */
  private static <T> List<T> present(@Nullable List<T> list) {
    return list == null ? List.of() : list.stream().filter(item -> item != null).toList();
  }
}
