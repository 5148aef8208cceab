package io.isoline.controlplane.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comments of {@code values.yaml}: {@code ## } begins a part, {@code # } lines above a key say
 * what it is. A value is documented by its own comment or by that of what it is in.
 */
final class ValuesDocument {

  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9_./-]+):(?: .*)?");

  /**
   * A key with a comment.
   *
   * @param part the title of its part
   * @param path as {@code --set} takes it
   */
  record Entry(String part, String path, String comment) {}

  private record Open(int indent, String key, boolean documented) {}

  private final JsonNode values;
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> undocumented = new ArrayList<>();

  ValuesDocument(String text, JsonNode values) {
    this.values = values;
    read(text);
  }

  private void read(String text) {
    String part = "";
    List<String> comment = new ArrayList<>();
    Deque<Open> open = new ArrayDeque<>();
    for (String line : text.lines().toList()) {
      String content = line.strip();
      Matcher key = KEY.matcher(line);
      if (content.startsWith("## ")) {
        part = content.substring(3);
      } else if (content.startsWith("#")) {
        comment.add(content.substring(1).strip());
      } else if (key.matches()) {
        int indent = key.group(1).length();
        while (!open.isEmpty() && open.getLast().indent() >= indent) {
          open.removeLast();
        }
        boolean above = open.stream().anyMatch(Open::documented);
        open.addLast(new Open(indent, key.group(2), above || !comment.isEmpty()));
        String path = String.join(".", open.stream().map(Open::key).toList());
        if (!comment.isEmpty()) {
          entries.add(new Entry(part, path, String.join("\n", comment)));
        } else if (!above && !at(path).isObject()) {
          undocumented.add(path);
        }
        comment.clear();
      } else {
        comment.clear();
      }
    }
  }

  /** The value of a path. */
  private JsonNode at(String path) {
    JsonNode node = values;
    for (String key : path.split("\\.", -1)) {
      node = node.path(key);
    }
    return node;
  }

  List<Entry> entries() {
    return entries;
  }

  /** Paths of values that no comment says anything of. */
  List<String> undocumented() {
    return undocumented;
  }

  /** The page for users. */
  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Values of the Helm chart

        Made from the comments of [values.yaml](../charts/isoline/values.yaml); a test keeps it so.
        `helm show values charts/isoline` prints the file itself. What is not in here is refused,
        with the name of the value and what is wrong with it.
        """);
    String part = "";
    for (Entry entry : entries) {
      if (!entry.part().equals(part)) {
        part = entry.part();
        out.append("\n## ").append(part).append("\n\n| value | default | what it is |\n|---|---|---|\n");
      }
      out.append("| `%s` | %s | %s |\n".formatted(entry.path(), shown(entry), cell(entry)));
    }
    return out.toString();
  }

  private String shown(Entry entry) {
    JsonNode node = at(entry.path());
    boolean parted =
        entries.stream().anyMatch(other -> other.path().startsWith(entry.path() + "."));
    if (parted || node.isNull() || (node.isTextual() && node.textValue().isEmpty())) {
      return "";
    }
    String text = node.isTextual() ? node.textValue() : flow(node);
    return "`" + text.replace("|", "\\|") + "`";
  }

  /** As YAML on one line. */
  private static String flow(JsonNode node) {
    if (node.isObject()) {
      List<String> fields = new ArrayList<>();
      node.properties().forEach(field -> fields.add(field.getKey() + ": " + flow(field.getValue())));
      return "{" + String.join(", ", fields) + "}";
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(flow(item)));
      return "[" + String.join(", ", items) + "]";
    }
    return node.asText();
  }

  /** The first paragraph; the others are for those who read the file. */
  private static String cell(Entry entry) {
    return entry
        .comment()
        .replaceFirst("(?s)\n\n.*", "")
        .replace("|", "\\|")
        .replaceAll("\n(?=[a-z-]+: )", "<br>")
        .replace("\n", " ");
  }
}
