package io.isoline.controlplane.chart;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.translator.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart renders for the value sets in {@code ci/}. Run with {@code -Dgolden.update=true}
 * to write the expected renderings anew, then review them.
 */
class RenderingIT {

  private static final Path GOLDEN = Path.of("src/test/resources/chart");
  private static final Path MANIFEST = Chart.ROOT.resolve("deploy/isoline.yaml");

  private static final Path ISOLINE = Path.of("target/dist/bin/isoline").toAbsolutePath();
  private static final Map<String, String> HELP = new TreeMap<>();

  private static Helm helm;
  private static final Map<String, Rendering> RENDERINGS = new TreeMap<>();

  @BeforeAll
  static void render() {
    helm = Helm.orSkip();
    for (String valueSet : Chart.valueSets()) {
      RENDERINGS.put(
          valueSet,
          Rendering.of(helm.template("--values", Chart.values(valueSet).toString())));
    }
  }

  static Stream<String> valueSets() {
    return Chart.valueSets().stream();
  }

  private static Rendering rendering(String valueSet) {
    Rendering rendering = RENDERINGS.get(valueSet);
    if (rendering == null) {
      throw new AssertionError("no value set " + valueSet);
    }
    return rendering;
  }

  @Test
  void lint_hasNothingToSay() {
    List<String> arguments = new ArrayList<>(List.of("lint", "--strict"));
    arguments.addAll(List.of("--kube-version", "1.36.0", Chart.DIRECTORY.toString()));
    Chart.valueSets()
        .forEach(
            valueSet -> {
              List<String> command = new ArrayList<>(arguments);
              command.addAll(List.of("--values", Chart.values(valueSet).toString()));
              Helm.Run run = helm.run(Map.of(), command.toArray(String[]::new));
              assertEquals(0, run.status(), run.out() + run.err());
            });
  }

  /** By default: the manifest for kubectl. */
  @Test
  void defaults_areTheManifestForKubectl() throws IOException {
    String manifest = manifest();
    if (Chart.update()) {
      Files.createDirectories(MANIFEST.getParent());
      Files.writeString(MANIFEST, manifest);
    }
    assertEquals(manifest, Files.readString(MANIFEST));
  }

