package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${HOST}", "app.${DOMAIN:=example.com}", "'${HOST:-a.test}'", "$(HOST)", "$HOST",
        "<your-host>", "<path:secret/data/web#host>", "\"%HOST%\"", "\"@HOST@\"", "__HOST__",
        "\"#{Host}#\"", "'[[ host ]]'", "((host))", "<%= host %>"
      })
  void host_thatIsAPlaceholder_isToldAtItsPlace(String host) {
    var manifests = Reading.of(Reading.ingress("web", host));
    Verdict verdict = Reading.only(manifests, Reason.InvalidValue);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals("spec.rules[0].host", verdict.field());
    assertTrue(
        verdict.message().contains("a placeholder that was not replaced: render it first"),
        verdict.toString());
    assertEquals("7:13", Reading.at(manifests, verdict));
    assertEquals(List.of(), manifests.objects());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/u/(?<name>[a-z]+)", "/u/(?P<name>[a-z]+)"})
  void path_withANamedGroup_hasNoPlaceholder(String path) {
    assertNull(Placeholder.inPath(path));
  }

  @Test
  void everyFieldWithAPlaceholder_hasAVerdict() {
    var manifests =
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: ${NAME}
              namespace: $(NAMESPACE)
              annotations: {kubernetes.io/ingress.class: $CLASS}
            spec:
              ingressClassName: <class>
              tls:
                - hosts: ["${HOST}"]
                  secretName: $SECRET
              rules:
                - http:
                    paths:
                      - path: /${BASE}/
                        pathType: Prefix
                        backend:
                          service:
                            name: $APP
                            port:
                              number: ${PORT}
            """);
    assertEquals(
        List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.annotations[kubernetes.io/ingress.class]",
            "spec.ingressClassName",
            "spec.tls[0].hosts[0]",
            "spec.tls[0].secretName",
            "spec.rules[0].http.paths[0].path",
            "spec.rules[0].http.paths[0].backend.service.name",
            "spec.rules[0].http.paths[0].backend.service.port.number"),
        manifests.verdicts().stream()
            .filter(verdict -> verdict.message().contains("a placeholder"))
            .map(Verdict::field)
            .sorted(Comparator.comparingInt(field -> line(manifests, field)))
            .toList());
  }

  private static Verdict at(Manifests manifests, String field) {
    return manifests.verdicts().stream()
        .filter(verdict -> verdict.field().equals(field))
        .findFirst()
        .orElseThrow();
  }

  private static int line(Manifests manifests, String field) {
    String at = Reading.at(manifests, at(manifests, field));
    return Integer.parseInt(at.substring(0, at.indexOf(':')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{number: ${PORT}}", "{number: @PORT@}", "{number: %PORT%}"})
  void portInBraces_thatIsAPlaceholder_isToldAtItsPlace(String port) {
    var manifests = Reading.of("a: 1\nport: " + port + "\n");
    Verdict verdict = Reading.only(manifests, Reason.Unreadable);
    assertTrue(verdict.message().contains("a placeholder that was not replaced"), verdict.message());
    assertEquals("2:16", Reading.at(manifests, verdict));
  }

  @ParameterizedTest
  @ValueSource(strings = {"apiVersion: ${API}\nkind: Ingress\n", "apiVersion: v1\nkind: $KIND\n"})
  void type_thatIsAPlaceholder_isTold(String type) {
    var manifests = Reading.of(type + "metadata: {name: a}\n");
    assertTrue(
        Reading.only(manifests, Reason.InvalidValue).message().contains("a placeholder"),
        manifests.verdicts().toString());
  }

  @Test
  void textThatMayHoldAnything_isLeftAlone() {
    var manifests =
        Reading.of(
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: a
              labels: {a: ok}
              annotations: {nginx.ingress.kubernetes.io/configuration-snippet: "set $a ${host};"}
            stringData: {template: "${HOST} {{ .password }}"}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: b}
            data: {a: "${HOST} {{ .Values.a }}"}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: c}
            spec:
              rules:
                - http:
                    paths:
                      - path: /odata/$metadata
                        pathType: Prefix
                        backend: {service: {name: a, port: {number: 80}}}
                      - path: /api(/|$)(.*)
                        pathType: ImplementationSpecific
                        backend: {service: {name: a, port: {number: 80}}}
            """);
    assertEquals(
        List.of("Secret default/a", "ConfigMap default/b", "Ingress default/c"),
        Reading.names(manifests));
    assertEquals(0, manifests.verdicts().size(), manifests.verdicts().toString());
  }
}
