package io.isoline.controlplane.kubernetes;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes items of the objects of one kind, one by one, so that an odd object harms no other. */
final class ItemReader {

  static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private final KnownKind kind;

  ItemReader(KnownKind kind) {
    this.kind = kind;
  }

  /** The identity of an object; null when it has no name. */
  @Nullable ObjectRef ref(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asText("");
    String namespace = kind.isNamespaced() ? metadata.path("namespace").asText("") : "";
    return name.isEmpty() || (kind.isNamespaced() && namespace.isEmpty())
        ? null
        : new ObjectRef(kind, namespace, name);
  }

  /** Reads an object that has this identity. Changes the node. */
  Item read(ObjectRef ref, JsonNode object) {
    if (object.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(LAST_APPLIED);
      }
    }
    try {
      ClusterObject projected = kind.project(JSON.treeToValue(object, kind.model()), 0);
      if (projected.ref().equals(ref)) {
        return new Item.Projected(projected);
      }
      return malformed(ref, "it is not of kind " + kind);
    } catch (JsonMappingException e) {
      return malformed(ref, place(e) + firstLine(e.getOriginalMessage()));
    } catch (JacksonException e) {
      return malformed(ref, firstLine(e.getOriginalMessage()));
    }
  }

  private Item malformed(ObjectRef ref, String message) {
    return new Item.Unreadable(
        ref,
        "does not fit the Kubernetes API: " + message,
        "compare it with `kubectl explain " + kind + "`");
  }

  /** What is needed to write about an object. */
  ObjectIdentity identity(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    List<PublishedAddress> addresses = new ArrayList<>();
    for (JsonNode entry : object.path("status").path("loadBalancer").path("ingress")) {
      addresses.add(new PublishedAddress(text(entry, "ip"), text(entry, "hostname")));
    }
    return new ObjectIdentity(
        kind.apiVersion(),
        metadata.path("uid").asText(""),
        metadata.path("resourceVersion").asText(""),
        !metadata.path("deletionTimestamp").asText("").isEmpty(),
        addresses);
  }

  private static @Nullable String text(JsonNode object, String field) {
    String text = object.path(field).asText("");
    return text.isEmpty() ? null : text;
  }

  /** The field that an exception is about, as a path. */
  private static String place(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "" : path.append(": ").toString();
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
