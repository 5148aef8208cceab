package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.isoline.controlplane.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, hosts and paths that would move a terminal's cursor, or forge lines of their own. */
class HostileNamesTest {

  private static final String EVIL = "x\\n/a.yaml:1:1: ok: Ingress a\\e[2J\\u009b2J\\u202e\\r";

  private static final String MANIFEST =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: "EVIL"}
      ---
      apiVersion: "EVIL"
      kind: "EVIL"
      metadata: {name: "EVIL", namespace: "EVIL"}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: a, annotations: {"EVIL": a, "nginx.ingress.kubernetes.io/EVIL": "EVIL"}}
      spec:
        "EVIL": 1
        ingressClassName: "EVIL"
        defaultBackend: {service: {name: "EVIL", port: {name: "EVIL"}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: b}
      spec:
        tls: [{hosts: ["EVIL"], secretName: "EVIL"}]
        rules:
          - host: "EVIL"
          - host: a.test
            http:
              paths:
                - {path: "/EVIL", pathType: Prefix, backend: {service: {name: "EVIL", port: {name: "EVIL"}}}}
                - {path: /, pathType: "EVIL", backend: {service: {name: a, port: {number: 80}}}}
                - {path: /b, pathType: Exact, backend: {serviceName: "EVIL", servicePort: "EVIL"}}
      ---
      apiVersion: networking.k8s.io/v1beta1
      kind: Ingress
      metadata: {name: c}
      spec: {backend: {serviceName: "EVIL", servicePort: "EVIL"}}
      """;

  @TempDir private Path directory;

  private Path write() throws IOException {
    return Files.writeString(directory.resolve("a.yaml"), MANIFEST.replace("EVIL", EVIL));
  }

  private record Output(String out, String err) {}

  private static Output run(boolean colored, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), colored, Map.of()),
        arguments);
    return new Output(out.toString(), err.toString());
  }

  private static void assertPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      assertTrue(
          c == '\n' || (c >= ' ' && c != 0x7f && (c < 0x80 || c > 0x9f) && c != 0x202e),
          "U+%04X in %s".formatted((int) c, text));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "yaml"})
  void lint_everyOutput_isPrintable(String format) throws IOException {
    Output output = run(false, "lint", "-o", format, "-f", write().toString());
    assertPrintable(output.out());
    assertPrintable(output.err());
  }

  @Test
  void lint_text_noLineIsForged() throws IOException {
    Path file = write();
    for (String line : run(false, "lint", file.toString()).out().lines().toList()) {
      assertTrue(line.startsWith(file + ":") || line.startsWith("    "), line);
    }
  }

  @Test
  void lint_inColors_hasNoStyleButOurs() throws IOException {
    String out = run(true, "lint", write().toString()).out();
    assertPrintable(out.replaceAll("\u001b\\[(0|1|2|31|32|33)m", ""));
  }

  @Test
  void lint_json_holdsTheNameAsItIs() throws IOException {
    String name =
        new ObjectMapper()
            .readTree(run(false, "lint", "-o", "json", write().toString()).out())
            .findValuesAsText("name")
            .getFirst();
    assertEquals("x\n/a.yaml:1:1: ok: Ingress a\u001b[2J\u009b2J\u202e\r", name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "yaml"})
  void translate_everyOutput_isPrintable(String format) throws IOException {
    Output output = run(false, "translate", "-o", format, write().toString());
    assertPrintable(output.out());
    assertPrintable(output.err());
  }

  @Test
  void fileName_withEscapes_isPrintable() throws IOException {
    Path file = Files.writeString(directory.resolve("a\u001b[2J\n.yaml"), "kind: [\n");
    Output output = run(false, "lint", file.toString());
    assertPrintable(output.out());
    assertTrue(
        output.out().startsWith(directory + "/a\\u001B[2J\\n.yaml:1:7: refused: "), output.out());
  }
}
