package io.isoline.controlplane.envoy;

import java.util.ArrayList;
import java.util.List;

/** Kubernetes objects in short. All are in the namespace {@code default}. */
final class Yaml {

  private Yaml() {}

  /** A Service on port 80 with an EndpointSlice for each backend. */
  static String service(String name, Backend... backends) {
    return service(name, "http", backends);
  }

  /** The same for another {@code appProtocol}. */
  static String service(String name, String appProtocol, Backend... backends) {
    List<Integer> ports = new ArrayList<>();
    for (Backend backend : backends) {
      ports.add(backend.port());
    }
    return service(name, appProtocol, ports);
  }

  static String service(String name, String appProtocol, List<Integer> ports) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: default}
            spec:
              ports:
              - {name: web, port: 80, targetPort: web, appProtocol: "%s"}
            """
                .formatted(name, appProtocol));
    for (int port : ports) {
      text.append("---\n").append(slice(name, port, "{ready: true}"));
    }
    return text.toString();
  }

  /** An EndpointSlice with one endpoint on 127.0.0.1. */
  static String slice(String service, int port, String conditions) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: %1$s-%2$d
      namespace: default
      labels: {kubernetes.io/service-name: %1$s}
    addressType: IPv4
    ports:
    - {name: web, port: %2$d, protocol: TCP}
    endpoints:
    - {addresses: [127.0.0.1], conditions: %3$s}
    """
        .formatted(service, port, conditions);
  }

  /**
   * An Ingress with one rule.
   *
   * @param host empty for none
   * @param paths each {@code TYPE PATH SERVICE}, as in {@code Prefix /foo web}; the backend is port
   *     80 of the Service
   */
  static String ingress(String name, String host, String... paths) {
    StringBuilder text = new StringBuilder(head(name)).append("  rules:\n");
    rule(text, host, paths);
    return text.toString();
  }

  /** An Ingress with one rule and a {@code tls} section for its host. */
  static String tlsIngress(String name, String secret, String host, String... paths) {
    return ingress(name, host, paths)
        + "  tls:\n  - {secretName: %s, hosts: [\"%s\"]}\n".formatted(secret, host);
  }

  /** An Ingress with a default backend, and a rule if there are paths. */
  static String withDefault(String name, String service, String host, String... paths) {
    StringBuilder text =
        new StringBuilder(head(name))
            .append(
                "  defaultBackend: {service: {name: %s, port: {number: 80}}}\n".formatted(service));
    if (paths.length > 0) {
      text.append("  rules:\n");
      rule(text, host, paths);
    }
    return text.toString();
  }

  /** Adds annotations to the only Ingress of a text. */
  static String annotated(String ingress, String... namesAndValues) {
    return annotatedBelow("", ingress, namesAndValues);
  }

  /** The same with a prefix for each name. */
  static String annotatedBelow(String prefix, String ingress, String... keysAndValues) {
    StringBuilder annotations = new StringBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String value =
          keysAndValues[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      annotations.append("%s: \"%s\", ".formatted(prefix + keysAndValues[i], value));
    }
    return ingress.replace(
        "namespace: default}", "namespace: default, annotations: {" + annotations + "}}");
  }

  private static String head(String name) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: %s, namespace: default}
    spec:
      ingressClassName: isoline
    """
        .formatted(name);
  }

  private static void rule(StringBuilder text, String host, String... paths) {
    text.append(host.isEmpty() ? "  - http:\n" : "  - host: \"" + host + "\"\n    http:\n");
    text.append("      paths:\n");
    for (String path : paths) {
      String[] parts = path.split(" ", 3);
      text.append(
          """
                - pathType: %s
                  path: "%s"
                  backend: {service: {name: %s, port: {number: 80}}}
          """
              .formatted(parts[0], parts[1].replace("\\", "\\\\"), parts[2]));
    }
  }
}
