package io.isoline.controlplane.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Isoline as its chart installs it: two control planes, and an Envoy on each node. */
final class Installation {

  private static final String CHART = Path.of("../charts/isoline").toAbsolutePath().toString();

  /** Longer than helm waits, so that it can say for what. */
  private static final long HELM_LIMIT_SECONDS = 5 * 60;

  /** The container of a control plane. */
  private static final String CONTROL_PLANE = "isoline";

  /** The container of an Envoy. */
  private static final String ENVOY = "envoy";

  private final Lab lab;
  private final String release;
  private final String namespace;

  private Installation(Lab lab, String release, String namespace) {
    this.lab = lab;
    this.release = release;
    this.namespace = namespace;
  }

  /**
   * Installs it and waits for all pods.
   *
   * @param arguments further ones for helm
   */
  static Installation install(Lab lab, String release, String namespace, String... arguments) {
    lab.startNetwork();
    Installation installation = new Installation(lab, release, namespace);
    installation.upgrade(arguments);
    return installation;
  }

  /** Installs it and waits for nothing. */
  static Installation begin(Lab lab, String release, String namespace, String... arguments) {
    lab.startNetwork();
    Installation installation = new Installation(lab, release, namespace);
    installation.apply(List.of(), arguments);
    return installation;
  }

  /** {@code helm upgrade --install}, and waits for all pods. */
  void upgrade(String... arguments) {
    apply(List.of("--wait", "--timeout=4m"), arguments);
  }

  private void apply(List<String> options, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "upgrade",
                "--install",
                release,
                CHART,
                "--namespace",
                namespace,
                "--create-namespace"));
    command.addAll(options);
    command.addAll(List.of(arguments));
    helm(command.toArray(String[]::new));
  }

  /** Runs helm; the namespace is up to the arguments. */
  String helm(String... arguments) {
    List<String> command = lab.command("helm");
    command.addAll(List.of(arguments));
    Output run = Output.of(new ProcessBuilder(command), "", HELM_LIMIT_SECONDS);
    if (run.status() != 0) {
      throw new AssertionError(run + "\n" + lab.tryKubectl("get", "pods,events", "-A").text());
    }
    return run.text();
  }

  String namespace() {
    return namespace;
  }

  /** Where clients reach it. */
  String address() {
    return lab.kubectl(
        "get",
        "service",
        "-n",
        namespace,
        release + "-envoy",
        "-o=jsonpath={.status.loadBalancer.ingress[0].ip}");
  }

  List<String> controlPlanes() {
    return pods("control-plane");
  }

  List<String> envoys() {
    return pods("envoy");
  }

  private List<String> pods(String component) {
    String names =
        lab.kubectl(
            "get",
            "pods",
            "-n",
            namespace,
            "-l",
            "app.kubernetes.io/component=" + component,
            "-o=jsonpath={.items[*].metadata.name}");
    return List.of(names.split(" ", -1));
  }

  /** The pod that writes status and events. */
  String leader() {
    String holder =
        lab.kubectl(
            "get",
            "lease",
            "-n",
            namespace,
            release + "-leader",
            "-o=jsonpath={.spec.holderIdentity}");
    // NAME@HOST:PORT
    return holder.replaceFirst("@.*", "");
  }

  void killControlPlane(String pod) {
    lab.kill(namespace, pod, CONTROL_PLANE);
  }

  void killEnvoy(String pod) {
    lab.kill(namespace, pod, ENVOY);
  }

  /** How often the Envoy of a pod was started again. */
  int restarts(String pod) {
    return Integer.parseInt(
        lab.kubectl(
            "get",
            "pod",
            "-n",
            namespace,
            pod,
            "-o=jsonpath={.status.containerStatuses[?(@.name==\"envoy\")].restartCount}"));
  }

  /** Returns when all pods are ready. */
  void awaitReady() {
    for (String workload :
        List.of("deployment/" + release + "-controlplane", "daemonset/" + release + "-envoy")) {
      lab.kubectl("rollout", "status", "-n", namespace, "--timeout=90s", workload);
    }
  }
}
