package io.isoline.controlplane.lab;

import io.isoline.controlplane.envoy.DockerEngine;
import java.nio.file.Files;
import java.nio.file.Path;

/** What there is on this machine to run tests on. */
sealed interface ClusterChoice {

  /**
   * {@code required} makes a failure of what would be skipped; {@code off} skips all tests that
   * need a cluster.
   */
  String PROPERTY = "isoline.lab";

  /** The path of {@code lab.sh}, where it is not beside the checkout. */
  String LAB_VARIABLE = "ISOLINE_LAB";

  /** A kubeconfig file for a cluster that tests may use. */
  String KUBECONFIG_VARIABLE = "ISOLINE_TEST_KUBECONFIG";

  /** Starts it, or connects to it; {@code name} tells several of a run apart. */
  Cluster start(String name);

  /** Nothing to run on. */
  record None(String reason) implements ClusterChoice {
    @Override
    public Cluster start(String name) {
      throw new IllegalStateException(reason);
    }
  }

  /** The lab: an API server, pods that answer, components that can be made to fail. */
  record OfLab(Path script) implements ClusterChoice {
    @Override
    public Cluster start(String name) {
      return Lab.start(script, Path.of("target", "lab", name).toAbsolutePath());
    }
  }

  /** A cluster that runs already. */
  record Existing(Path kubeconfig) implements ClusterChoice {
    @Override
    public Cluster start(String name) {
      return new ExistingCluster(kubeconfig);
    }
  }

  /** K3s in a container. */
  record K3s() implements ClusterChoice {
    @Override
    public Cluster start(String name) {
      return K3sCluster.start();
    }
  }

  static boolean required() {
    return System.getProperty(PROPERTY, "").equals("required");
  }

  /** For tests that need an API server. */
  static ClusterChoice ofCluster() {
    if (off()) {
      return new None("-D%s=off skips the tests on an API server".formatted(PROPERTY));
    }
    String kubeconfig = System.getenv().getOrDefault(KUBECONFIG_VARIABLE, "");
    if (!kubeconfig.isEmpty()) {
      return new Existing(Path.of(kubeconfig));
    }
    Path script = script();
    if (Files.isExecutable(script)) {
      return new OfLab(script);
    }
    String docker = DockerEngine.problem();
    if (docker == null) {
      return new K3s();
    }
    return new None(
        "needs an API server: have the lab at %s or %s=/path/to/lab.sh, set %s=FILE, or start Docker (%s)"
            .formatted(script, LAB_VARIABLE, KUBECONFIG_VARIABLE, docker));
  }

  /** For tests that need the pods and the network of the lab, or its failures. */
  static ClusterChoice ofLab() {
    if (off()) {
      return new None("-D%s=off skips the tests in the lab".formatted(PROPERTY));
    }
    Path script = script();
    return Files.isExecutable(script)
        ? new OfLab(script)
        : new None(
            "needs the lab, whose pods answer and whose parts can be stopped: have it at %s or set %s"
                    .formatted(script, LAB_VARIABLE)
                + "=/path/to/lab.sh");
  }

  private static boolean off() {
    return System.getProperty(PROPERTY, "").equals("off");
  }

  private static Path script() {
    String named = System.getenv().getOrDefault(LAB_VARIABLE, "");
    return named.isEmpty()
        ? Path.of("../../shared/lab/lab.sh").toAbsolutePath().normalize()
        : Path.of(named).toAbsolutePath();
  }
}
