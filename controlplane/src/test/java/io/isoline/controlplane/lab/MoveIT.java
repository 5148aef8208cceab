package io.isoline.controlplane.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole move from ingress-nginx, step by step as {@code docs/migrate-from-ingress-nginx.md} has
 * it, on Ingresses that nobody writes to. The lab has no ingress-nginx: another installation of
 * Isoline stands in for it, which the comparison does not know.
 */
@WithLab(own = true)
class MoveIT {

  private static final String OLD_CLASS =
      """
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: nginx}
      spec: {controller: k8s.io/ingress-nginx}
      """;

  private static final String CONFIG_MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
      data:
        hsts-max-age: "600"
        proxy-body-size: 2m
        use-gzip: "true"
      """;

  private static final String USERS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: users}
      stringData: {auth: "ada:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="}
      """;

  private static final List<String> INGRESSES =
      List.of(
          ingress(
              "shop",
              "shop.example.com",
              "Prefix / web shop",
              "proxy-body-size",
              "8m",
              "proxy-read-timeout",
              "30"),
          ingress(
              "api",
              "api.example.com",
              "ImplementationSpecific /v1(/|$)(.*) web",
              "use-regex",
              "true",
              "rewrite-target",
              "/$2",
              "enable-cors",
              "true"),
          ingress(
              "next",
              "shop.example.com",
              "Prefix / next",
              "canary",
              "true",
              "canary-by-header",
              "X-Next"),
          ingress(
              "staff",
              "staff.example.com",
              "Prefix / web",
              "auth-type",
              "basic",
              "auth-secret",
              "users",
              "auth-realm",
              "Staff"),
          ingress(
              "inside",
              "inside.example.com",
              "Prefix / web",
              "whitelist-source-range",
              "203.0.113.0/24"),
          ingress(
              "sticky",
              "sticky.example.com",
              "Prefix / web",
              "affinity",
              "cookie",
              "app-root",
              "/start",
              "from-to-www-redirect",
              "true"));

  @TempDir private Path directory;

  @Test
  void ingressesOfNginx_reportClaimVerifySwitchAndBack_answersStayTheSame(Lab lab)
      throws IOException {
    String team = lab.newNamespace();
    for (String name : List.of("web", "next")) {
      lab.kubectl(
          "create", "deployment", name, "-n", team, "--image=any", "--port=3000", "--replicas=1");
      lab.kubectl("expose", "deployment", name, "-n", team, "--port=80", "--target-port=3000");
    }
    lab.apply(OLD_CLASS);
    lab.apply(team, String.join("---\n", INGRESSES));
    lab.apply(team, USERS);
    lab.apply(team, TestCertificate.of("shop", "shop.example.com").secret("shop")
        .replace("namespace: default", "namespace: " + team));
    // 2. The configuration; before the first step, as the old controller needs it here.
    Path map = Files.writeString(directory.resolve("configmap.yaml"), CONFIG_MAP);
    Path config = directory.resolve("isoline.yaml");
    String command = LabProcess.DISTRIBUTION + "/bin/isoline migrate config -f " + map;
    lab.exec("sh", "-c", command + " >" + config);
    Path values =
        Files.writeString(
            directory.resolve("values.yaml"),
            Files.readString(config)
                .lines()
                .map(line -> "  " + line)
                .collect(Collectors.joining("\n", "config:\n", "\n")));

    Installation old = install(
            lab,
            "old",
            "ingress-nginx",
            // What ingress-nginx would have of its ConfigMap.
            "--values=" + values,
            "--set=publishService.enabled=true");
    awaitAddress(lab, team, old.address());
    String before = specs(lab, team);

    // 1. The report.
    Output report = report(lab);
    assertEquals(0, report.status(), report::text);
    assertTrue(report.text().contains("6 Ingresses"), report::text);

    // 3. Side by side.
    Installation next =
        install(
            lab,
            "isoline",
            "isoline-system",
            "--values=" + values,
            "--set=publishService.enabled=false");
    awaitAddress(lab, team, old.address());

    // 4. The comparison.
    Output same = verify(lab, old, next);
    assertEquals(0, same.status(), same::text);

    // 5. The switch.
    next.upgrade("--reset-then-reuse-values", "--set=publishService.enabled=true");
    old.upgrade("--reset-then-reuse-values", "--set=publishService.enabled=false");
    awaitAddress(lab, team, next.address());

    // 6. Going back.
    old.upgrade("--reset-then-reuse-values", "--set=publishService.enabled=true");
    next.helm("uninstall", "isoline", "--namespace", "isoline-system", "--wait", "--timeout=4m");
    awaitAddress(lab, team, old.address());
    assertEquals(before, specs(lab, team));
  }

  /** An installation for the class of ingress-nginx, with as few pods as it takes. */
  private static Installation install(
      Lab lab, String release, String namespace, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--set=fullnameOverride=" + release,
                "--set=ingressClass.create=false",
                "--set=ingressClass.name=nginx",
                "--set=ingressClass.controllerValue=k8s.io/ingress-nginx",
                "--set=controlPlane.replicaCount=1",
                "--set=envoy.kind=Deployment",
                "--set=envoy.replicaCount=1"));
    all.addAll(List.of(arguments));
    return Installation.install(lab, release, namespace, all.toArray(String[]::new));
  }

  private static Output isoline(Lab lab, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(LabProcess.DISTRIBUTION.resolve("bin/isoline").toString());
    command.addAll(List.of(arguments));
    return lab.tryExec(command.toArray(String[]::new));
  }

  private static Output report(Lab lab) {
    return isoline(lab, "migrate", "report", "--kubeconfig", lab.kubeconfig().toString());
  }

  /** Sends all requests to both, and compares which backend answered, too. */
  private static Output verify(Lab lab, Installation old, Installation next) {
    return isoline(
        lab,
        "migrate",
        "verify",
        "--kubeconfig=" + lab.kubeconfig(),
        "--old=" + old.address(),
        "--new=" + next.address(),
        "--header=Authorization: Basic YWRhOnB3",
        "--body-mark=\"service\": \"([^\"]*)\"",
        "--rate=200");
  }

  private static String specs(Lab lab, String namespace) {
    return lab.kubectl(
        "get",
        "ingress",
        "-n",
        namespace,
        "-o=jsonpath={range .items[*]}{.metadata.name} {.metadata.annotations} {.spec}{\"\\n\"}{end}");
  }

  private static void awaitAddress(Lab lab, String namespace, String address) {
    Cluster.await(
        "all Ingresses have the address " + address,
        () ->
            lab.kubectl(
                    "get",
                    "ingress",
                    "-n",
                    namespace,
                    "-o=jsonpath={.items[*].status.loadBalancer.ingress[*].ip}")
                .equals(String.join(" ", Collections.nCopies(INGRESSES.size(), address))));
  }

  private static String ingress(String name, String host, String rest, String... annotations) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < annotations.length; i += 2) {
      text.append("    nginx.ingress.kubernetes.io/%s: '%s'\n".formatted(annotations[i], annotations[i + 1]));
    }
    String[] path = rest.split(" ", -1);
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: %s
      annotations:
    %sspec:
      ingressClassName: nginx
      %srules:
      - host: %s
        http:
          paths:
          - {pathType: %s, path: "%s", backend: {service: {name: %s, port: {number: 80}}}}
    """
        .formatted(
            name,
            text,
            path.length > 3 ? "tls: [{hosts: [%s], secretName: %s}]\n  ".formatted(host, path[3]) : "",
            host,
            path[0],
            path[1],
            path[2]);
  }
}
