package io.isoline.controlplane.manifest;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.util.List;

/** Short words for what the tests of this package ask of {@link Manifests}. */
final class Reading {

  private Reading() {}

  static Manifests of(String text) {
    return new ManifestReader().readText("test.yaml", text);
  }

  static List<String> names(Manifests manifests) {
    return manifests.objects().stream().map(object -> object.ref().toString()).toList();
  }

  /** The one verdict with this reason. */
  static Verdict only(Manifests manifests, Verdict.Reason reason) {
    List<Verdict> found =
        manifests.verdicts().stream().filter(verdict -> verdict.reason() == reason).toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one " + reason + ", got " + manifests.verdicts());
    }
    return found.getFirst();
  }

  static ManifestObject object(Manifests manifests, ObjectRef ref) {
    return manifests.objects().stream()
        .filter(object -> object.ref().equals(ref))
        .findFirst()
        .orElseThrow(() -> new AssertionError(ref + " is not in " + names(manifests)));
  }

  /** Line and column of a verdict. */
  static String at(Manifests manifests, Verdict verdict) {
    Position position = manifests.sources().locate(verdict);
    return position == null ? "nowhere" : position.line() + ":" + position.column();
  }

  /** A Service with one port. */
  static String service(String name, int port) {
    return """
    apiVersion: v1
    kind: Service
    metadata:
      name: %s
    spec:
      ports:
        - port: %d
    """
        .formatted(name, port);
  }

  /** An Ingress of one host. */
  static String ingress(String name, String host) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: %s
    spec:
      rules:
        - host: %s
          http:
            paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80
    """
        .formatted(name, host);
  }
}
