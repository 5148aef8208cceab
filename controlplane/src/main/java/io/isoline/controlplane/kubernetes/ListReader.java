package io.isoline.controlplane.kubernetes;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.function.Consumer;

/** Reads a list of objects as it comes in, so that no more than one of them is in memory. */
final class ListReader {

  private ListReader() {}

  /**
   * Reads a list to its end.
   *
   * @return the version of the list
   * @throws IOException when it breaks off, or is not a list
   */
  static String read(JsonParser json, Consumer<JsonNode> items) throws IOException {
    String version = "";
    boolean complete = false;
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(json, "it is not a list");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("metadata")) {
        JsonNode metadata = json.readValueAsTree();
        version = metadata.path("resourceVersion").asText("");
      } else if (field.equals("items") && value == JsonToken.START_ARRAY) {
        while (json.nextToken() == JsonToken.START_OBJECT) {
          items.accept(json.readValueAsTree());
        }
        complete = true;
      } else if (field.equals("items") && value == JsonToken.VALUE_NULL) {
        complete = true;
      } else {
        json.skipChildren();
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT || !complete || version.isEmpty()) {
      throw new JsonParseException(json, "it is not a list");
    }
    return version;
  }
}
