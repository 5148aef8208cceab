package io.isoline.controlplane.migrate.config;

import io.isoline.controlplane.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads ConfigMaps from YAML or JSON: as kubectl prints them, alone or in a List, or as the values
 * of the Helm chart of ingress-nginx have them ({@code controller.config}, {@code tcp}, {@code
 * udp}).
 */
final class ConfigMapReader {

  /** A ConfigMap has 1 MiB at most, and a file a few of them. */
  static final int MAX_BYTES = 8 << 20;

  /** Deeper than any of it; the composer recurses, so depth must be bounded before it runs. */
  private static final int MAX_DEPTH = 50;

  private final String file;
  private final List<NginxConfigMap> found = new ArrayList<>();

  private ConfigMapReader(String file) {
    this.file = file;
  }

  /**
   * Reads a file, or standard input for {@code -}.
   *
   * @throws UnreadableException when it cannot be read, or is not YAML
   */
  static List<NginxConfigMap> read(Path path, InputStream stdin) throws UnreadableException {
    boolean standardInput = path.toString().equals("-");
    String name = standardInput ? "<stdin>" : path.toString();
    if (Files.isDirectory(path)) {
      throw new UnreadableException(name + " is a directory; name the file with the ConfigMap");
    }
    try (InputStream in = standardInput ? stdin : Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new UnreadableException(name + " is longer than 8MiB: is it the right file?");
      }
      return read(name, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UnreadableException(
          name + " cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  static List<NginxConfigMap> read(String name, String text) throws UnreadableException {
    ConfigMapReader reader = new ConfigMapReader(name);
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(MAX_BYTES).build();
    try {
      int depth = 0;
      for (Event event : new Parse(settings).parseString(text)) {
        depth += event instanceof CollectionStartEvent ? 1 : 0;
        depth -= event instanceof CollectionEndEvent ? 1 : 0;
        if (depth > MAX_DEPTH) {
          throw new UnreadableException(name + " is nested deeper than any ConfigMap");
        }
      }
      for (Node root : new Compose(settings).composeAllFromString(text)) {
        reader.document(root);
      }
    } catch (MarkedYamlEngineException e) {
      throw new UnreadableException(
          "%s%s is not YAML: %s"
              .formatted(
                  name,
                  e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse(""),
                  Printable.line(String.valueOf(e.getProblem()))));
    } catch (YamlEngineException e) {
      throw new UnreadableException(
          name + " is not YAML: " + Printable.line(String.valueOf(e.getMessage()), 200));
    }
    return reader.found;
  }

  private void document(Node root) throws UnreadableException {
    if (!(root instanceof MappingNode object)) {
      return;
    }
    Node kind = child(object, "kind");
    if (kind == null) {
      helmValues(object);
    } else if (scalar(kind).equals("ConfigMap")) {
      Node metadata = child(object, "metadata");
      String namespace = metadata == null ? "" : scalar(child(metadata, "namespace"));
      String name = metadata == null ? "" : scalar(child(metadata, "name"));
      add(namespace.isEmpty() ? name : namespace + "/" + name, child(object, "data"));
    } else if (child(object, "items") instanceof SequenceNode items) {
      for (Node item : items.getValue()) {
        if (child(item, "kind") != null) {
          document(item);
        }
      }
    }
  }

  private void helmValues(MappingNode values) throws UnreadableException {
    Node controller = child(values, "controller");
    if (controller != null) {
      add("controller.config", child(controller, "config"));
    }
    add("tcp", child(values, "tcp"));
    add("udp", child(values, "udp"));
  }

  private void add(String name, @Nullable Node data) throws UnreadableException {
    if (!(data instanceof MappingNode mapping)) {
      return;
    }
    Map<String, NginxConfigMap.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String place =
          file
              + tuple
                  .getKeyNode()
                  .getStartMark()
                  .map(mark -> ":" + (mark.getLine() + 1))
                  .orElse("");
      String key = scalar(tuple.getKeyNode());
      if (!(tuple.getValueNode() instanceof ScalarNode value)) {
        throw new UnreadableException(
            "%s: the value of %s is no text".formatted(place, Printable.line(key, 60)));
      }
      if (entries.put(key, new NginxConfigMap.Entry(value.getValue(), place)) != null) {
        throw new UnreadableException(
            "%s: the key %s is there twice".formatted(place, Printable.line(key, 60)));
      }
    }
    found.add(new NginxConfigMap(name, entries));
  }

  private static @Nullable Node child(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (scalar(tuple.getKeyNode()).equals(key)) {
          return tuple.getValueNode();
        }
      }
    }
    return null;
  }

  private static String scalar(@Nullable Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  /** The input is not what it should be; the message says where and why. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }
}
