package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.isoline.controlplane.certs.CertificateSet;
import io.isoline.controlplane.lab.Cluster;
import io.isoline.controlplane.lab.WithLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoline certs} and a real API server. */
@WithLab
class CertsIT {

  private final Cluster cluster;
  @TempDir private Path directory;
  private String namespace = "";

  CertsIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void makeNamespace() {
    namespace = cluster.newNamespace();
  }

  /** As a Job does, it tries again while a machine under load takes its time to connect. */
  private CommandRun apply(Path kubeconfig, String... further) {
    List<String> command =
        new ArrayList<>(
            List.of("certs", "--apply", "--namespace=" + namespace, "--kubeconfig=" + kubeconfig));
    command.addAll(List.of(further));
    for (int i = 1; ; i++) {
      CommandRun run = CommandRun.of(command.toArray(String[]::new));
      if (!run.err().contains("has been exceeded") || i == 6) {
        return run;
      }
    }
  }

  private List<Secret> secrets() {
    return cluster.client().secrets().inNamespace(namespace).list().getItems();
  }

  private List<String> problems() {
    return Stream.of(CertificateSet.values())
        .flatMap(set -> set.renew(secrets(), namespace, Instant.now()).reasons().stream())
        .toList();
  }

  @Test
  void apply_nothingThere_makesAllAndThenNothing() {
    assertEquals(
        new CommandRun(
            0,
            """
            secret/isoline-ca created
            secret/isoline-xds-server created
            secret/isoline-xds-client created
            secret/isoline-default-certificate created
            """,
            ""),
        apply(cluster.kubeconfig()));
    List<Secret> made = secrets();
    assertEquals(4, made.size());
    CommandRun again = apply(cluster.kubeconfig());
    assertEquals(0, again.status());
    assertTrue(again.out().startsWith("nothing is due"), again.out());
    assertEquals(made, secrets());
  }

  @Test
  void apply_oneIsBroken_isMadeAnew() {
    CommandRun first = apply(cluster.kubeconfig());
    assertEquals(0, first.status(), first.err());
    cluster.kubectl(
        "patch",
        "secret",
        "isoline-xds-client",
        "--namespace=" + namespace,
        "--type=json",
        "--patch=[{\"op\": \"replace\", \"path\": \"/data/tls.key\", \"value\": \"bm8=\"}]");
    CommandRun run = apply(cluster.kubeconfig());
    assertEquals(
        "secret/isoline-xds-client renewed: it held no certificate with its key\n", run.out());
    assertEquals(List.of(), problems());
  }

  @Test
  void apply_manyAtOnce_agree() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<CommandRun>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        runs.add(() -> apply(cluster.kubeconfig()));
      }
      for (Future<CommandRun> run : threads.invokeAll(runs)) {
        assertEquals(0, run.get().status(), run.get().err());
      }
    }
    assertEquals(List.of(), problems());
  }

  @Test
  void apply_secretsOfSomebodyElse_areLeftAlone() {
    cluster.kubectl(
        "create",
        "secret",
        "generic",
        "isoline-xds-server",
        "--namespace=" + namespace,
        "--from-literal=tls.crt=mine");
    CommandRun alone = apply(cluster.kubeconfig());
    assertEquals(2, alone.status());
    assertTrue(alone.err().contains("isoline-xds-server in namespace " + namespace), alone.err());
    assertTrue(alone.err().contains("there is no isoline-ca, isoline-xds-client"), alone.err());
    cluster.kubectl(
        "create",
        "secret",
        "generic",
        "isoline-xds-client",
        "--namespace=" + namespace,
        "--from-literal=tls.crt=mine");
    CommandRun both = apply(cluster.kubeconfig());
    assertEquals(0, both.status());
    assertTrue(
        both.out().startsWith("left alone: isoline-xds-server, isoline-xds-client"), both.out());
    assertEquals(3, secrets().size(), "the default certificate does not depend on them");
  }

  @Test
  void apply_onlyDefault_makesThatAlone() {
    assertEquals(
        new CommandRun(0, "secret/isoline-default-certificate created\n", ""),
        apply(cluster.kubeconfig(), "--only=default"));
    assertEquals(1, secrets().size());
  }

  @Test
  void apply_withoutTheRights_saysWhichAreNeeded() throws IOException {
    Path kubeconfig = Files.copy(cluster.kubeconfig(), directory.resolve("kubeconfig"));
    String token =
        cluster.kubectl("create", "token", "default", "--namespace=" + namespace).strip();
    cluster.kubectl(
        "config", "set-credentials", "nobody", "--token=" + token, "--kubeconfig=" + kubeconfig);
    cluster.kubectl(
        "config", "set-context", "--current", "--user=nobody", "--kubeconfig=" + kubeconfig);
    CommandRun run = apply(kubeconfig);
    assertEquals(2, run.status());
    assertTrue(run.err().contains("forbidden"), run.err());
    assertTrue(run.err().contains("the verbs get and update for the Secrets"), run.err());
    assertFalse(run.err().contains("Exception"), run.err());
  }

  @Test
  void printed_applied_areTheSameAsThoseOfApply() {
    CommandRun printed = CommandRun.of("certs");
    assertEquals(0, printed.status());
    cluster.apply(namespace, printed.out());
    assertEquals(List.of(), problems());
    assertTrue(apply(cluster.kubeconfig()).out().startsWith("nothing is due"));
  }

  @Test
  void apply_noServerThere_saysSo() throws IOException {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: none, cluster: {server: "http://127.0.0.1:1"}}]
        contexts: [{name: none, context: {cluster: none}}]
        current-context: none
        """);
    CommandRun run = apply(kubeconfig);
    assertEquals(2, run.status());
    assertTrue(run.err().contains("127.0.0.1:1"), run.err());
    assertTrue(run.err().contains("cannot be reached"), run.err());
  }
}
