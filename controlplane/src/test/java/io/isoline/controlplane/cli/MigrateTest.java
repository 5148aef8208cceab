package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands of {@code migrate}: what they read, what they print where, and their exit status.
 */
final class MigrateTest {

  @TempDir private Path directory;
  private String plain = "";
  private String protecting = "";

  @BeforeEach
  void manifests() throws IOException {
    plain = write("plain", ingress("plain", "ingressClassName: nginx", ""));
    protecting =
        write(
            "protecting",
            ingress(
                "protecting",
                "ingressClassName: nginx",
                "annotations: {nginx.ingress.kubernetes.io/enable-modsecurity: 'true'}"));
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name + ".yaml"), text).toString();
  }

  private static String ingress(String name, String classField, String metadata) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: %s
      namespace: shop
      %s
    spec:
      %s
      rules:
        - host: %s.example.com
          http:
            paths:
              - {path: /cart, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}
    """
        .formatted(name, metadata, classField, name);
  }

  @Test
  void migrate_withoutACommand_usageAndFailure() {
    CommandRun run = CommandRun.of("migrate");
    assertEquals(2, run.status());
    assertTrue(run.err().contains("report"), run.err());
  }

  @Test
  void report_nothingToLookAt_zero() {
    CommandRun run = CommandRun.of("migrate", "report", "-f", plain);
    assertEquals(0, run.status(), run.out());
    assertTrue(run.out().contains("Nothing to look at"), run.out());
  }

  @Test
  void report_protectionThatIsNotGiven_oneAndFirst() {
    CommandRun run = CommandRun.of("migrate", "report", plain, protecting);
    assertEquals(1, run.status());
    assertTrue(run.out().contains("enable-modsecurity"), run.out());
    assertEquals(0, CommandRun.of("migrate", "report", "--fail-on", "never", protecting).status());
  }

  @Test
  void report_classes_byControllerAndByName() throws IOException {
    String classes =
        write(
            "classes",
            """
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: public}
            spec: {controller: k8s.io/ingress-nginx}
            ---
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: other}
            spec: {controller: example.com/other}
            """);
    String all =
        write(
            "all",
            ingress("a", "ingressClassName: public", "")
                + "---\n"
                + ingress("b", "", "annotations: {kubernetes.io/ingress.class: nginx}")
                + "---\n"
                + ingress("c", "ingressClassName: other", "")
                + "---\n"
                + ingress("d", "", ""));
    assertEquals(2, ingresses(classes, all));
    assertEquals(3, ingresses("--ingress-without-class", classes, all));
    assertEquals(
        1, ingresses("--controller-name", "example.com/other", "--class", "x", classes, all));
  }

  private static int ingresses(String... arguments) {
    String[] command = new String[arguments.length + 4];
    command[0] = "migrate";
    command[1] = "report";
    command[2] = "--format";
    command[3] = "json";
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    return json(CommandRun.of(command)).path("ingresses").asInt();
  }

  private static JsonNode json(CommandRun run) {
    try {
      return new ObjectMapper().readTree(run.out());
    } catch (IOException e) {
      throw new AssertionError(run.out() + run.err(), e);
    }
  }

  @ParameterizedTest
  @CsvSource({"html,<!DOCTYPE html>", "markdown,# From", "json,{"})
  void report_formats_beginAsTheyShould(String format, String start) {
    CommandRun run = CommandRun.of("migrate", "report", "--format", format, plain);
    assertTrue(run.out().startsWith(start), run.out());
  }

  @Test
  void report_brokenFile_isToldAsNotRead() throws IOException {
    CommandRun run = CommandRun.of("migrate", "report", plain, write("broken", "kind: [\n"));
    assertEquals(1, run.status());
    assertTrue(run.out().contains("NOT READ"), run.out());
  }

  @Test
  void report_ofOtherClassesAlone_saysWhichOptionServesThem() throws IOException {
    CommandRun run =
        CommandRun.of(
            "migrate", "report", write("x", ingress("x", "ingressClassName: public", "")));
    assertEquals(1, run.status());
    assertTrue(run.out().contains("--class public"), run.out());
  }

  @Test
  void report_filesAndACluster_failure() {
    CommandRun run = CommandRun.of("migrate", "report", "--context", "a", "-f", plain);
    assertEquals(2, run.status());
    assertTrue(run.err().contains("from files or from a cluster"), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"report", "config"})
  void missingFile_failure(String command) {
    CommandRun run = CommandRun.of("migrate", command, "-f", directory.resolve("no").toString());
    assertEquals(2, run.status());
    assertTrue(run.err().contains("there is no file or directory"), run.err());
  }

  @Test
  void report_withTheFileOfConfig_judgesByIt() throws IOException {
    String map =
        write("map", "kind: ConfigMap\nmetadata: {name: a}\ndata: {proxy-body-size: 8m}\n");
    CommandRun config = CommandRun.of("migrate", "config", "--no-defaults", map);
    assertEquals(0, config.status(), config.err());
    CommandRun run =
        CommandRun.of("migrate", "report", "--config", write("isoline", config.out()), plain);
    assertEquals(0, run.status(), run.out() + run.err());
  }

  @Test
  void config_somethingToLookAt_one() throws IOException {
    String map = write("map", "kind: ConfigMap\nmetadata: {name: a}\ndata: {hstss: 'true'}\n");
    CommandRun run = CommandRun.of("migrate", "config", "--no-defaults", "-o", "json", map);
    assertEquals(1, run.status());
    assertEquals("did you mean hsts?", json(run).path("verdicts").get(0).path("fix").asText());
  }

  @Test
  void config_notAConfigMap_failure() {
    CommandRun run = CommandRun.of("migrate", "config", plain);
    assertEquals(2, run.status());
    assertTrue(run.err().contains("there is no ConfigMap"), run.err());
    assertEquals(2, CommandRun.of("migrate", "config").status());
  }

  @ParameterizedTest
  @CsvSource({"200,200,0,all answers are the same", "200,404,1,answered differently"})
  void verify_exitStatus_byTheAnswers(int old, int now, int status, String words)
      throws IOException {
    HttpServer one = server(old);
    HttpServer other = server(now);
    try {
      CommandRun run =
          CommandRun.of(
              "migrate",
              "verify",
              "--old",
              url(one),
              "--new",
              url(other),
              "--rate",
              "10000",
              plain);
      assertEquals(status, run.status(), run.out() + run.err());
      assertTrue(run.err().contains(words), run.err());
      assertEquals(status == 1, run.out().contains("status: old 200, new 404"), run.out());
    } finally {
      one.stop(0);
      other.stop(0);
    }
  }

  @Test
  void verify_json_eachRequestThatDiffers() throws IOException {
    HttpServer one = server(200);
    HttpServer other = server(404);
    try {
      CommandRun run =
          CommandRun.of(
              "migrate",
              "verify",
              "--old",
              url(one),
              "--new",
              url(other),
              "-o",
              "json",
              "--rate",
              "10000",
              protecting);
      JsonNode tree = json(run);
      assertEquals(tree.path("requests").asInt(), tree.path("different").asInt());
      assertEquals("protecting", tree.path("differences").get(0).path("ingress").asText());
      assertTrue(tree.path("differences").get(0).path("report").toString().contains("modsecurity"));
    } finally {
      one.stop(0);
      other.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--old http://127.0.0.1:1 --new http://127.0.0.1:1 | nothing answers at 127.0.0.1:1",
        "--old http://127.0.0.1:1 --new https://127.0.0.1:1 | give the same",
        "--old ftp://a --new b | --old: expected http://ADDRESS",
        "--old a | --new",
        "--old a --new b --rate 0 | --rate: expected a number from 1",
        "--old a --new b --timeout 9999 | --timeout: expected",
        "--old a --new b --body-mark ( | --body-mark: no expression",
        "--old a --new b -H nonsense | --header: expected",
        "--old http://127.0.0.1:1 --new http://127.0.0.1:1 --host no | no Ingress has such a host",
        "--old a --new b --class none | nothing to ask for",
      })
  void verify_wrongUse_failureThatSaysWhatIsExpected(String options, String words) {
    CommandRun run = CommandRun.of(("migrate verify " + options + " " + plain).split(" "));
    assertEquals(2, run.status(), run.out());
    assertTrue(run.err().contains(words), run.err());
    assertFalse(run.err().contains("defect"), run.err());
  }

  private static HttpServer server(int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(status, -1);
          }
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }
}
