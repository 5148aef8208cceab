package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code lint} finds, what it only notes, and with which status it ends. */
final class LintTest {

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: a}
      spec: {ports: [{port: 80}]}
      ---
      """;

  private static final String PROTECTED = "haproxy.org/auth-type: basic-auth";

  @TempDir private Path directory;

  @Test
  void lint_protection_isTheWorstRankAndCounted() throws IOException {
    CommandRun run = lint(SERVICE + ingress(PROTECTED, "", "/"));

    assertEquals(1, run.status());
    assertTrue(run.out().contains(": UNPROTECTED: Ingress default/a metadata."), run.out());
    assertTrue(run.out().contains("served WITHOUT this protection"), run.out());
    assertTrue(run.err().contains("1 to look at. By rank: 1 unprotected."), run.err());
  }

  @Test
  void lint_severalRanks_areCountedTheWorstFirst() throws IOException {
    CommandRun run =
        lint(
            SERVICE
                + ingress(PROTECTED + ", nginx.ingress.kubernetes.io/enable-rewrite-log: \"true\"", "", "bad")
                + ingress("", "", "/x/*").replace("name: a\n  annotations", "name: b\n  annotations"));
    assertTrue(
        run.err()
            .contains(
                "4 to look at. By rank: 1 unprotected, 1 refused, 1 no effect, 1 differs."),
        run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "differs, 1", "no-effect, 1", "refused, 1", "unprotected, 1", "UNPROTECTED, 1", "never, 0",
  })
  void lint_failOn_protectionIsWorseThanAllButNever(String rank, int status) throws IOException {
    assertEquals(
        status, lint(SERVICE + ingress(PROTECTED, "", "/"), "--fail-on", rank).status());
  }

  @ParameterizedTest
  @CsvSource({"differs, 1", "no-effect, 0", "refused, 0", "unprotected, 0", "never, 0"})
  void lint_failOn_lesserFindingsAreShownAndDoNotFail(String rank, int status) throws IOException {
    CommandRun run = lint(SERVICE + ingress("", "", "/x/*"), "--fail-on", rank);
    assertEquals(status, run.status());
    assertTrue(run.out().contains("differs: "), run.out());
  }

  @Test
  void lint_failOnAnotherWord_saysWhichThereAre() throws IOException {
    CommandRun run = lint(SERVICE, "--fail-on", "bad");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("no-effect"), run.err());
  }

  @Test
  void lint_ignoredReason_isLeftOut() throws IOException {
    CommandRun run = lint(SERVICE + ingress(PROTECTED, "", "/"), "--ignore", "unprotected");
    assertEquals(0, run.status(), run.out());
    assertFalse(run.out().contains("UNPROTECTED"), run.out());
    assertTrue(run.err().contains("nothing to look at."), run.err());
  }

  @Test
  void lint_onlyAnotherClass_isAFindingThatNamesTheOption() throws IOException {
    String text = SERVICE + ingress("", "ingressClassName: nginx", "/");
    CommandRun run = lint(text);

    assertEquals(1, run.status());
    assertTrue(
        run.out()
            .contains(
                "refused: Ingress default/a spec.ingressClassName: 0 of 1 Ingresses are served:"
                    + " class nginx; --class nginx serves them"),
        run.out());
    assertEquals(0, lint(text, "--class", "nginx").status());
  }

  @Test
  void lint_severalOtherClasses_namesEach() throws IOException {
    CommandRun run =
        lint(
            ingress("kubernetes.io/ingress.class: nginx", "", "/")
                + ingress("", "ingressClassName: traefik", "/").replace("name: a\n", "name: b\n"));
    assertTrue(
        run.out()
            .contains(
                "0 of 2 Ingresses are served: classes nginx, traefik; --class nginx --class traefik"
                    + " serve them"),
        run.out());
  }

  @Test
  void lint_classOfAnotherControllerInTheFiles_namesTheController() throws IOException {
    String text =
        ingress("", "ingressClassName: nginx", "/")
            + """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: nginx}
            spec: {controller: k8s.io/ingress-nginx}
            """;
    CommandRun run = lint(text);
    assertTrue(
        run.out().contains("class nginx; --controller-name k8s.io/ingress-nginx serves them"),
        run.out());
    CommandRun with = lint(text, "--controller-name", "k8s.io/ingress-nginx");
    assertFalse(with.out().contains("0 of 1"), with.out());
  }

  @Test
  void lint_oneOfTwoClassesServed_isNoFinding() throws IOException {
    CommandRun run =
        lint(
            SERVICE
                + ingress("", "ingressClassName: nginx", "/")
                + ingress("", "ingressClassName: isoline", "/").replace("name: a\n  a", "name: b\n  a"));
    assertEquals(0, run.status(), run.out());
  }

  @Test
  void translate_onlyAnotherClass_isTold() throws IOException {
    CommandRun run = run("translate", ingress("", "ingressClassName: nginx", "/"));
    assertEquals(1, run.status());
    assertTrue(run.err().contains("--class nginx serves them"), run.err());
  }

  @Test
  void lint_sentenceOnClasses_onlyWhereAnIngressNamesNone() throws IOException {
    String sentence = "Ingresses without a class count as ours";
    assertTrue(lint(SERVICE + ingress("", "", "/")).err().contains(sentence));
    assertFalse(
        lint(SERVICE + ingress("", "ingressClassName: isoline", "/")).err().contains(sentence));
    assertFalse(lint(SERVICE).err().contains(sentence));
  }

  @Test
  void lint_endpointsOfAnotherService_areNotMissed() throws IOException {
    Path other = directory.resolve("endpoints.yaml");
    Files.writeString(
        other,
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: b-1, namespace: other, labels: {kubernetes.io/service-name: b}}
        addressType: IPv4
        ports: [{name: "", port: 80, protocol: TCP}]
        endpoints: [{addresses: ["10.10.0.1"]}]
        """);
    CommandRun run =
        lint(SERVICE + ingress("", "ingressClassName: isoline", "/"), "-f", other.toString());
    assertEquals(0, run.status(), run.out());
    assertFalse(run.out().contains("no ready endpoint"), run.out());
  }

  @Test
  void lint_endpointsOfTheServiceThatAreNotReady_areAFinding() throws IOException {
    CommandRun run =
        lint(
            SERVICE
                + ingress("", "ingressClassName: isoline", "/")
                + """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: a-1, labels: {kubernetes.io/service-name: a}}
                addressType: IPv4
                ports: [{name: "", port: 80, protocol: TCP}]
                endpoints: [{addresses: ["10.10.0.1"], conditions: {ready: false}}]
                """);
    assertEquals(1, run.status(), run.out());
    assertTrue(run.out().contains("no ready endpoint"), run.out());
  }

  @Test
  void lint_serviceOrSecretNotInTheFiles_isANote() throws IOException {
    String text =
        ingress(
            "cert-manager.io/cluster-issuer: le",
            "tls: [{hosts: [a.example.com], secretName: a-tls}]",
            "/");
    CommandRun run = lint(text);

    assertEquals(0, run.status(), run.out());
    assertTrue(run.out().contains("note: Ingress default/a spec.rules[0]"), run.out());
    assertTrue(run.out().contains("Service default/a is not in these files"), run.out());
    assertTrue(run.out().contains("Secret default/a-tls is not in these files"), run.out());
    assertFalse(run.out().contains("does not exist"), run.out());
    assertTrue(run.err().contains("nothing to look at. 2 notes."), run.err());

    CommandRun strict = lint(text, "--strict");
    assertEquals(1, strict.status());
    assertTrue(strict.out().contains("refused: Ingress default/a spec.rules[0]"), strict.out());
    assertTrue(strict.out().contains("Service default/a is not in these files"), strict.out());
    assertTrue(strict.err().contains("2 to look at. By rank: 1 refused, 1 differs."), strict.err());
  }

  @Test
  void lint_configMapThatAnAnnotationNames_isANoteWhereItIsNotInTheFiles() throws IOException {
    String text =
        ingress("nginx.ingress.kubernetes.io/custom-headers: default/headers", "", "/");
    CommandRun run = lint(text);
    assertEquals(0, run.status(), run.out());
    assertTrue(run.out().contains("ConfigMap default/headers is not in these files"), run.out());

    String bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: headers}\n";
    run = lint(text + "---\n" + bad + "data: {Connection: close}\n");
    assertEquals(1, run.status(), run.out());
    assertTrue(run.out().contains("\"connection\" says how the message is sent"), run.out());
  }

  @Test
  void lint_portThatTheServiceInTheFilesLacks_isAFinding() throws IOException {
    CommandRun run =
        lint(SERVICE.replace("80", "81") + ingress("", "ingressClassName: isoline", "/"));
    assertEquals(1, run.status());
    assertTrue(run.out().contains("has no port 80"), run.out());
  }

  @Test
  void lint_serviceInTheFilesThatIsRefused_saysSo() throws IOException {
    CommandRun run =
        lint(SERVICE.replace("port: 80", "port: x") + ingress("", "ingressClassName: isoline", "/"));
    assertEquals(1, run.status());
    assertTrue(
        run.out().contains("note: Ingress default/a spec.rules[0]")
            && run.out().contains("Service default/a is refused itself"),
        run.out());
    assertTrue(run.err().contains("1 to look at. By rank: 1 refused. "), run.err());
  }

  @Test
  void lint_secretInTheFilesThatHoldsNoCertificate_isOneFinding() throws IOException {
    String secret =
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: a-tls}
        type: kubernetes.io/tls
        stringData: {tls.crt: nonsense, tls.key: nonsense}
        ---
        """;
    String tls = "tls: [{hosts: [a.example.com], secretName: a-tls}]";
    CommandRun run = lint(secret + SERVICE + ingress("", tls, "/"));
    assertEquals(1, run.status());
    assertTrue(run.out().contains(": refused: Secret default/a-tls data"), run.out());
    assertTrue(
        run.out().contains("note: Ingress default/a spec.tls[0].secretName: Secret default/a-tls"),
        run.out());
    assertTrue(run.err().contains("1 to look at. By rank: 1 refused. "), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# nothing\n", "---\n"})
  void lint_emptyInput_isAFinding(String text) {
    CommandRun run = withInput(text, "lint", "-f", "-");
    assertEquals(1, run.status());
    assertTrue(run.out().contains("<stdin>:1:1: refused: "), run.out());
    assertTrue(run.out().contains("the input is empty"), run.out());
  }

  @Test
  void lint_emptyInputBesideAFile_isAFinding() throws IOException {
    Path file = directory.resolve("a.yaml");
    Files.writeString(file, SERVICE);
    assertEquals(1, withInput("", "lint", "-f", file.toString(), "-f", "-").status());
  }

  @Test
  void lint_directoryWithoutManifests_isAFinding() {
    CommandRun run = CommandRun.of("lint", "-f", directory.toString());
    assertEquals(1, run.status());
    assertTrue(run.out().contains("the directory holds no file"), run.out());
  }

  @Test
  void lint_fileOfCommentsAlone_isAFinding() throws IOException {
    CommandRun run = lint("# to be done\n");
    assertEquals(1, run.status());
    assertTrue(run.out().contains("in.yaml:1:1: refused: "), run.out());
    assertTrue(run.out().contains("there is no Kubernetes object in the files"), run.out());
  }

  @Test
  void lint_otherKindsAlone_isNoFinding() throws IOException {
    CommandRun run = lint("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
    assertEquals(0, run.status(), run.out());
  }

  @Test
  void translate_emptyInput_isAFinding() {
    CommandRun run = withInput("", "translate", "-f", "-");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("the input is empty"), run.err());
  }

  @Test
  void lint_fixOfSeveralLines_isIndented() throws IOException {
    CommandRun run =
        lint(
            """
            apiVersion: extensions/v1beta1
            kind: Ingress
            metadata: {name: a}
            spec: {backend: {serviceName: a, servicePort: 80}}
            """);
    String place = directory.resolve("in.yaml").toString();
    assertTrue(run.out().lines().count() > 5, run.out());
    run.out()
        .lines()
        .forEach(line -> assertTrue(line.startsWith(place) || line.startsWith("    "), line));
  }

  @Test
  void lint_wrongType_otherMistakesOfTheObjectAreToldToo() throws IOException {
    CommandRun run =
        lint(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: a}
            spec:
              tls: [{hosts: a.example.com, secretName: a}]
              rules:
              - host: "a.example.com "
                http:
                  paths:
                  - {path: shop, pathType: Prefix, backend: {service: {name: a, port: {number: "80"}}}}
                  - {path: /x, pathType: PREFIX, backend: {service: {name: a, port: {number: 0}}}}
              - host: b.example.com
                http:
                  paths:
                  - {path: /y, pathType: Prefix, backend: {service: {name: B, port: {number: 70000}}}}
                  - {path: /y/*, pathType: Prefix, backend: {service: {name: b, port: {number: "80"}}}}
              - host: c.example.com
                http: {paths: [nothing, {path: yard, pathType: Prefix}]}
              - nothing
              -
              - host: http://d.example.com
            """);
    String out = run.out();
    assertTrue(out.contains("tls[0].hosts: `hosts` is"), out);
    assertTrue(out.contains("in.yaml:7:5: refused: Ingress default/a spec.rules[0].host:"), out);
    assertTrue(out.contains("rules[0].http.paths[0]: path \"shop\" does not start"), out);
    assertTrue(out.contains("rules[0].http.paths[1]: pathType \"PREFIX\""), out);
    assertTrue(out.contains("rules[1].http.paths[0].backend.service.name: "), out);
    assertTrue(out.contains("rules[1].http.paths[1].path: path \"/y/*\" looks like"), out);
    assertFalse(out.contains("rules[1].http.paths[1].backend.service.port: neither"), out);
    assertTrue(out.contains("rules[2].http.paths[0]: `paths` is"), out);
    assertTrue(out.contains("rules[2].http.paths[1]: path \"yard\""), out);
    assertFalse(out.contains("rules[2].http.paths[0]: pathType"), out);
    assertFalse(out.contains("rules[3]: the rule has"), out);
    assertFalse(out.contains("rules[4]: the rule has"), out);
    assertTrue(out.contains("rules[5].host: "), out);
  }

  private CommandRun lint(String text, String... more) throws IOException {
    return run("lint", text, more);
  }

  private CommandRun run(String command, String text, String... more) throws IOException {
    Path file = directory.resolve("in.yaml");
    Files.writeString(file, text);
    String[] args = new String[more.length + 3];
    args[0] = command;
    args[1] = "-f";
    args[2] = file.toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return CommandRun.of(args);
  }

  private static String ingress(String annotations, String spec, String path) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: a
          annotations: {%s}
        spec:
          %s
          rules:
          - host: a.example.com
            http:
              paths:
              - {path: %s, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}
        ---
        """
        .formatted(annotations, spec, path);
  }

  private static CommandRun withInput(String text, String... args) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    try {
      return CommandRun.of(args);
    } finally {
      System.setIn(before);
    }
  }
}
