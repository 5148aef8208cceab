package io.isoline.controlplane.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Envoy's messages as trees, with the field names of Envoy's documentation. Messages packed in
 * others are unpacked by their type's name, which says what the Java class is.
 */
public final class EnvoyText {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, Message> prototypes = new HashMap<>();

  /**
   * The message as maps, lists and plain values.
   *
   * @throws IllegalArgumentException when a type in it is unknown
   */
  public JsonNode tree(Message message) {
    TypeRegistry.Builder registry = TypeRegistry.newBuilder();
    register(message, registry);
    try {
      return MAPPER.readTree(
          JsonFormat.printer()
              .preservingProtoFieldNames()
              .omittingInsignificantWhitespace()
              .usingTypeRegistry(registry.build())
              .print(message));
    } catch (InvalidProtocolBufferException | JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be printed: " + e.getMessage(), e);
    }
  }

  /** Unpacks a message of any of Envoy's types. */
  public Message unpack(Any any) throws InvalidProtocolBufferException {
    return prototype(any.getTypeUrl()).getParserForType().parseFrom(any.getValue());
  }

  private void register(Message message, TypeRegistry.Builder registry) {
    if (message instanceof Any any) {
      try {
        Message content = unpack(any);
        Descriptor type = content.getDescriptorForType();
        registry.add(type);
        register(content, registry);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalArgumentException("not a valid " + any.getTypeUrl(), e);
      }
      return;
    }
    for (Object value : message.getAllFields().values()) {
      if (value instanceof Message inner) {
        register(inner, registry);
      } else if (value instanceof Collection<?> list) {
        for (Object element : List.copyOf(list)) {
          if (element instanceof Message inner) {
            register(inner, registry);
          }
        }
      }
    }
  }

  private Message prototype(String typeUrl) {
    return prototypes.computeIfAbsent(typeUrl, EnvoyText::load);
  }

  private static Message load(String typeUrl) {
    String name = typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    String type =
        name.startsWith("google.protobuf.")
            ? "com." + name
            : name.startsWith("xds.") ? "com.github." + name : "io.envoyproxy." + name;
    try {
      return (Message) Class.forName(type).getMethod("getDefaultInstance").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("unknown type " + name, e);
    }
  }
}