  private static String manifest() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Isoline with all defaults, in namespace isoline-system:
        #   kubectl apply --server-side -f deploy/isoline.yaml
        # It is what "helm template" makes of charts/isoline, and a namespace; a test keeps it so.
        apiVersion: v1
        kind: Namespace
        metadata:
          name: isoline-system
          labels:
            app.kubernetes.io/part-of: isoline
            pod-security.kubernetes.io/enforce: restricted
            pod-security.kubernetes.io/warn: restricted
        """);
    // Nobody who applies it has Helm look after it.
    helm.template()
        .lines()
        .filter(line -> !line.startsWith("# Source: "))
        .filter(line -> !line.strip().startsWith("helm.sh/chart: "))
        .map(line -> line.replace("app.kubernetes.io/managed-by: Helm", "app.kubernetes.io/managed-by: kubectl"))
        .forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void valueSet_differsFromTheDefaultsAsReviewed(String valueSet) throws IOException {
    String difference =
        withoutFiles(
            rendering(valueSet).differenceTo(rendering("defaults")),
            "rules/isoline.yaml",
            "dashboards/isoline.json");
    Path golden = GOLDEN.resolve(valueSet + ".yaml");
    if (Chart.update()) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, difference);
    }
    assertEquals(Files.exists(golden) ? Files.readString(golden) : "", difference);
  }

  /** With the names of files of the chart in the place of their text. */
  private static String withoutFiles(String text, String... files) throws IOException {
    String shorter = text;
    for (String file : files) {
      String content = Files.readString(Chart.DIRECTORY.resolve(file)).strip();
      for (String indent : List.of("  ", "    ")) {
        String indented = content.lines().map(line -> indent + line).collect(joining("\n"));
        shorter = shorter.replace(indented, indent + "# " + file);
      }
    }
    return shorter;
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void configurationFile_isGood(String valueSet) {
    rendering(valueSet)
        .ofKind("ConfigMap")
        .map(map -> map.path("data").path("isoline.yaml").asText())
        .filter(text -> !text.isEmpty())
        .forEach(
            text ->
                assertInstanceOf(
                    ConfigurationFile.Loaded.class,
                    ConfigurationFile.read(
                        text,
                        "isoline.yaml",
                        Settings.defaults(ByteString.EMPTY, ByteString.EMPTY))));
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void objects_haveTheRecommendedLabels(String valueSet) {
    Set<String> wanted =
        Set.of(
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/component",
            "app.kubernetes.io/version",
            "app.kubernetes.io/part-of",
            "app.kubernetes.io/managed-by",
            "helm.sh/chart");
    for (JsonNode object : rendering(valueSet).objects()) {
      Set<String> missing = new TreeSet<>(wanted);
      object.path("metadata").path("labels").fieldNames().forEachRemaining(missing::remove);
      boolean extra = object.path("metadata").path("name").asText().matches("isoline-(extra|more)");
      assertTrue(extra || missing.isEmpty(), object.path("metadata") + " misses " + missing);
    }
  }

  /** The selectors of two components, or of the same one in another release, never meet. */
  @ParameterizedTest
  @MethodSource("valueSets")
  void selectors_takeTheirPodsAlone(String valueSet) {
    Rendering rendering = rendering(valueSet);
    rendering
        .ofKind("Deployment", "DaemonSet")
        .forEach(
            owner -> {
              Set<String> owners = new TreeSet<>();
              JsonNode selector = owner.path("spec").path("selector").path("matchLabels");
              assertTrue(selector.has("app.kubernetes.io/instance"));
              for (JsonNode pod : rendering.pods()) {
                JsonNode labels = pod.path("metadata").path("labels");
                if (selector.properties().stream()
                    .allMatch(label -> label.getValue().equals(labels.path(label.getKey())))) {
                  owners.add(labels.path("app.kubernetes.io/component").asText());
                }
              }
              assertEquals(1, owners.size(), owners.toString());
            });
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void commandLines_haveOptionsThatThereAre(String valueSet) throws Exception {
    for (JsonNode pod : rendering(valueSet).pods()) {
      for (String kind : List.of("initContainers", "containers")) {
        for (JsonNode container : pod.path("spec").path(kind)) {
          if (container.path("image").asText().matches(".*/?isoline[:@].*")) {
            assertEquals(Set.of(), unknownOptions(container.path("args")), container.toString());
          }
        }
      }
    }
  }

  private static Set<String> unknownOptions(JsonNode arguments)
      throws IOException, InterruptedException {
    String command = arguments.path(0).asText();
    String help = HELP.get(command);
    if (help == null) {
      Process process =
          new ProcessBuilder(ISOLINE.toString(), command, "--help").redirectErrorStream(true).start();
      help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), help);
      assertTrue(help.startsWith("Usage: isoline " + command), help);
      HELP.put(command, help);
    }
    Set<String> unknown = new TreeSet<>();
    for (JsonNode argument : arguments) {
      String option = argument.asText().replaceFirst("=.*", "");
      String negatable = option.replaceFirst("^--(no-)?", "--[no-]");
      if (option.startsWith("--") && !names(help, option) && !names(help, negatable)) {
        unknown.add(option);
      }
    }
    return unknown;
  }

  private static boolean names(String help, String option) {
    return Pattern.compile(Pattern.quote(option) + "(?![-a-z])").matcher(help).find();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "envoy.kindd=x | at '/envoy': additional properties 'kindd' not allowed",
        "foo=1 | additional properties 'foo' not allowed",
        "envoy.kind=Pod | at '/envoy/kind': value must be one of 'DaemonSet', 'Deployment'",
        "envoy.containerPorts.http=70000 | at '/envoy/containerPorts/http': maximum",
        "envoy.pdb.minAvailable=half | at '/envoy/pdb/minAvailable'",
        "envoy.podAnnotations.x=true | at '/envoy/podAnnotations/x': got boolean",
        "envoy.resources.limits.memory=1GB | at '/envoy/resources/limits/memory'",
        "envoy.resources.limit.memory=1Gi | additional properties 'limit' not allowed",
        "envoy.service.loadBalancerSourceRanges={10.0.0.1} | '10.0.0.1' does not match",
        "controlPlane.replicaCount=two | at '/controlPlane/replicaCount': got string",
        "controlPlane.logLevel=verbose | at '/controlPlane/logLevel': value must be one of",
        "controlPlane.xdsAddress=isoline | at '/controlPlane/xdsAddress'",
        "image.digest=abc | at '/image/digest': 'abc' does not match",
        "secretAccess=all | value must be one of 'named', 'namespace', 'cluster'",
        "watchNamespaces={A_b} | at '/watchNamespaces/0': 'A_b' does not match",
        "publishService.pathOverride=front | at '/publishService/pathOverride'",
        "certificates.source=vault | at '/certificates/source': value must be one of",
        "config.http.prt=3 | at '/config/http': additional properties 'prt' not allowed",
        "config.accessLog=maybe | at '/config/accessLog': 'maybe' does not match",
        "config.timeouts.connect=soon | at '/config/timeouts/connect': 'soon' does not match",
        "config.ports.tcp={9000=db} | at '/config/ports/tcp/0': '9000=db' does not match",
        "config.ports.udp={53=a/b:53:PROXY} | at '/config/ports/udp/0'",
        "config.ports.tcp={0=a/b:1} | config.ports has port 0: a port is from 1 to 65535",
        "config.ports.tcp={99999=a/b:1} | config.ports has port 99999",
        "config.ports.tcp={9000=a/b:1,9000=a/b:2} | config.ports has port 9000 for TCP twice",
        "config.ports.tcp={8002=a/b:1} | config.ports.tcp and envoy.containerPorts.metrics are one",
        "config.ports.tcp={443=a/b:1} | port 443, which is envoy.service.ports.https",
        "config.http.port=80 | config.http.port is 80, and envoy.containerPorts.http is 8080",
        "envoy.containerPorts.http=8443 | they must differ",
        "envoy.containerPorts.drain=8002 | containerPorts.drain and envoy.containerPorts.metrics",
        "envoy.terminationGracePeriodSeconds=300 | must be more than envoy.drain.timeout, 300",
        "envoy.drain.delay=301 | envoy.drain.delay is greater than envoy.drain.timeout",
        "envoy.autoscaling.enabled=true | needs envoy.kind=Deployment",
        "controlPlane.leaderElection.enabled=false | needs controlPlane.replicaCount=1",
        "controlPlane.enabled=false | needs controlPlane.xdsAddress",
        "certificates.source=existing | needs certificates.existing.serverSecret",
        "secretAccess=namespace | needs watchNamespaces or watchNamespaceSelector",
      })
  void badValue_isRefusedWithItsName(String value, String message) {
    Helm.Run run = helm.tryTemplate("--set", value);
    assertEquals(1, run.status(), run.out());
    assertTrue(run.err().contains(message), run.err());
  }

  @Test
  void versions_areThoseOfTheProject() throws IOException {
    JsonNode chart = Chart.yaml(Chart.DIRECTORY.resolve("Chart.yaml"));
    String pom = Files.readString(Chart.ROOT.resolve("pom.xml"));
    String version = pom.replaceAll("(?s).*?<version>([^<]*)</version>.*", "$1");
    assertEquals(version.replace("-SNAPSHOT", ""), chart.path("appVersion").asText());
    assertEquals(version.replace("-SNAPSHOT", ""), chart.path("version").asText());
  }
}
