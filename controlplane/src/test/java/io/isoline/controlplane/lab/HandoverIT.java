package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * A host that moves from a namespace that is deleted to a new one, again and again, as with previews
 * of a change. Requests go on all the while.
 */
@WithLab(own = true)
class HandoverIT {

  private static final int ROUNDS = 50;
  private static final int REQUESTS = 10;
  private static final String HOST = "preview.example.com";

  /** Of either namespace, or that there is nobody. */
  private static final Pattern OLD_OR_NEW_OR_NOBODY =
      Pattern.compile("^(?:404|503) |^200 - [\\s\\S]*\"pod\": \"preview-");

  @Test
  void host_namespaceDeletedAndIngressMadeInAnother_isServedFromThereOnceItHasItsAddress(
      Lab lab, TestReporter report) {
    String address = Installation.install(lab, "isoline", "isoline-system").address();
    String neighbours = lab.newNamespace();
    makeBackend(lab, neighbours, "neighbour");
    awaitReady(lab, neighbours, "neighbour");
    lab.apply(neighbours, ingress("neighbour", "neighbour.example.com"));
    awaitAddress(lab, neighbours, "neighbour", address);
    String old = lab.newNamespace();
    makeBackend(lab, old, "preview");
    lab.apply(old, ingress("preview", HOST));
    awaitServed(lab, old, address, false);

    List<Target> targets =
        List.of(
            new Target(false, "GET", HOST, "/", OLD_OR_NEW_OR_NOBODY),
            Target.http("neighbour.example.com", "/", "neighbour"));
    try (Traffic traffic = Traffic.start(lab, address, 100, targets)) {
      for (int round = 0; round < ROUNDS; round++) {
        String next = lab.newNamespace();
        boolean readyBefore = round % 2 == 0;
        if (readyBefore) {
          makeBackend(lab, next, "preview");
          awaitReady(lab, next, "preview");
        }
        lab.kubectl("delete", "namespace", old, "--wait=false");
        lab.apply(next, ingress("preview", HOST));
        if (!readyBefore) {
          makeBackend(lab, next, "preview");
        }
        awaitServed(lab, next, address, readyBefore);
        old = next;
      }
      Traffic.Tally tally = traffic.finish();
      report.publishEntry("requests", tally.toString());
      tally.assertAllRight();
    }
  }

  /**
   * Returns when the last of ten answers in a row is of that namespace.
   *
   * @param ready whether it has a backend when it gets its address, so that already the first is
   */
  private static void awaitServed(Lab lab, String namespace, String address, boolean ready) {
    awaitAddress(lab, namespace, "preview", address);
    String first = answers(lab, address);
    int right = count(first, namespace);
    assertEquals(count(first, ""), right, () -> "answers of another than " + namespace + first);
    if (ready) {
      assertEquals(REQUESTS, right, first);
    } else {
      Cluster.await(
          "pods of " + namespace + " answer",
          () -> count(answers(lab, address), namespace) == REQUESTS);
    }
  }

  private static String answers(Lab lab, String address) {
    String url = "http://" + address + "/[1-" + REQUESTS + "]";
    return lab.exec("curl", "-s", "-m", "10", "-H", "Host: " + HOST, url);
  }

  /** How many answers are of pods of a namespace, or of any when its name is empty. */
  private static int count(String answers, String namespace) {
    return answers.split("\"namespace\": \"" + Pattern.quote(namespace), -1).length - 1;
  }

  private static void makeBackend(Lab lab, String namespace, String name) {
    lab.kubectl(
        "create", "deployment", name, "-n", namespace, "--image=any", "--port=3000");
    lab.kubectl("expose", "deployment", name, "-n", namespace, "--port=80", "--target-port=3000");
  }

  /** Returns when the EndpointSlices have its pod. */
  private static void awaitReady(Lab lab, String namespace, String service) {
    Cluster.await(
        service + " in " + namespace + " has an endpoint",
        () ->
            lab.kubectl(
                    "get",
                    "endpointslices",
                    "-n",
                    namespace,
                    "-l",
                    "kubernetes.io/service-name=" + service,
                    "-o=jsonpath={.items[*].endpoints[*].conditions.ready}")
                .equals("true"));
  }

  private static void awaitAddress(Lab lab, String namespace, String ingress, String address) {
    Cluster.await(
        ingress + " in " + namespace + " gets an address",
        () ->
            lab.kubectl(
                    "get",
                    "ingress",
                    "-n",
                    namespace,
                    ingress,
                    "-o=jsonpath={.status.loadBalancer.ingress[0].ip}")
                .equals(address));
  }

  private static String ingress(String service, String host) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: %1$s
    spec:
      ingressClassName: isoline
      rules:
      - host: %2$s
        http:
          paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: %1$s
                port:
                  number: 80
    """
        .formatted(service, host);
  }
}
