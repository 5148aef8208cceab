package io.isoline.controlplane.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The objects that a chart renders.
 *
 * @param texts each object as text, by {@code KIND NAMESPACE/NAME}, in their order
 */
record Rendering(Map<String, String> texts) {

  static Rendering of(String output) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String text : output.split("(?m)^---$", -1)) {
      JsonNode object = parse(text);
      if (!object.isObject()) {
        continue;
      }
      JsonNode metadata = object.path("metadata");
      String namespace = metadata.path("namespace").asText();
      String name = metadata.path("name").asText();
      String key =
          object.path("kind").asText() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
      if (texts.put(key, text.strip() + "\n") != null) {
        throw new AssertionError("rendered twice: " + key);
      }
    }
    return new Rendering(texts);
  }

  private static JsonNode parse(String text) {
    try {
      return Chart.YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<JsonNode> objects() {
    return texts.values().stream().map(Rendering::parse).toList();
  }

  Stream<JsonNode> ofKind(String... kinds) {
    return objects().stream().filter(object -> List.of(kinds).contains(object.path("kind").asText()));
  }

  JsonNode object(String key) {
    String text = texts.get(key);
    if (text == null) {
      throw new AssertionError("no " + key + " among " + texts.keySet());
    }
    return parse(text);
  }

  /** The templates of all pods. */
  List<JsonNode> pods() {
    List<JsonNode> pods = new ArrayList<>();
    ofKind("Deployment", "DaemonSet", "Job")
        .forEach(object -> pods.add(object.path("spec").path("template")));
    ofKind("CronJob")
        .forEach(
            object ->
                pods.add(
                    object.path("spec").path("jobTemplate").path("spec").path("template")));
    return pods;
  }

  /** What is not as in another rendering, and what of that is missing: enough to review. */
  String differenceTo(Rendering other) {
    StringBuilder out = new StringBuilder();
    for (String key : other.texts.keySet()) {
      if (!texts.containsKey(key)) {
        out.append("# not rendered: ").append(key).append('\n');
      } else if (texts.get(key).equals(other.texts.get(key))) {
        out.append("# as by default: ").append(key).append('\n');
      }
    }
    texts.forEach(
        (key, text) -> {
          if (!text.equals(other.texts.get(key))) {
            out.append("---\n").append(text);
          }
        });
    return out.toString();
  }
}
