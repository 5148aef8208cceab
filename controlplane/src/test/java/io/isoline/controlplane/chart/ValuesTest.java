package io.isoline.controlplane.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.isoline.controlplane.config.ConfigurationFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * {@code values.yaml}, its schema and its page say the same. Run with {@code -Dgolden.update=true}
 * to write the page anew.
 */
class ValuesTest {

  private static final Path PAGE = Chart.ROOT.resolve("docs/helm-values.md");
  private static final Path VALUES = Chart.DIRECTORY.resolve("values.yaml");

  private final JsonNode values = Chart.yaml(VALUES);
  private final JsonNode schema = Chart.yaml(Chart.DIRECTORY.resolve("values.schema.json"));

  @Test
  void values_each_hasAComment() throws IOException {
    assertEquals(List.of(), document().undocumented());
  }

  @Test
  void page_isThatOfTheValues() throws IOException {
    String page = document().markdown();
    if (Chart.update()) {
      Files.writeString(PAGE, page);
    }
    assertEquals(page, Files.readString(PAGE));
  }

  @Test
  void schema_knowsTheValuesThatThereAre() {
    Set<String> inSchema = new TreeSet<>();
    Set<String> inValues = new TreeSet<>();
    compare("", schema, values, inSchema, inValues);
    // The condition of a chart that has this one as a part.
    inSchema.remove("enabled");
    inSchema.removeIf(path -> path.startsWith("config."));
    inValues.removeIf(path -> path.startsWith("config."));
    assertEquals(inValues, inSchema);
  }

  @Test
  void schema_config_hasTheKeysOfTheFile() {
    Set<String> keys = new TreeSet<>();
    JsonNode config = schema.path("properties").path("config").path("properties");
    for (var section : config.properties()) {
      JsonNode node = resolved(section.getValue());
      node.path("properties")
          .fieldNames()
          .forEachRemaining(key -> keys.add(section.getKey() + "." + key));
      // A section that can be off takes a word, too.
      if (!node.has("properties") || node.path("type").isArray()) {
        keys.add(section.getKey());
      }
    }
    assertEquals(ConfigurationFile.keys(), keys);
  }

  private static ValuesDocument document() throws IOException {
    return new ValuesDocument(Files.readString(VALUES), Chart.yaml(VALUES));
  }

  /** Collects the keys of both, as deep as both say something. */
  private void compare(
      String path, JsonNode node, JsonNode value, Set<String> inSchema, Set<String> inValues) {
    JsonNode properties = resolved(node).path("properties");
    if (!properties.isObject() || !value.isObject()) {
      return;
    }
    properties.fieldNames().forEachRemaining(key -> inSchema.add(path + key));
    value.fieldNames().forEachRemaining(key -> inValues.add(path + key));
    for (var property : properties.properties()) {
      if (value.has(property.getKey()) && !isOptional(property.getValue())) {
        compare(
            path + property.getKey() + ".",
            property.getValue(),
            value.get(property.getKey()),
            inSchema,
            inValues);
      }
    }
  }

  /** Kubernetes' own types, and references to objects, whose parts may be left out. */
  private boolean isOptional(JsonNode node) {
    return Set.of("#/definitions/resources").contains(node.path("$ref").asText())
        || resolved(node).path("properties").has("group");
  }

  private JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty()
        ? node
        : schema.path("definitions").path(reference.substring("#/definitions/".length()));
  }
}
