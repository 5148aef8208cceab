package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignFileTest {

  private static final String INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n";

  static List<Arguments> files() {
    return List.of(
        Arguments.of(
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "Helm chart",
            "`helm template web | isoline lint -f -`"),
        Arguments.of(
            "my web/values.yaml",
            "ingress:\n  enabled: true\n",
            "values of a Helm chart",
            "`helm template 'my web' -f 'my web/values.yaml' | isoline lint -f -`"),
        Arguments.of(
            "values-prod.yaml",
            "a: 1\n",
            "values of a Helm chart",
            "`helm template . -f values-prod.yaml | isoline lint -f -`"),
        Arguments.of(
            "o/kustomization.yaml",
            "resources: [../base]\n",
            "kustomization",
            "`kubectl kustomize o | isoline lint -f -`"),
        Arguments.of(
            "a.yaml",
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
            "kustomization",
            "`kubectl kustomize . | isoline lint -f -`"),
        Arguments.of(
            "compose.yaml",
            "services: {web: {image: nginx}}\n",
            "Compose",
            "`kompose convert -f compose.yaml --stdout | isoline lint -f -`"),
        Arguments.of(
            "stack.yml", "version: '3'\nservices: {web: {build: .}}\n", "Compose", "kompose"),
        Arguments.of("package.json", "{\"name\": \"a\", \"version\": \"1\"}", "JavaScript", "leave"),
        Arguments.of(
            "p.json",
            "[{\"op\": \"replace\", \"path\": \"/spec\", \"value\": 1}]",
            "JSON patch (RFC 6902)",
            "kubectl kustomize"),
        Arguments.of(
            "p.yaml", "- op: remove\n  path: /spec/tls\n", "JSON patch", "kubectl kustomize"),
        Arguments.of(
            "p.yaml",
            "$patch: delete\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
            "patch of kustomize",
            "kubectl kustomize"),
        Arguments.of(
            "p.yaml",
            INGRESS + "spec: {rules: [{$patch: delete, host: x.example.com}]}\n",
            "patch of kustomize",
            "kubectl kustomize"),
        Arguments.of(
            "p.yaml",
            INGRESS + "spec: {$setElementOrder/tls: [], tls: []}\n",
            "patch of kustomize",
            "kubectl kustomize"),
        Arguments.of(
            "p.yaml",
            INGRESS + "metadata: {name: a, $deleteFromPrimitiveList/finalizers: [b]}\n",
            "patch of kustomize",
            "kubectl kustomize"),
        Arguments.of(
            "web/values.schema.json",
            "{\"$schema\": \"a\", \"properties\": {}}",
            "JSON schema of a Helm chart's values",
            "leave"),
        Arguments.of(
            "web/ci/small-values.yaml",
            "a: 1\n",
            "values of a Helm chart",
            "`helm template web -f web/ci/small-values.yaml | isoline lint -f -`"),
        Arguments.of(
            "ci/small-values.yaml",
            "a: 1\n",
            "values of a Helm chart",
            "`helm template . -f ci/small-values.yaml | isoline lint -f -`"),
        Arguments.of(
            "helmfile.yaml", "releases: [{name: a, chart: b}]\n", "Helmfile", "helmfile -f"),
        Arguments.of(
            "skaffold.yaml", "apiVersion: skaffold/v4beta1\nkind: Config\n", "Skaffold", "render"),
        Arguments.of("ci.yaml", "on: push\njobs: {a: {}}\n", "GitHub Actions", "leave"),
        Arguments.of("api.yaml", "openapi: 3.1.0\ninfo: {}\npaths: {}\n", "OpenAPI", "leave"),
        Arguments.of("site.yaml", "- hosts: all\n  tasks: []\n", "Ansible", "leave"),
        Arguments.of("isoline.yaml", "trustedHops: 1\n", "Isoline", "--config isoline.yaml"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void fileOfAnotherTool_isKnownAndNoFinding(String file, String text, String what, String run) {
    var manifests = new ManifestReader().readText(file, text);
    Verdict verdict = Reading.only(manifests, Reason.IgnoredKind);
    assertEquals(List.of(verdict), manifests.verdicts());
    assertFalse(verdict.isFinding());
    assertTrue(verdict.message().contains(what), verdict.message());
    assertTrue(verdict.message().endsWith("not a manifest"), verdict.message());
    assertTrue(verdict.fix().contains(run), verdict.fix());
  }

  @Test
  void objectWithoutItsType_isStillAFinding() {
    var manifests = Reading.of("metadata: {name: a}\nspec: {rules: []}\n");
    assertTrue(Reading.only(manifests, Reason.InvalidValue).message().contains("neither"));
  }

  @Test
  void placeholderThatIsNoDirective_isStillAFinding() {
    var manifests = Reading.of(INGRESS + "metadata: {name: a}\nspec: {rules: [{$patches: b}]}\n");
    assertTrue(Reading.only(manifests, Reason.InvalidValue).message().contains("placeholder"));
  }

  @Test
  void listOfObjects_isToldHowToBeAList() {
    var manifests = Reading.of("[{apiVersion: v1, kind: Service, metadata: {name: a}}]");
    assertTrue(Reading.only(manifests, Reason.InvalidValue).fix().contains("kind: List"));
  }

  @Test
  void patch_thatAKustomizationNames_isNoObject(@TempDir Path directory) throws IOException {
    Path overlay = Files.createDirectories(directory.resolve("a-overlay/patches"));
    Path base = Files.createDirectory(directory.resolve("base"));
    Files.writeString(base.resolve("web.yaml"), Reading.service("web", 80));
    Files.writeString(overlay.resolve("web.yaml"), Reading.service("web", 81));
    Files.writeString(overlay.resolve("tls.yaml"), Reading.service("web", 82));
    Files.writeString(
        overlay.resolveSibling("kustomization.yaml"),
        """
        resources: [../base]
        patches: [{path: patches/web.yaml}]
        patchesStrategicMerge: [./patches/tls.yaml, "{a: 1}"]
        """);
    var manifests = new ManifestReader().read(List.of(directory));
    assertEquals(
        base.resolve("web.yaml").toString(), manifests.objects().getFirst().file());
    assertEquals(1, manifests.objects().size());
    assertEquals(3, manifests.verdicts().size());
    assertTrue(
        manifests.verdicts().stream().noneMatch(Verdict::isFinding),
        manifests.verdicts().toString());
    Verdict patch = manifests.verdicts().getLast();
    assertTrue(patch.message().contains("kustomization.yaml lays over"), patch.message());
    assertTrue(patch.fix().contains("kubectl kustomize"), patch.fix());
  }
}
