package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The formats of {@code lint} for programs. */
final class LintFormatsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String MANIFEST =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: a
        annotations:
          haproxy.org/auth-type: basic-auth
          nginx.ingress.kubernetes.io/enable-rewrite-log: "true"
      spec:
        ingressClassName: isoline
        rules:
        - host: "a.example.com:80"
        - host: b.example.com
          http:
            paths:
            - {path: "/100%,::error::x", pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}
            - {path: /y/*, pathType: Prefix, backend: {service: {name: b, port: {number: 80}}}}
      """;

  @TempDir private Path directory;

  @Test
  void sarif_ofFindings_keepsTheSchema() throws IOException {
    JsonNode log = sarif("a.yaml", MANIFEST);

    assertEquals(List.of(), schema().problems(log));
    assertEquals("2.1.0", log.path("version").asText());
    JsonNode run = log.path("runs").get(0);
    List<String> levels = new ArrayList<>();
    for (JsonNode result : run.path("results")) {
      JsonNode rule = run.path("tool").path("driver").path("rules").get(result.path("ruleIndex").asInt());
      assertEquals(rule.path("id").asText(), result.path("ruleId").asText());
      levels.add(result.path("level").asText());
    }
    assertEquals(List.of("error", "warning", "error", "error", "warning", "note"), levels);
  }

  @Test
  void sarif_ofNothing_keepsTheSchema() throws IOException {
    JsonNode log =
        sarif("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: []}\n");
    assertEquals(List.of(), schema().problems(log));
    assertTrue(log.path("runs").get(0).path("results").isArray());
    assertTrue(log.path("runs").get(0).path("results").isEmpty());
  }

  @Test
  void sarif_places_areFileAndLine() throws IOException {
    JsonNode place =
        sarif("a.yaml", MANIFEST)
            .path("runs")
            .get(0)
            .path("results")
            .get(0)
            .path("locations")
            .get(0)
            .path("physicalLocation");
    assertEquals(6, place.path("region").path("startLine").asInt());
    assertEquals(5, place.path("region").path("startColumn").asInt());
    assertTrue(
        place.path("artifactLocation").path("uri").asText().startsWith("file:///"),
        place.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'version': '2.0.0', 'runs': []}",
        "{'version': '2.1.0', 'runs': [{}]}",
        "{'version': '2.1.0', 'runs': [{'tool': {'driver': {}}}]}",
        "{'version': '2.1.0', 'runs': [{'tool': {'driver': {'name': 'x', 'nam': 'x'}}}]}",
        "{'version': '2.1.0', 'runs': [{'tool': {'driver': {'name': 'x'}}, 'results': [{}]}]}",
        "{'version': '2.1.0', 'runs': [{'tool': {'driver': {'name': 'x'}}, 'results':"
            + " [{'message': {'text': 'x'}, 'level': 'bad'}]}]}",
        "{'version': '2.1.0', 'runs': [{'tool': {'driver': {'name': 'x'}}, 'results':"
            + " [{'message': {'text': 'x'}, 'ruleIndex': -2}]}]}",
      })
  void schema_ofWhatIsNoSarif_saysSo(String text) throws IOException {
    assertFalse(schema().problems(JSON.readTree(text.replace('\'', '"'))).isEmpty());
  }

  @Test
  void github_ofFindings_isACommandALine() throws IOException {
    CommandRun run = lint("a.yaml", MANIFEST, "github");
    String file = directory.resolve("a.yaml").toString();

    List<String> lines = run.out().lines().toList();
    assertEquals(6, lines.size(), run.out());
    assertTrue(
        lines
            .getFirst()
            .startsWith(
                "::error file="
                    + file
                    + ",line=6,col=5,title=Unprotected::Ingress default/a metadata.annotations["),
        lines.getFirst());
    assertTrue(lines.getFirst().contains("%0Afix: "), lines.getFirst());
    assertTrue(lines.stream().anyMatch(line -> line.contains("/100%25,::error::x")), run.out());
    assertEquals(1, run.status());
  }

  @Test
  void github_fileWithSigns_isEscaped() throws IOException {
    CommandRun run = lint("a,b:c%d.yaml", MANIFEST, "github");
    assertTrue(run.out().contains("a%2Cb%3Ac%25d.yaml,line=6"), run.out());
  }

  private static JsonSchema schema() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            LintFormatsTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"))) {
      return new JsonSchema(JSON.readTree(in));
    }
  }

  private JsonNode sarif(String name, String text) throws IOException {
    return JSON.readTree(lint(name, text, "sarif").out());
  }

  private CommandRun lint(String name, String text, String format) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    return CommandRun.of("lint", "-o", format, "-f", file.toString());
  }
}
