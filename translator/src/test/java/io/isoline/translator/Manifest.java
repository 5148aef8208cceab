package io.isoline.translator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the YAML of tests; the strict reader is another module's. */
final class Manifest {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Manifest() {}

  /** The objects of a text of several documents, in order. */
  static List<ClusterObject> read(String text) {
    List<ClusterObject> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (document.isObject()) {
          KnownKind kind = (KnownKind) Kind.of(document.path("kind").asText());
          objects.add(kind.project(YAML.treeToValue(document, kind.model()), objects.size()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  /** The same as changes. */
  static List<Change> changes(String text) {
    List<Change> changes = new ArrayList<>();
    read(text).forEach(object -> changes.add(new Change.Upsert(object)));
    return changes;
  }
}
