package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The life of an installation by the chart: requests go on all the time, and none is lost. */
@WithLab(own = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartIT {

  /** Requests a second. */
  private static final int RATE = 60;

  private static final String NAMESPACE = "isoline-system";

  private Lab lab;
  private Installation isoline;

  /** As the documentation says, and into a namespace of the strictest level of Pod Security. */
  @BeforeAll
  void install(Lab given) {
    lab = given;
    makeNamespace(NAMESPACE);
    isoline = Installation.install(lab, "isoline", NAMESPACE);
    makeBackend("web", "isoline");
  }

  private void makeNamespace(String name) {
    lab.kubectl("create", "namespace", name);
    lab.kubectl("label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted");
  }

  /** A Deployment, its Service, and an Ingress that has its address. */
  private void makeBackend(String name, String ingressClass) {
    lab.kubectl("create", "deployment", name, "--image=any", "--port=3000", "--replicas=2");
    lab.kubectl("expose", "deployment", name, "--port=80", "--target-port=3000");
    String rule = "--rule=" + name + ".example.com/*=" + name + ":80";
    lab.kubectl("create", "ingress", name, "--class=" + ingressClass, rule);
    Cluster.await(
        name + " gets an address",
        () ->
            !lab.kubectl(
                    "get",
                    "ingress",
                    name,
                    "-o=jsonpath={.status.loadBalancer.ingress[0].ip}")
                .isEmpty());
  }

  private static Target target(String name) {
    return Target.http(name + ".example.com", "/", name);
  }

  private Traffic load() {
    return Traffic.start(lab, isoline.address(), RATE, List.of(target("web")));
  }

  @Test
  void install_twoControlPlanesAndTwoEnvoysServe() {
    assertEquals(2, isoline.controlPlanes().size());
    assertEquals(2, isoline.envoys().size());
    try (Traffic traffic = load()) {
      traffic.finish().assertNoneRepeated();
    }
  }

  @Test
  void upgrade_underLoad_losesNoRequest() {
    Set<String> before = pods();
    try (Traffic traffic = load()) {
      replaceAllPods("upgrade");
      traffic.awaitMore(2 * RATE);
      traffic.finish().assertAllRight();
    }
    assertReplaced(before);
  }

  @Test
  void rollback_underLoad_losesNoRequest() {
    replaceAllPods("before-rollback");
    Set<String> before = pods();
    try (Traffic traffic = load()) {
      isoline.helm("rollback", "isoline", "--namespace", NAMESPACE, "--wait", "--timeout=4m");
      traffic.awaitMore(2 * RATE);
      traffic.finish().assertAllRight();
    }
    assertReplaced(before);
  }

  /** An upgrade that changes every pod. */
  private void replaceAllPods(String reason) {
    isoline.upgrade(
        "--reset-values",
        "--set=controlPlane.podAnnotations.reason=" + reason,
        "--set=envoy.podAnnotations.reason=" + reason);
  }

  private Set<String> pods() {
    Set<String> pods = new TreeSet<>(isoline.controlPlanes());
    pods.addAll(isoline.envoys());
    return pods;
  }

  private void assertReplaced(Set<String> before) {
    // Some of those of before may have been about to end, and more are about to now.
    Cluster.await(
        "two new control planes and two new Envoys are left of " + before,
        () -> {
          Set<String> after = pods();
          return after.size() == 4 && after.stream().noneMatch(before::contains);
        });
  }

  /**
   * Who is connected when Envoys are told to go gets an answer to each request, and who comes later
   * is refused at once. Clients ask an Envoy itself, as the load balancer is removed, too.
   */
  @Test
  void uninstall_underLoad_answersWhatItAcceptedAndLeavesWhatIsDocumented() {
    String namespace = "isoline-other";
    makeNamespace(namespace);
    // A load balancer's ports, which clients ask for here.
    Installation other =
        Installation.install(
            lab,
            "other",
            namespace,
            "--set=fullnameOverride=other",
            "--set=ingressClass.name=other",
            "--set=ingressClass.controllerValue=isoline.io/other",
            "--set=envoy.containerPorts.http=80",
            "--set=envoy.containerPorts.https=443");
    makeBackend("more", "other");
    String envoy =
        lab.kubectl(
            "get",
            "pod",
            "-n",
            namespace,
            other.envoys().getFirst(),
            "-o=jsonpath={.status.podIP}");
    try (Traffic traffic = Traffic.start(lab, envoy, RATE, List.of(target("more")))) {
      other.helm("uninstall", "other", "--namespace", namespace, "--wait", "--timeout=4m");
      Traffic.Tally tally = traffic.finish();
      assertEquals(0, tally.wrong(), tally::toString);
      // What is asked for a second time, and refused then, was refused the first time.
      assertEquals(tally.lost(), tally.repeated(), tally::toString);
      assertTrue(
          tally.faults().stream().allMatch(fault -> fault.contains("java.net.")), tally::toString);
    }
    Cluster.await(
        "all has gone but what is documented",
        () ->
            left(namespace)
                .equals(
                    Set.of(
                        "lease.coordination.k8s.io/other-leader",
                        "secret/isoline-ca",
                        "secret/isoline-default-certificate",
                        "secret/isoline-xds-client",
                        "secret/isoline-xds-server")));
    lab.kubectl("delete", "namespace", namespace);
  }

  /** Envoy starts all the same, but must not take the place of one that serves. */
  @Test
  void install_listenersRefused_envoyIsNotReady() {
    String namespace = "isoline-refused";
    makeNamespace(namespace);
    Installation refused =
        Installation.begin(
            lab,
            "refused",
            namespace,
            "--set=fullnameOverride=refused",
            "--set=ingressClass.name=refused",
            "--set=ingressClass.controllerValue=isoline.io/refused",
            "--set=controlPlane.replicaCount=1",
            "--set=envoy.kind=Deployment",
            "--set=envoy.replicaCount=1",
            // Of no machine (RFC 5737).
            "--set=config.http.address=192.0.2.1",
            "--set=config.https.address=192.0.2.1");
    Cluster.await("a pod", () -> !refused.envoys().getFirst().isEmpty());
    String envoy = refused.envoys().getFirst();
    String pod = "/api/v1/namespaces/" + namespace + "/pods/" + envoy;
    Cluster.await(
        "Envoy has its configuration",
        () ->
            lab.tryKubectl("get", "--raw", pod + ":8002/proxy/serving").text().equals("SERVING"));
    String ready = "-o=jsonpath={.status.containerStatuses[?(@.name==\"envoy\")].ready}";
    assertEquals("false", lab.kubectl("get", "pod", "-n", namespace, envoy, ready));
    refused.helm("uninstall", "refused", "--namespace", namespace);
    lab.kubectl("delete", "namespace", namespace);
  }

  /** What is in a namespace that Kubernetes has not put there itself; and what is in none. */
  private Set<String> left(String namespace) {
    String kinds =
        lab.kubectl("api-resources", "--verbs=list", "--namespaced", "-o=name")
            .lines()
            // Events go by themselves; kubectl warns of endpoints, which are endpointslices.
            .filter(kind -> !kind.startsWith("events") && !kind.equals("endpoints"))
            .collect(Collectors.joining(","));
    Set<String> left = new TreeSet<>();
    for (String command :
        List.of(
            "get " + kinds + " -n " + namespace + " -o=name --ignore-not-found",
            "get clusterroles,clusterrolebindings,ingressclasses -o=name --ignore-not-found"
                + " -l=app.kubernetes.io/instance=other")) {
      lab.kubectl(command.split(" ", -1)).lines().filter(line -> !line.isEmpty()).forEach(left::add);
    }
    left.removeAll(Arrays.asList("configmap/kube-root-ca.crt", "serviceaccount/default"));
    return left;
  }
}
