package io.isoline.translator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.Projection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads the YAML of tests; the strict reader is another module's. */
final class Manifest {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Ingress", Ingress.class,
          "IngressClass", IngressClass.class,
          "Service", Service.class,
          "EndpointSlice", EndpointSlice.class,
          "Secret", Secret.class,
          "Namespace", Namespace.class);

  private Manifest() {}

  /** The objects of a text of several documents, in order. */
  static List<ClusterObject> read(String text) {
    List<ClusterObject> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (document.isObject()) {
          Class<? extends HasMetadata> kind =
              Objects.requireNonNull(KINDS.get(document.path("kind").asText()));
          objects.add(
              Objects.requireNonNull(
                  Projection.project(YAML.treeToValue(document, kind), objects.size())));
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
