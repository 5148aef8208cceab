package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.isoline.controlplane.lab.Lab.Component;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What clients notice when something breaks or changes: nothing. Requests go on all the time, and
 * each must get the right answer.
 */
@WithLab(own = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailuresIT {

  /** Requests a second: enough to notice a gap of some hundredths of a second. */
  private static final int RATE = 120;

  private static final int SEVERAL = 2 * RATE;

  private Lab lab;
  private Installation isoline;
  private String address;
  private String namespace;

  @BeforeAll
  void install(Lab given) {
    lab = given;
    isoline = Installation.install(lab, "isoline", "isoline-system");
    address = isoline.address();
  }

  @BeforeEach
  void makeBackend() {
    namespace = lab.newNamespace();
    makeDeployment("web", 3);
    apply(ingress("web", "web.example.com", "web"));
    awaitAddress("web");
  }

  /** The next test begins with a healthy system. */
  @AfterEach
  void heal() {
    isoline.awaitReady();
  }

  private void makeDeployment(String name, int replicas) {
    lab.kubectl(
        "create",
        "deployment",
        name,
        "-n",
        namespace,
        "--image=any",
        "--port=3000",
        "--replicas=" + replicas);
    lab.kubectl("expose", "deployment", name, "-n", namespace, "--port=80", "--target-port=3000");
    lab.kubectl("rollout", "status", "-n", namespace, "--timeout=60s", "deployment/" + name);
  }

  private void apply(String yaml) {
    lab.apply(namespace, yaml);
  }

  private static String ingress(String name, String host, String service) {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: %s
    spec:
      ingressClassName: isoline
      rules:
      - host: %s
        http:
          paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: %s
                port:
                  number: 80
    """
        .formatted(name, host, service);
  }

  private String addressOf(String ingress) {
    return lab.kubectl(
        "get",
        "ingress",
        "-n",
        namespace,
        ingress,
        "-o=jsonpath={.status.loadBalancer.ingress[0].ip}");
  }

  private void awaitAddress(String ingress) {
    Cluster.await(ingress + " gets an address", () -> addressOf(ingress).equals(address));
  }

  private Traffic load(Target... targets) {
    return Traffic.start(lab, address, RATE, List.of(targets));
  }

  private static Target web() {
    return Target.http("web.example.com", "/", "web");
  }

  /** That changes get through: a new Ingress is served, and says so. */
  private void assertNewIngressWorks(String name) {
    apply(ingress(name, name + ".example.com", "web"));
    awaitAddress(name);
    try (Traffic first = load(Target.http(name + ".example.com", "/", "web"))) {
      first.finish().assertNoneRepeated();
    }
  }

  private void awaitOtherLeader(String before) {
    Cluster.await(
        "another leader than " + before,
        () -> !isoline.leader().isEmpty() && !isoline.leader().equals(before));
  }

  /** Who leads then is open: its container may be back before the Lease has run out. */
  @Test
  void leader_killed_somebodyLeadsAgainAndNobodyNotices() {
    try (Traffic traffic = load(web())) {
      isoline.killControlPlane(isoline.leader());
      assertNewIngressWorks("after-leader");
      traffic.finish().assertNoneRepeated();
    }
  }

  @Test
  void controlPlanes_allKilled_envoysServeTheLastAndThenTheNext() {
    try (Traffic traffic = load(web())) {
      isoline.controlPlanes().forEach(isoline::killControlPlane);
      traffic.awaitMore(SEVERAL);
      assertNewIngressWorks("after-all");
      traffic.finish().assertNoneRepeated();
    }
  }

  @Test
  void apiServer_killed_nobodyNotices() {
    try (Traffic traffic = load(web())) {
      lab.kill(Component.KUBE_APISERVER);
      traffic.awaitMore(SEVERAL);
      Cluster.await(
          "the API server is back", () -> lab.tryKubectl("get", "--raw=/readyz").status() == 0);
      assertNewIngressWorks("after-api");
      traffic.finish().assertNoneRepeated();
    }
  }

  @Test
  void etcd_frozenLongerThanTheLease_nobodyNotices() throws InterruptedException {
    try (Traffic traffic = load(web())) {
      lab.freeze(Component.ETCD);
      // As long as it takes until no replica may call itself the leader.
      traffic.awaitMore(20 * RATE);
      lab.resume(Component.ETCD);
      Cluster.await(
          "the API server answers", () -> lab.tryKubectl("get", "--raw=/readyz").status() == 0);
      assertNewIngressWorks("after-etcd");
      traffic.finish().assertNoneRepeated();
    }
  }

  @Test
  void envoy_killed_theOtherOneServesAndItsReturnIsClean() {
    String envoy = isoline.envoys().getFirst();
    int restarts = isoline.restarts(envoy);
    try (Traffic traffic = load(web())) {
      isoline.killEnvoy(envoy);
      // Connections to the one that was killed have ended; their clients ask again, as often as the
      // load balancer gives them to it while it dies. By now it is gone, and that is over.
      traffic.awaitMore(RATE);
      Traffic.Tally gone = traffic.now();
      Cluster.await("it is started again", () -> isoline.restarts(envoy) > restarts);
      isoline.awaitReady();
      traffic.awaitMore(SEVERAL);
      traffic.finish().assertNoneRepeatedSince(gone.repeated());
    }
  }

  @Test
  void everythingRestarted_thousandIngresses_firstAnswerIsNeverThatOfAnEmptyConfiguration() {
    seed(1000);
    Target[] hosts =
        IntStream.range(0, 1000)
            .filter(i -> i % 50 == 7)
            .mapToObj(i -> Target.http("h" + i + ".lab.test", "/", "seed-backend"))
            .toArray(Target[]::new);
    awaitSeeded(999);
    try (Traffic traffic = load(hosts)) {
      isoline.controlPlanes().forEach(isoline::killControlPlane);
      isoline.envoys().forEach(isoline::killEnvoy);
      isoline.awaitReady();
      traffic.awaitMore(SEVERAL);
      // Between the end of both Envoys and their return there is nobody to answer.
      assertEquals(0, traffic.finish().wrong(), () -> traffic.now().toString());
    } finally {
      lab.kubectl("delete", "namespace", "lab-load");
    }
  }

  private void seed(int count) {
    Output.of(
            lab.command(
                "lab",
                "seed",
                "--namespace=lab-load",
                "--services=" + count,
                "--ingresses=" + count,
                "--class=isoline"),
            "")
        .orThrow();
  }

  private void awaitSeeded(int last) {
    Cluster.await(
        "the last of many Ingresses gets its address",
        () ->
            lab.kubectl(
                    "get",
                    "ingress",
                    "-n",
                    "lab-load",
                    "seed-%05d".formatted(last),
                    "-o=jsonpath={.status.loadBalancer.ingress[0].ip}")
                .equals(address));
  }

  /** Of pods that close their connections as soon as they are told to end. */
  @Test
  void backends_rollingUpdate_nobodyNotices() {
    try (Traffic traffic = load(web())) {
      rollOut();
      traffic.awaitMore(SEVERAL);
      traffic.finish().assertNoneRepeated();
    }
  }

  /** What must not be sent twice needs pods that serve until everybody has heard of their end. */
  @Test
  void backends_rollingUpdateWithPreStop_noPostIsLost() {
    lab.kubectl(
        "patch",
        "deployment",
        "web",
        "-n",
        namespace,
        "--patch",
        """
        {"spec": {"template": {"spec": {"containers": [
          {"name": "any", "lifecycle": {"preStop": {"sleep": {"seconds": 3}}}}]}}}}
        """);
    awaitRollOut();
    try (Traffic traffic = load(web().by("POST"))) {
      rollOut();
      traffic.awaitMore(SEVERAL);
      traffic.finish().assertNoneRepeated();
    }
  }

  private void rollOut() {
    lab.kubectl("rollout", "restart", "-n", namespace, "deployment/web");
    awaitRollOut();
  }

  private void awaitRollOut() {
    lab.kubectl("rollout", "status", "-n", namespace, "--timeout=60s", "deployment/web");
  }

  @Test
  void backends_scaledDownAndUp_nobodyNotices() {
    lab.kubectl("scale", "-n", namespace, "deployment/web", "--replicas=5");
    awaitRollOut();
    try (Traffic traffic = load(web())) {
      for (int replicas : new int[] {1, 5}) {
        lab.kubectl("scale", "-n", namespace, "deployment/web", "--replicas=" + replicas);
        Cluster.await(
            replicas + " pods",
            () ->
                lab.kubectl("get", "pods", "-n", namespace, "-l", "app=web", "-o=name")
                        .lines()
                        .count()
                    == replicas);
        traffic.awaitMore(SEVERAL);
      }
      traffic.finish().assertNoneRepeated();
    }
  }

  @Test
  void secret_deletedAndMadeAgain_noConnectionIsRefused() {
    makeCertificate("one");
    apply(
        ingress("secure", "secure.example.com", "web")
            .replace(
                "spec:\n",
                "spec:\n  tls:\n  - hosts: [secure.example.com]\n    secretName: secure\n"));
    awaitAddress("secure");
    Target either = Target.https("secure.example.com", "/", ".*", "web");
    try (Traffic plain = load(web());
        Traffic secure = load(either)) {
      lab.kubectl("delete", "secret", "-n", namespace, "secure");
      secure.awaitMore(RATE);
      makeCertificate("two");
      awaitCertificate("two");
      secure.finish().assertNoneRepeated();
      plain.finish().assertNoneRepeated();
    }
  }

  /** A Secret with a certificate of this common name. */
  private void makeCertificate(String name) {
    String directory = lab.directory() + "/" + name;
    lab.exec(
        "sh",
        "-ec",
        """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
          -subj /CN=%s -addext subjectAltName=DNS:secure.example.com \
          -keyout %s.key -out %s.crt 2>/dev/null
        kubectl create secret tls secure -n %s --cert=%s.crt --key=%s.key
        """
            .formatted(name, directory, directory, namespace, directory, directory));
  }

  /** Of both Envoys: so many connections in a row do not all go to the same one. */
  private void awaitCertificate(String name) {
    String six =
        """
        for i in 1 2 3 4 5 6; do
          openssl s_client -connect %s:443 -servername secure.example.com </dev/null 2>&1 \
            | grep ^subject
        done
        """
            .formatted(address);
    Cluster.await(
        "the certificate is " + name,
        () ->
            lab.tryExec("sh", "-c", six)
                .text()
                .equals("subject=CN = " + name + ("\nsubject=CN = " + name).repeat(5)));
  }

  @Test
  void namespace_deleted_othersDoNotNotice() {
    String gone = lab.newNamespace();
    lab.kubectl("create", "deployment", "gone", "-n", gone, "--image=any", "--port=3000");
    lab.kubectl("expose", "deployment", "gone", "-n", gone, "--port=80", "--target-port=3000");
    lab.apply(gone, ingress("gone", "gone.example.com", "gone"));
    Cluster.await("gone is served", () -> status("gone.example.com").equals("200"));
    try (Traffic traffic = load(web())) {
      lab.kubectl("delete", "namespace", gone);
      Cluster.await("nobody serves what is gone", () -> status("gone.example.com").equals("404"));
      traffic.finish().assertNoneRepeated();
    }
  }

  private String status(String host) {
    return lab.tryExec(
            "curl",
            "-s",
            "-o/dev/null",
            "-w%{http_code}",
            "-HHost: " + host,
            "http://" + address + "/")
        .text();
  }

  @Test
  void ingresses_hundredNew_firstRequestAtTheMomentOfTheStatusIsRight() {
    try (Traffic traffic = load(web());
        LabProcess first = lab.java(FirstRequests.class, namespace, "web", "101")) {
      first.awaitLine("watching");
      apply(
          IntStream.range(0, 100)
              .mapToObj(i -> ingress("new-" + i, "new-" + i + ".example.com", "web"))
              .collect(Collectors.joining()));
      // The one of all tests is among them.
      assertEquals(
          "101 of 101 right", first.awaitLine(line -> line.endsWith(" right")), first::toString);
      traffic.finish().assertNoneRepeated();
    }
  }

  @Test
  void leader_stopped_givesTheLeadAway() {
    String leader = isoline.leader();
    lab.kubectl("delete", "pod", "-n", isoline.namespace(), leader, "--wait=false");
    awaitOtherLeader(leader);
    assertNotEquals(leader, isoline.leader());
  }
}
