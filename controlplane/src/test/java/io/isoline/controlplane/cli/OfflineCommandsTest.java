package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineCommandsTest {

  private static final Path EXAMPLES = Path.of("../examples");

  @TempDir private Path directory;
  private String file = "";

  @BeforeEach
  void name() {
    file = directory.resolve("web.yaml").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kuar", "tls", "echoserver", "echo", "default-backend"})
  void lint_examples_nothingToLookAt(String example) {
    CommandRun run = CommandRun.of("lint", "-f", EXAMPLES.resolve(example).toString());
    assertEquals(0, run.status(), run.out() + run.err());
  }

  @Test
  void translate_certificateForBackends_keyIsLeftOut() {
    CommandRun run =
        CommandRun.of(
            "translate", "-f", "../translator/src/test/resources/golden/backend-tls/manifest.yaml");
    assertTrue(run.out().contains("tls_certificates"), run.out());
    assertTrue(run.out().contains("(left out)"), run.out());
    assertFalse(run.out().contains("PRIVATE KEY"), run.out());
    // "-----BEGIN PRIVATE" in Base64.
    assertFalse(run.out().contains("LS0tLS1CRUdJTiBQUklWQVRF"), run.out());
  }

  @Test
  void lint_missingService_placeAndFixAndStatusOne() throws IOException {
    write("web");
    CommandRun run = CommandRun.of("lint", "--strict", "--quiet", "-f", file);
    assertEquals(1, run.status());
    assertTrue(run.out().startsWith(file + ":10:"), run.out());
    assertTrue(run.out().contains("default/web"), run.out());
    assertTrue(run.out().contains("    fix: "), run.out());
    assertTrue(run.err().contains("1 object, 1 to look at."), run.err());
  }

  @Test
  void lint_json_samePlace() throws IOException {
    write("web");
    CommandRun run = CommandRun.of("lint", "--strict", "-o", "json", "-f", file);
    JsonNode tree = new ObjectMapper().readTree(run.out());
    assertEquals(1, tree.path("findings").asInt());
    JsonNode verdict = tree.path("verdicts").get(0);
    assertEquals("Refused", verdict.path("outcome").asText());
    assertEquals("BackendNotFound", verdict.path("reason").asText());
    assertEquals("Ingress", verdict.path("object").path("kind").asText());
    assertEquals(file, verdict.path("position").path("file").asText());
    assertEquals(10, verdict.path("position").path("line").asInt());
  }

  @Test
  void lint_ingressWithoutClass_oursUnlessToldOtherwise() throws IOException {
    write("web");
    CommandRun ours = CommandRun.of("lint", "-f", file);
    assertTrue(ours.err().contains("--no-ingress-without-class"), ours.err());
    CommandRun other = CommandRun.of("lint", "--no-ingress-without-class", "-f", file);
    assertTrue(other.out().contains("--ingress-without-class serves them"), other.out());
    assertFalse(other.err().contains("without a class"), other.err());
  }

  @Test
  void lint_filesWithoutEndpointSlices_saysWhereEachPathGoes() {
    CommandRun run = CommandRun.of("lint", "-f", EXAMPLES.resolve("kuar").toString());
    assertEquals(0, run.status(), run.out());
    assertTrue(
        run.out().contains("ok: Ingress default/host-ingress spec.rules[0].http.paths[0]"),
        run.out());
  }

  @Test
  void lint_missingFile_failure() {
    assertEquals(2, CommandRun.of("lint", "-f", file).status());
  }

  @Test
  void translate_yaml_resourcesByType() throws IOException {
    CommandRun run = CommandRun.of("translate", "-f", EXAMPLES.resolve("kuar").toString());
    assertEquals(0, run.status(), run.err());
    JsonNode tree = new ObjectMapper(new YAMLFactory()).readTree(run.out());
    assertEquals(3, tree.path("clusters").size());
    assertEquals("ingress", tree.path("routes").get(0).path("name").asText());
  }

  @Test
  void translate_twice_sameText() {
    String path = EXAMPLES.resolve("tls").toString();
    assertEquals(
        CommandRun.of("translate", "-f", path).out(), CommandRun.of("translate", "-f", path).out());
  }

  @Test
  void translate_secret_keyLeftOut() {
    CommandRun run = CommandRun.of("translate", "-f", EXAMPLES.resolve("tls").toString());
    assertTrue(run.out().contains("(left out)"), run.out());
    assertFalse(run.out().contains("PRIVATE KEY"), run.out());
  }

  private void write(String service) throws IOException {
    Files.writeString(
        Path.of(file),
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
        spec:
          rules:
            - http:
                paths:
                  - path: /
                    backend:
                      service:
                        name: %s
                        port:
                          number: 80
                    pathType: Prefix
        """
            .formatted(service));
  }
}
