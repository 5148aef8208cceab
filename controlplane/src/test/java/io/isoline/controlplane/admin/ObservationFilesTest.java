package io.isoline.controlplane.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.isoline.controlplane.admin.MetricsPage.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The alerts and the dashboard of the chart use only what is there. */
final class ObservationFilesTest {

  private static final Path ALERTS = Path.of("../charts/isoline/rules/isoline.yaml");
  private static final Path DASHBOARD = Path.of("../charts/isoline/dashboards/isoline.json");

  /** What Prometheus adds to all that it reads. */
  private static final Set<String> OF_TARGETS = Set.of("namespace", "pod", "instance", "job");

  private static final Pattern SELECTION =
      Pattern.compile("\\b((?:isoline|envoy|jvm|process|system)_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+) *(?:=~|!~|!=|=) *\"[^\"]*\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|group_left) *\\(([^)]*)\\)");

  @Test
  void alerts_nameOnlyMetricsAndLabelsThatAreDocumented() throws IOException {
    Map<String, String> expressions = new TreeMap<>();
    for (JsonNode alert : alerts()) {
      expressions.put(alert.path("alert").asText(), alert.path("expr").asText());
    }
    assertEquals(List.of(), problems(expressions));
  }

  @Test
  void alerts_haveWordsAndASectionOfTheTroubleshootingPage() throws IOException {
    Set<String> sections =
        Files.readAllLines(Path.of("../docs/troubleshooting.md")).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> anchor(line.substring(3)))
            .collect(Collectors.toSet());
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      assertTrue(name.startsWith("Isoline"), name);
      assertTrue(
          Set.of("critical", "warning", "info")
              .contains(alert.path("labels").path("severity").asText()),
          name);
      JsonNode annotations = alert.path("annotations");
      assertTrue(!annotations.path("summary").asText().isEmpty(), name);
      assertTrue(annotations.path("description").asText().endsWith("."), name);
      String[] runbook = annotations.path("runbook").asText().split("#", 2);
      assertEquals("docs/troubleshooting.md", runbook[0], name);
      assertTrue(sections.contains(runbook[1]), name + ": " + runbook[1] + " of " + sections);
    }
  }

  @Test
  void dashboard_namesOnlyMetricsAndLabelsThatAreDocumented() throws IOException {
    Map<String, String> expressions = new TreeMap<>();
    for (JsonNode panel : dashboard().path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        expressions.put(
            panel.path("title").asText() + " " + target.path("refId").asText(),
            target.path("expr").asText());
      }
    }
    assertTrue(expressions.size() > 20, expressions::toString);
    assertEquals(List.of(), problems(expressions));
  }

  @Test
  void dashboard_panelsHaveNamesAndPlacesOfTheirOwn() throws IOException {
    Set<String> ids = new HashSet<>();
    Set<String> places = new HashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      assertTrue(ids.add(panel.path("id").asText()), panel::toString);
      assertTrue(!panel.path("title").asText().isEmpty(), panel::toString);
      JsonNode place = panel.path("gridPos");
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          int column = place.path("x").asInt() + x;
          assertTrue(column < 24, panel::toString);
          assertTrue(
              places.add(column + "," + (place.path("y").asInt() + y)),
              () -> panel.path("title").asText() + " lies over another one");
        }
      }
    }
  }

  private static JsonNode alerts() throws IOException {
    return new ObjectMapper(new YAMLFactory())
        .readTree(Files.readString(ALERTS))
        .path("groups")
        .path(0)
        .path("rules");
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(Files.readString(DASHBOARD));
  }

  /** What the expressions name and nobody has. */
  private static List<String> problems(Map<String, String> expressions) throws IOException {
    Map<String, Metric> documented = MetricsPage.read();
    List<String> problems = new ArrayList<>();
    expressions.forEach(
        (where, expression) -> {
          Set<String> known = new TreeSet<>(OF_TARGETS);
          known.add("le");
          String rest = GROUPING.matcher(expression).replaceAll("");
          SELECTION
              .matcher(rest)
              .results()
              .forEach(
                  selection -> {
                    Metric metric = find(documented, selection.group(1));
                    if (metric == null) {
                      problems.add(where + ": no metric " + selection.group(1));
                      return;
                    }
                    known.addAll(metric.labels());
                    MATCHER
                        .matcher(selection.group(2) == null ? "" : selection.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !metric.labels().contains(label))
                        .filter(label -> !OF_TARGETS.contains(label))
                        .forEach(label -> problems.add(where + ": no label " + label));
                  });
          GROUPING
              .matcher(expression)
              .results()
              .flatMap(grouping -> Pattern.compile(" *, *").splitAsStream(grouping.group(1)))
              .filter(label -> !known.contains(label))
              .forEach(label -> problems.add(where + ": no label " + label));
          if (!SELECTION.matcher(rest).find()) {
            problems.add(where + ": names no metric: " + expression);
          }
        });
    return problems;
  }

  private static @Nullable Metric find(Map<String, Metric> documented, String name) {
    Metric own = documented.get(name);
    if (own != null) {
      return own.type().equals("histogram") ? null : own;
    }
    Metric histogram = documented.get(name.replaceFirst("_(bucket|count|sum)$", ""));
    return histogram != null && histogram.type().equals("histogram") ? histogram : null;
  }

  /** The name that a Markdown page gives to a heading. */
  private static String anchor(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{Alnum} -]", "")
        .strip()
        .replace(' ', '-');
  }
}
