package io.isoline.controlplane.chart;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.isoline.controlplane.lab.Cluster;
import io.isoline.controlplane.lab.WithLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the API server says to each rendering: every field is known to it, every object is good, and
 * pods are allowed in a namespace of the strictest level of Pod Security.
 */
@WithLab
class AdmissionIT {

  private static final Path CRDS = Path.of("src/test/resources/chart-crds/crds.yaml");

  /** Ports of a node are beyond what any level but privileged allows. */
  private static final Set<String> ON_THE_NODE = Set.of("host-network", "host-port", "ports");

  @TempDir private Path directory;
  private static Helm helm;

  @BeforeAll
  static void prepare(Cluster cluster) {
    helm = Helm.orSkip();
    cluster.kubectl("apply", "-f", CRDS.toString());
    cluster.kubectl("wait", "--for=condition=established", "--timeout=60s", "-f", CRDS.toString());
  }

  @AfterAll
  static void removeKinds(Cluster cluster) {
    cluster.kubectl("delete", "--ignore-not-found", "-f", CRDS.toString());
  }

  static Stream<String> valueSets() {
    return Chart.valueSets().stream();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void rendering_isAcceptedWithoutAWarning(String valueSet, Cluster cluster) throws IOException {
    String namespace = namespace(cluster, valueSet);
    // With everything in one namespace, as the others are not there.
    dryRun(
        cluster,
        rendering(valueSet, namespace)
            .replaceAll("(?m)^  namespace: .*$", "  namespace: " + namespace));
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void pods_areAdmitted(String valueSet, Cluster cluster) throws IOException {
    String namespace = namespace(cluster, valueSet);
    Cluster.await(
        "the default ServiceAccount",
        () ->
            !cluster
                .kubectl("get", "serviceaccounts", "-n", namespace, "-o", "name")
                .isBlank());
    StringBuilder pods = new StringBuilder();
    int count = 0;
    for (JsonNode template : Rendering.of(rendering(valueSet, namespace)).pods()) {
      pods.append("---\n").append(Chart.YAML.writeValueAsString(pod(template, ++count, namespace)));
    }
    dryRun(cluster, pods.toString());
  }

  @Test
  void manifestForKubectl_isAcceptedWithoutAWarning(Cluster cluster) throws IOException {
    String[] parts =
        Files.readString(Chart.ROOT.resolve("deploy/isoline.yaml")).split("(?m)^---$", 2);
    // Its namespace, which is not there before.
    dryRun(cluster, parts[0].replace("name: isoline-system", "name: isoline-dry-run"));
    dryRun(cluster, parts[1].replace("isoline-system", namespace(cluster, "defaults")));
  }

  private static String namespace(Cluster cluster, String valueSet) {
    String namespace = cluster.newNamespace();
    String level = ON_THE_NODE.contains(valueSet) ? "privileged" : "restricted";
    for (String mode : new String[] {"enforce", "warn"}) {
      cluster.kubectl(
          "label", "namespace", namespace, "pod-security.kubernetes.io/" + mode + "=" + level);
    }
    return namespace;
  }

  private static String rendering(String valueSet, String namespace) {
    return helm.template("--values", Chart.values(valueSet).toString(), "--namespace", namespace);
  }

  private static JsonNode pod(JsonNode template, int number, String namespace) {
    ObjectNode pod = template.deepCopy();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    pod.withObject("/metadata").put("name", "pod-" + number).put("namespace", namespace);
    // The one that there is.
    pod.withObject("/spec").put("serviceAccountName", "default");
    return pod;
  }

  private void dryRun(Cluster cluster, String objects) throws IOException {
    Path file = Files.writeString(directory.resolve("objects.yaml"), objects);
    String said =
        cluster.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", file.toString());
    assertFalse(said.contains("Warning"), said);
  }
}
