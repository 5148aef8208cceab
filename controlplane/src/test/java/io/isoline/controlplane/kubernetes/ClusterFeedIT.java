package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.Config;
import io.isoline.controlplane.lab.Cluster;
import io.isoline.controlplane.lab.Lab;
import io.isoline.controlplane.lab.Lab.Component;
import io.isoline.controlplane.lab.WithLab;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a real API server: with the rights that are asked for, and while it breaks. */
@WithLab(own = true)
final class ClusterFeedIT {

  /** Patient with a machine under load, but soon to try again. */
  private static final Timing TIMING =
      new Timing(
          Duration.ofSeconds(10),
          Duration.ofSeconds(150),
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  private static final String INGRESS =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: %1$s}
      spec:
        ingressClassName: isoline
        tls: [{hosts: [%1$s.test], secretName: %2$s}]
        defaultBackend: {service: {name: web, port: {number: 80}}}
      ---
      """;

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: %s}
      type: kubernetes.io/tls
      data: {tls.crt: YQ==, tls.key: YQ==}
      ---
      """;

  @TempDir private Path directory;

  private static ApiServer connect(Path kubeconfig) {
    try {
      return ApiServer.of(new ApiServerOptions(kubeconfig, null, null), Map.of());
    } catch (ApiServerException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fed asAdministrator(Cluster cluster, Scope scope) {
    return Fed.from(connect(cluster.kubeconfig()), scope, TIMING);
  }

  private static Scope of(String namespace) {
    return new Scope(Set.of(namespace), null, Scope.Secrets.NAMED);
  }

  /** The kubeconfig of a service account that has no rights yet. */
  private Path account(Cluster cluster, String namespace) throws IOException {
    cluster.kubectl("create", "serviceaccount", "isoline", "-n", namespace);
    String token = cluster.kubectl("create", "token", "isoline", "-n", namespace);
    Config admin = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    String authority =
        admin.getCaCertData() == null
            ? "certificate-authority: " + admin.getCaCertFile()
            : "certificate-authority-data: " + admin.getCaCertData();
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: "%s", %s}}]
        users: [{name: test, user: {token: "%s"}}]
        """
            .formatted(admin.getMasterUrl(), authority, token));
  }

  private static void grant(Cluster cluster, String namespace, String role, String... what) {
    cluster.kubectl(
        concat(
            List.of("create", "role", role, "-n", namespace, "--verb=get,list,watch"),
            List.of(what)));
    cluster.kubectl(
        "create",
        "rolebinding",
        role,
        "-n",
        namespace,
        "--role=" + role,
        "--serviceaccount=" + namespace + ":isoline");
  }

  private static String[] concat(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toArray(String[]::new);
  }

  @Test
  void role_ofOneNamespaceAndOneSecret_isEnough(Cluster cluster) throws IOException {
    String namespace = cluster.newNamespace();
    cluster.apply(namespace, SECRET.formatted("mine") + INGRESS.formatted("web", "mine"));
    try (Fed fed = Fed.from(connect(account(cluster, namespace)), of(namespace), TIMING)) {
      fed.await("it is refused", () -> fed.feed().problems().size() == 3);
      assertTrue(
          fed.feed().problems().stream()
              .anyMatch(
                  problem ->
                      problem.contains("cannot watch resource \"ingresses\"")
                          && problem.endsWith(
                              "grant get, list and watch on ingresses of API group"
                                  + " networking.k8s.io with a Role in namespace "
                                  + namespace)),
          () -> "" + fed.feed().problems());

      grant(cluster, namespace, "services", "--resource=services");
      grant(cluster, namespace, "slices", "--resource=endpointslices.discovery.k8s.io");
      grant(cluster, namespace, "ingresses", "--resource=ingresses.networking.k8s.io");
      fed.awaitLoaded();
      assertEquals(
          "Isoline may not read it",
          fed.unreadable("Secret " + namespace + "/mine") == null
              ? "it was read"
              : String.valueOf(fed.unreadable("Secret " + namespace + "/mine"))
                  .replaceAll("(?s).*(Isoline may not read it).*", "$1"));

      grant(cluster, namespace, "mine", "--resource=secrets", "--resource-name=mine");
      fed.await("the Secret", () -> fed.has("Secret " + namespace + "/mine"));
      assertEquals(List.of(), fed.feed().problems());
      cluster.kubectl("delete", "secret", "mine", "-n", namespace);
      fed.await("the Secret is gone", () -> !fed.has("Secret " + namespace + "/mine"));
    }
  }

  @Test
  void authority_ofAnotherCluster_isNotTrusted(Cluster cluster) throws IOException {
    Path kubeconfig = account(cluster, cluster.newNamespace());
    Path other = directory.resolve("other");
    Files.writeString(
        other,
        Files.readString(kubeconfig)
            .replaceAll("certificate-authority(-data)?: [^},]*", "proxy-url: \"\""));
    try (Fed fed = Fed.from(connect(other), Scope.CLUSTER, TIMING)) {
      fed.await("a problem", () -> !fed.feed().problems().isEmpty());
      assertEquals(1, fed.feed().problems().size());
      assertTrue(
          fed.feed().problems().getFirst().startsWith("no trust between Isoline and API server "),
          () -> "" + fed.feed().problems());
    }
  }

  @Test
  void manySecrets_shareFewConnections(Cluster cluster) throws IOException {
    String namespace = cluster.newNamespace();
    StringBuilder objects = new StringBuilder();
    for (int i = 0; i < 250; i++) {
      objects.append(SECRET.formatted("s" + i)).append(INGRESS.formatted("i" + i, "s" + i));
    }
    cluster.apply(namespace, objects.toString());
    Set<String> before = connections(cluster);
    try (Fed fed = asAdministrator(cluster, of(namespace)).awaitLoaded()) {
      assertEquals(250, fed.names().stream().filter(name -> name.startsWith("Secret ")).count());
      assertEquals(1, fed.batches().size());
      Set<String> added = new TreeSet<>(connections(cluster));
      added.removeAll(before);
      // 253 watches, 100 for a connection, and some for a bad distribution.
      assertTrue(added.size() <= 8, () -> added.size() + " connections");
    }
  }

  /** The local ends of established connections of this machine to the port of the API server. */
  private static Set<String> connections(Cluster cluster) throws IOException {
    Config admin = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    String port = ":%04X".formatted(URI.create(admin.getMasterUrl()).getPort());
    Set<String> open = new TreeSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.strip().split(" +", -1);
        if (columns[2].endsWith(port) && columns[3].equals("01")) {
          open.add(columns[1]);
        }
      }
    }
    return open;
  }

  @Test
  void apiServer_killed_theDifferenceIsReadAndNothingElse(Lab lab) {
    String namespace = lab.newNamespace();
    lab.apply(
        namespace,
        SECRET.formatted("mine")
            + INGRESS.formatted("web", "mine")
            + INGRESS.formatted("other", "mine"));
    try (Fed fed = asAdministrator(lab, of(namespace)).awaitLoaded()) {
      int batches = fed.batches().size();
      lab.kill(Component.KUBE_APISERVER);
      Cluster.await(
          "the API server is back",
          () -> lab.client().network().v1().ingresses().inNamespace(namespace).list() != null);
      lab.kubectl("delete", "ingress", "other", "-n", namespace);

      fed.await("the deletion", () -> !fed.has("Ingress " + namespace + "/other"));
      assertEquals(
          List.of(
              List.of(new Change.Delete(ObjectRef.ingress(namespace, "other")))),
          fed.batches().subList(batches, fed.batches().size()));
      fed.await("no problem", () -> fed.feed().problems().isEmpty());
      assertTrue(fed.feed().isSynced());
    }
  }

  @Test
  void etcd_frozen_whatIsKnownStays(Lab lab) {
    String namespace = lab.newNamespace();
    lab.apply(namespace, SECRET.formatted("mine") + INGRESS.formatted("web", "mine"));
    try (Fed fed = asAdministrator(lab, of(namespace)).awaitLoaded();
        Fed late = frozenWith(lab, namespace)) {
      assertTrue(fed.has("Ingress " + namespace + "/web"));
      assertFalse(late.feed().isSynced());
      lab.resume(Component.ETCD);
      late.awaitLoaded();
      lab.apply(namespace, INGRESS.formatted("new", "mine"));
      fed.await("the new one", () -> fed.has("Ingress " + namespace + "/new"));
      late.await("the new one", () -> late.has("Ingress " + namespace + "/new"));
      assertTrue(fed.has("Ingress " + namespace + "/web"));
    } finally {
      lab.resume(Component.ETCD);
    }
  }

  /** A feed that is started while etcd does not answer, and has noticed it. */
  private static Fed frozenWith(Lab lab, String namespace) {
    lab.freeze(Component.ETCD);
    Timing impatient =
        new Timing(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            TIMING.firstRetry(),
            TIMING.lastRetry(),
            TIMING.optionalRetry(),
            TIMING.hold());
    Fed late = Fed.from(connect(lab.kubeconfig()), of(namespace), impatient);
    late.await("a problem", () -> !late.feed().problems().isEmpty());
    return late;
  }

  @Test
  void apiServer_frozen_isLeftAndFoundAgain(Lab lab) {
    String namespace = lab.newNamespace();
    lab.apply(namespace, SECRET.formatted("mine") + INGRESS.formatted("web", "mine"));
    Timing impatient =
        new Timing(
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            TIMING.firstRetry(),
            TIMING.lastRetry(),
            TIMING.optionalRetry(),
            TIMING.hold());
    try (Fed fed = Fed.from(connect(lab.kubeconfig()), of(namespace), impatient).awaitLoaded()) {
      lab.freeze(Component.KUBE_APISERVER);
      fed.await("a problem", () -> !fed.feed().problems().isEmpty());
      assertTrue(fed.feed().problems().getFirst().contains("no answer within 3 s"));
      assertTrue(fed.has("Secret " + namespace + "/mine"));
      lab.resume(Component.KUBE_APISERVER);
      fed.await("no problem", () -> fed.feed().problems().isEmpty());
      assertEquals(1, fed.batches().size());
    } finally {
      lab.resume(Component.KUBE_APISERVER);
    }
  }
}
