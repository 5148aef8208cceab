package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateFileTest {

  private static Manifests read(String file, String text) {
    return new ManifestReader().readText(file, text);
  }

  @Test
  void template_ofHelm_hasOneVerdictAtItsFirstAction() {
    var manifests =
        read(
            "web/templates/ingress.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: a
              annotations:
                # {{ a comment }}
                x: "y"
                {{- if .Values.foo }}
                z: "y"
                {{- end }}
            spec:
              rules:
              {{- range .Values.hosts }}
                - host: {{ . | quote }}
              {{- end }}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ include "web.fullname" . }}
            """);
    Verdict verdict = Reading.only(manifests, Reason.Unreadable);
    assertEquals(List.of(verdict), manifests.verdicts());
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(ObjectRef.file("web/templates/ingress.yaml"), verdict.object());
    assertEquals(
        "a template, as `{{- if .Values.foo }}` shows: render it first", verdict.message());
    assertEquals("`helm template web | isoline lint -f -`", verdict.fix());
    assertEquals("8:5", Reading.at(manifests, verdict));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: \"{{ .Release.Name }}\"|host: a.test|4:9",
        "name: a|host: \"{{ .Values.host }}\"|7:13",
        "name: a|host: '{{ host }}'|7:13",
        "name: a|host: {{ host }}|7:13",
        "name: {{ .Release.Name }}-web|host: a.test|4:9",
        "name: a-{{ .Release.Name }}|host: a.test|4:9",
        "{{- include \"labels\" . }}|host: a.test|4:3",
        "{% if a %}|host: a.test|4:3",
      })
  void template_whereverItsActionIs_hasOneVerdict(String name, String host, String at) {
    var manifests =
        Reading.of(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              %s
            spec:
              rules:
                - %s
                  http:
                    paths:
                      - path: /{{ "x" }}
                        pathType: Prefix
                        backend: {service: {name: a, port: {number: 80}}}
            """
                .formatted(name, host));
    Verdict verdict = Reading.only(manifests, Reason.Unreadable);
    assertEquals(List.of(verdict), manifests.verdicts());
    assertTrue(verdict.message().startsWith("a template"), verdict.message());
    assertTrue(verdict.fix().contains("`helm template … | isoline lint -f -`"), verdict.fix());
    assertEquals(at, Reading.at(manifests, verdict));
    assertEquals(List.of(), manifests.objects());
  }

  @Test
  void template_besideGoodDocuments_theseAreRead() {
    var manifests =
        Reading.of(
            Reading.service("a", 80)
                + "---\n{{- if .Values.b }}\n"
                + Reading.service("b", 80)
                + "{{- end }}\n---\n"
                + Reading.service("c", 80));
    assertEquals(List.of("Service default/a", "Service default/c"), Reading.names(manifests));
    assertEquals("9:1", Reading.at(manifests, Reading.only(manifests, Reason.Unreadable)));
  }

  @Test
  void objectOfAnotherKind_withActionsInItsText_isNoTemplate() {
    var manifests =
        Reading.of(
            """
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata: {name: a}
            spec:
              groups:
                - rules:
                    - annotations: {summary: "{{ $labels.instance }} is down"}
            """);
    assertEquals(
        List.of(Reason.IgnoredKind), manifests.verdicts().stream().map(Verdict::reason).toList());
  }

  @Test
  void syntaxError_besideTextWithActions_isToldAsItIs() {
    var manifests =
        Reading.of("a: \"{{ $labels.instance }}\"\nb:\n\tc: 1\n");
    assertTrue(
        Reading.only(manifests, Reason.Unreadable).message().contains("indented with a tab"),
        manifests.verdicts().toString());
  }
}
