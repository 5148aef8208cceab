package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OlderVersionsTest {

  private static final String OLD =
      """
      apiVersion: %s
      kind: Ingress
      metadata:
        name: web
        annotations:
          example.com/a: "true"
          example.com/b: "yes"
      spec:
        backend:
          serviceName: fallback
          servicePort: http
        tls:
          - hosts: ["*.example.com"]
            secretName: cert
        rules:
          - host: "*.example.com"
            http:
              paths:
                - path: /
                  backend:
                    serviceName: web
                    servicePort: 8080
                - path: /exact
                  pathType: Exact
                  backend:
                    resource: {apiGroup: example.com, kind: Bucket, name: files}
      """;

  private static final String NEW =
      """
      # Write it in networking.k8s.io/v1:
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: web
        annotations:
          example.com/a: "true"
          example.com/b: "yes"
      spec:
        defaultBackend:
          service:
            name: fallback
            port:
              name: http
        tls:
          - hosts:
              - '*.example.com'
            secretName: cert
        rules:
          - host: '*.example.com'
            http:
              paths:
                - path: /
                  pathType: ImplementationSpecific
                  backend:
                    service:
                      name: web
                      port:
                        number: 8080
                - path: /exact
                  pathType: Exact
                  backend:
                    resource:
                      apiGroup: example.com
                      kind: Bucket
                      name: files
      """;

  @ParameterizedTest
  @ValueSource(strings = {"extensions/v1beta1", "networking.k8s.io/v1beta1"})
  void ingress_convertedAndThePrintedFormIsTheSameObject(String version) {
    var old = Reading.of(OLD.formatted(version));
    Verdict verdict = Reading.only(old, Reason.DeprecatedVersion);
    assertEquals(1, old.verdicts().size());
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertEquals("1:13", Reading.at(old, verdict));
    assertEquals(NEW, verdict.fix());

    var pasted = Reading.of(verdict.fix());
    assertEquals(List.of(), pasted.verdicts());
    assertEquals(old.objects().getFirst().projection(), pasted.objects().getFirst().projection());
  }

  @Test
  void ingressClass_converted() {
    var manifests =
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1beta1
            kind: IngressClass
            metadata: {name: isoline}
            spec: {controller: isoline.io/ingress}
            """);
    assertTrue(
        Reading.only(manifests, Reason.DeprecatedVersion).fix().contains("controller: isoline"));
    assertEquals(List.of("IngressClass isoline"), Reading.names(manifests));
  }

  @Test
  void newSpelling_inAnOldVersion_saysWhichVersionToWrite() {
    var manifests =
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1beta1
            kind: Ingress
            metadata: {name: web}
            spec:
              defaultBackend:
                service: {name: web, port: {number: 80}}
            """);
    Verdict verdict = Reading.only(manifests, Reason.UnknownField);
    assertEquals("write `apiVersion: networking.k8s.io/v1`", verdict.fix());
  }

  @Test
  void wrongType_inAnOldVersion_refusedAndNotConverted() {
    var manifests =
        Reading.of(
            OLD.formatted("extensions/v1beta1").replace("serviceName: web", "serviceName: [web]"));
    assertEquals(List.of(), manifests.objects());
    Reading.only(manifests, Reason.InvalidValue);
    assertFalse(
        manifests.verdicts().stream().anyMatch(v -> v.reason() == Reason.DeprecatedVersion));
  }

  @Test
  void fieldsOfTheNewSpelling_areFoundInTheOldText() {
    var manifests = Reading.of(OLD.formatted("extensions/v1beta1"));
    var ref = ObjectRef.ingress("default", "web");
    assertEquals(
        "test.yaml:9:3",
        String.valueOf(manifests.sources().locate(ref, "spec.defaultBackend.service.port")));
    assertEquals(
        "test.yaml:20:13",
        String.valueOf(
            manifests.sources().locate(ref, "spec.rules[0].http.paths[0].backend.service.name")));
  }

  @Test
  void portWrittenAsText_becomesANumber() {
    var manifests =
        Reading.of(
            OLD.formatted("extensions/v1beta1")
                .replace("servicePort: 8080", "servicePort: \"8080\""));
    assertEquals(NEW, Reading.only(manifests, Reason.DeprecatedVersion).fix());
  }
}
