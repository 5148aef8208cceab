package io.isoline.controlplane.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} has each rule that the chart gives to anybody, and no other. */
class RightsTest {

  private static final Pattern ROW =
      Pattern.compile("\\| (?:`([a-z0-9.]+)` )?`([a-z/]+)` \\| ([a-z, ]+) \\| .+ \\|");

  @Test
  void page_hasTheRulesOfAllRenderings() throws IOException {
    Set<String> rendered = new TreeSet<>();
    for (String valueSet : Chart.valueSets()) {
      rendered.addAll(rules(Path.of("src/test/resources/chart", valueSet + ".yaml")));
    }
    assertEquals(String.join("\n", rendered), String.join("\n", documented()));
  }

  private static Set<String> documented() throws IOException {
    Set<String> rules = new TreeSet<>();
    String component = "";
    for (String line : Files.readAllLines(Chart.ROOT.resolve("docs/security.md"))) {
      if (line.startsWith("#")) {
        component =
            switch (line) {
              case "### Of the control plane" -> "control-plane";
              case "### Of the Job that makes the certificates" -> "certificates";
              default -> "";
            };
      }
      Matcher row = ROW.matcher(line);
      if (!component.isEmpty() && row.matches()) {
        String group = row.group(1) == null ? "" : row.group(1);
        rules.add(rule(component, group, row.group(2), List.of(row.group(3).split(", ", -1))));
      }
    }
    return rules;
  }

  private static Set<String> rules(Path golden) {
    Set<String> rules = new TreeSet<>();
    try (var documents =
        Chart.YAML.readerFor(JsonNode.class).<JsonNode>readValues(golden.toFile())) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        String kind = document.path("kind").asText();
        if (!kind.equals("Role") && !kind.equals("ClusterRole")) {
          continue;
        }
        String component =
            document.path("metadata").path("labels").path("app.kubernetes.io/component").asText();
        for (JsonNode rule : document.path("rules")) {
          for (String group : texts(rule.path("apiGroups"))) {
            for (String resource : texts(rule.path("resources"))) {
              rules.add(rule(component, group, resource, texts(rule.path("verbs"))));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertTrue(rules.stream().noneMatch(rule -> rule.contains("*")), rules::toString);
    return rules;
  }

  private static String rule(String component, String group, String resource, List<String> verbs) {
    return component + ": " + (group + " " + resource).strip() + ": " + new TreeSet<>(verbs);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).forEach(texts::add);
    return texts;
  }
}
