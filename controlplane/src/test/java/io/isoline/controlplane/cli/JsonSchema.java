package io.isoline.controlplane.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules of JSON Schema, draft 7, as far as the schema of SARIF has them: any other keyword is an
 * error, so that no rule is passed over.
 */
final class JsonSchema {

  private static final Set<String> KEYWORDS =
      Set.of(
          "$schema", "$id", "$ref", "title", "description", "default", "definitions", "type",
          "enum", "properties", "additionalProperties", "required", "items", "minItems",
          "uniqueItems", "minimum", "maximum", "pattern", "format", "anyOf", "oneOf");

  private final JsonNode root;

  JsonSchema(JsonNode root) {
    this.root = root;
  }

  /** What is wrong, each with its place; empty when nothing is. */
  List<String> problems(JsonNode document) {
    List<String> problems = new ArrayList<>();
    check(root, document, "", problems);
    return problems;
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> problems) {
    schema
        .fieldNames()
        .forEachRemaining(
            keyword -> {
              if (!KEYWORDS.contains(keyword)) {
                throw new IllegalArgumentException("a keyword that is not known: " + keyword);
              }
            });
    if (schema.has("$ref")) {
      check(root.at(schema.path("$ref").asText().substring(1)), value, at, problems);
      return;
    }
    if (schema.has("type") && !isOfType(value, schema.path("type").asText())) {
      problems.add(at + ": not of type " + schema.path("type").asText());
      return;
    }
    if (schema.has("enum") && !contains(schema.path("enum"), value)) {
      problems.add(at + ": none of " + schema.path("enum"));
    }
    if (schema.has("minimum")
        && value.decimalValue().compareTo(schema.path("minimum").decimalValue()) < 0) {
      problems.add(at + ": too small");
    }
    if (schema.has("maximum")
        && value.decimalValue().compareTo(new BigDecimal(schema.path("maximum").asText())) > 0) {
      problems.add(at + ": too large");
    }
    if (schema.has("pattern")
        && !Pattern.compile(schema.path("pattern").asText()).matcher(value.asText()).find()) {
      problems.add(at + ": does not match " + schema.path("pattern"));
    }
    if (schema.path("format").asText().startsWith("uri")) {
      uri(value.asText(), schema.path("format").asText().equals("uri"), at, problems);
    }
    choices(schema, value, at, problems);
    if (value.isObject()) {
      object(schema, value, at, problems);
    } else if (value.isArray()) {
      array(schema, value, at, problems);
    }
  }

  private static boolean isOfType(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> throw new IllegalArgumentException("a type that is not known: " + type);
    };
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (JsonNode each : list) {
      if (each.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static void uri(String text, boolean absolute, String at, List<String> problems) {
    try {
      if (absolute && !new URI(text).isAbsolute()) {
        problems.add(at + ": not an absolute URI");
      }
    } catch (URISyntaxException e) {
      problems.add(at + ": " + e.getMessage());
    }
  }

  private void choices(JsonNode schema, JsonNode value, String at, List<String> problems) {
    for (String keyword : List.of("anyOf", "oneOf")) {
      int fitting = 0;
      for (JsonNode choice : schema.path(keyword)) {
        List<String> inChoice = new ArrayList<>();
        check(choice, value, at, inChoice);
        fitting += inChoice.isEmpty() ? 1 : 0;
      }
      if (schema.has(keyword) && (fitting == 0 || (keyword.equals("oneOf") && fitting > 1))) {
        problems.add(at + ": fits " + fitting + " of " + keyword);
      }
    }
  }

  private void object(JsonNode schema, JsonNode value, String at, List<String> problems) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        problems.add(at + ": " + name.asText() + " is missing");
      }
    }
    JsonNode others = schema.path("additionalProperties");
    value
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode property = schema.path("properties").path(name);
              String inside = at + "/" + name;
              if (!property.isMissingNode()) {
                check(property, value.path(name), inside, problems);
              } else if (others.isObject()) {
                check(others, value.path(name), inside, problems);
              } else if (others.isBoolean() && !others.asBoolean()) {
                problems.add(inside + ": no such property");
              }
            });
  }

  private void array(JsonNode schema, JsonNode value, String at, List<String> problems) {
    Set<JsonNode> different = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      different.add(value.get(i));
      if (schema.has("items")) {
        check(schema.path("items"), value.get(i), at + "/" + i, problems);
      }
    }
    if (value.size() < schema.path("minItems").asInt(0)) {
      problems.add(at + ": too few elements");
    }
    if (schema.path("uniqueItems").asBoolean() && different.size() < value.size()) {
      problems.add(at + ": the same element twice");
    }
  }
}
