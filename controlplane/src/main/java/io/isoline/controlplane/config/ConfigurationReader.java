package io.isoline.controlplane.config;

import io.isoline.controlplane.config.ConfigurationFile.Loaded;
import io.isoline.controlplane.config.ConfigurationFile.Reading;
import io.isoline.controlplane.config.ConfigurationFile.Rejected;
import io.isoline.controlplane.config.ValueType.Text;
import io.isoline.controlplane.text.Printable;
import io.isoline.controlplane.text.TextPlace;
import io.isoline.translator.Settings;
import io.isoline.translator.settings.ListenerSettings.Place;
import io.isoline.translator.settings.PortService;
import io.isoline.translator.settings.PortService.Transport;
import io.isoline.translator.text.SimilarName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads one text by the table of {@link SettingsFields}. */
final class ConfigurationReader {

  /** Deeper than any key; the composer recurses, so depth must be bounded before it runs. */
  private static final int MAX_DEPTH = 20;

  private final String file;
  private final ConfiguredValues values;
  private final Set<Problem> problems = new TreeSet<>();
  private final Map<String, Node> places = new HashMap<>();
  private final Set<String> keys = new LinkedHashSet<>();

  ConfigurationReader(String file, Settings base) {
    this.file = file;
    this.values = new ConfiguredValues(base);
  }

  Reading read(String text) {
    Optional<Node> root = compose(text);
    root.ifPresent(this::document);
    if (problems.isEmpty()) {
      Settings settings = SettingsFields.settings(values);
      checkTogether(settings, root);
      if (problems.isEmpty()) {
        return new Loaded(settings, keys);
      }
    }
    return new Rejected(List.copyOf(problems));
  }

  private Optional<Node> compose(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setAllowNonScalarKeys(true)
            .build();
    try {
      int depth = 0;
      int documents = 0;
      for (Event event : new Parse(settings).parseString(text)) {
        if (event instanceof DocumentStartEvent && ++documents > 1) {
          problem(event.getStartMark(), "a second document begins here; the file must have one");
          return Optional.empty();
        }
        depth += event instanceof CollectionStartEvent ? 1 : 0;
        depth -= event instanceof CollectionEndEvent ? 1 : 0;
        if (depth > MAX_DEPTH) {
          problem(event.getStartMark(), "nested deeper than any key of this file");
          return Optional.empty();
        }
      }
      return new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      notYaml(
          e.getProblemMark()
              .or(e::getContextMark)
              .map(mark -> TextPlace.of(text, mark.getLine(), mark.getColumn())),
          String.valueOf(e.getProblem()));
    } catch (ReaderException e) {
      notYaml(
          Optional.of(TextPlace.at(text, e.getPosition())),
          "the control character U+%04X is not allowed".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      notYaml(
          Optional.empty(), String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    return Optional.empty();
  }

  private void document(Node root) {
    if (isNull(root)) {
      return;
    }
    if (!(root instanceof MappingNode mapping)) {
      problem(root, "expected keys with values, such as `ipv6: true`, not " + shown(root));
      return;
    }
    Map<String, Field<?>> fields = fieldsOf("");
    Set<String> known = new LinkedHashSet<>(fields.keySet());
    known.addAll(SettingsFields.sections());
    for (Map.Entry<String, NodeTuple> entry : entries(mapping, "").entrySet()) {
      String key = entry.getKey();
      Node value = entry.getValue().getValueNode();
      Section section = SettingsFields.section(key);
      Field<?> field = fields.get(key);
      if (section != null) {
        section(section, value);
      } else if (field != null) {
        field(field, value);
      } else {
        unknown(entry.getValue().getKeyNode(), key, "", known);
      }
    }
  }

  private void section(Section section, Node value) {
    if (section.isOn() != null) {
      keys.add(section.name());
    }
    if (value instanceof MappingNode mapping) {
      if (section.isOn() != null) {
        values.turn(section, true);
      }
      Map<String, Field<?>> fields = fieldsOf(section.name());
      for (Map.Entry<String, NodeTuple> entry : entries(mapping, section.name()).entrySet()) {
        Field<?> field = fields.get(entry.getKey());
        if (field == null) {
          unknown(entry.getValue().getKeyNode(), entry.getKey(), section.name(), fields.keySet());
        } else {
          field(field, entry.getValue().getValueNode());
        }
      }
    } else if (section.isOn() == null) {
      // A section whose keys are all commented out.
      if (!isNull(value)) {
        problem(value, section.name() + ": expected keys below it, not " + shown(value));
      }
    } else {
      switchable(section, value);
    }
  }

  private void switchable(Section section, Node value) {
    String word = value instanceof ScalarNode scalar ? scalar.getValue() : "";
    switch (word) {
      case "off", "false" -> values.turn(section, false);
      case "on", "true" -> values.turn(section, true);
      default -> {
        Field<?> shorthand =
            section.shorthand() == null ? null : fieldsOf(section.name()).get(section.shorthand());
        if (shorthand != null && value instanceof ScalarNode && !isNull(value)) {
          values.turn(section, true);
          field(shorthand, value);
        } else {
          problem(
              value,
              "%s: expected off, on or keys below it, not %s"
                  .formatted(section.name(), shown(value)));
        }
      }
    }
  }

  private <T> void field(Field<T> field, Node node) {
    keys.add(field.path());
    places.put(field.path(), node);
    List<Text> texts = new ArrayList<>();
    if (isNull(node)) {
      problem(node, field.path() + ": has no value; remove the key to get the default");
      return;
    }
    if (field.type().isList()) {
      if (!(node instanceof SequenceNode list)) {
        problem(
            node, "%s: expected a list, [like, this], not %s".formatted(field.path(), shown(node)));
        return;
      }
      for (Node item : list.getValue()) {
        if (!(item instanceof ScalarNode scalar) || isNull(item)) {
          problem(
              item, "%s: expected a list of words, not of %s".formatted(field.path(), shown(item)));
          return;
        }
        texts.add(text(scalar));
      }
    } else if (node instanceof ScalarNode scalar) {
      texts.add(text(scalar));
    } else {
      problem(node, "%s: expected one value, not %s".formatted(field.path(), shown(node)));
      return;
    }
    try {
      values.set(field, field.type().reader().read(texts));
    } catch (InvalidValueException e) {
      for (InvalidValueException.Wrong wrong : e.wrongs()) {
        Node place =
            node instanceof SequenceNode list && wrong.index() >= 0
                ? list.getValue().get(wrong.index())
                : node;
        problem(place, field.path() + ": " + wrong.reason());
      }
    }
  }

  /** Checks the rules that need more than one value. */
  private void checkTogether(Settings settings, Optional<Node> root) {
    Place http = settings.listeners().http();
    Place https = settings.listeners().https();
    if (http.port() != 0
        && http.port() == https.port()
        && (http.address().equals(https.address())
            || isAny(http.address())
            || isAny(https.address()))) {
      problem(
          Optional.ofNullable(places.getOrDefault("https.port", places.get("http.port")))
              .or(() -> root)
              .flatMap(Node::getStartMark),
          "http.port and https.port are both %d; they must differ".formatted(http.port()));
    }
    checkPorts(Transport.TCP, "ports.tcp", settings);
    checkPorts(Transport.UDP, "ports.udp", settings);
    if (settings.hosts().redirectToHttps() && https.port() == 0) {
      problem(
          Optional.ofNullable(places.getOrDefault("redirectToHttps", places.get("https.port")))
              .or(() -> root)
              .flatMap(Node::getStartMark),
          "redirectToHttps needs the HTTPS listener, but https.port is 0");
    }
  }

  /** Of one transport, each port has one listener. */
  private void checkPorts(Transport transport, String key, Settings settings) {
    Map<Integer, String> taken = new HashMap<>();
    if (transport == Transport.TCP) {
      taken.put(settings.listeners().https().port(), "https.port");
      taken.put(settings.listeners().http().port(), "http.port");
    }
    int index = 0;
    for (PortService each : settings.listeners().ports()) {
      if (each.transport() != transport) {
        continue;
      }
      String other = taken.putIfAbsent(each.port(), key + "[" + index + "]");
      if (other != null && places.get(key) instanceof SequenceNode list) {
        problem(
            list.getValue().get(index),
            "%s[%d] and %s are both port %d; they must differ"
                .formatted(key, index, other, each.port()));
      }
      index++;
    }
  }

  private static boolean isAny(String address) {
    return address.equals("0.0.0.0") || address.equals("0:0:0:0:0:0:0:0") || address.equals("::");
  }

  private static Map<String, Field<?>> fieldsOf(String section) {
    Map<String, Field<?>> fields = new LinkedHashMap<>();
    for (Field<?> field : SettingsFields.fields()) {
      if (field.section().equals(section)) {
        fields.put(field.key(), field);
      }
    }
    return fields;
  }

  /** The entries by key; complains of keys that are no words and of those that come twice. */
  private Map<String, NodeTuple> entries(MappingNode mapping, String section) {
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problem(tuple.getKeyNode(), "expected a key, not " + shown(tuple.getKeyNode()));
        continue;
      }
      NodeTuple first = entries.putIfAbsent(key.getValue(), tuple);
      if (first != null) {
        problem(
            key,
            "%s is set a second time; first in line %d"
                .formatted(
                    path(section, text(key).shown()),
                    first.getKeyNode().getStartMark().map(Mark::getLine).orElse(0) + 1));
      }
    }
    return entries;
  }

  private void unknown(Node node, String key, String section, Set<String> known) {
    String similar = SimilarName.of(key, known);
    List<String> meant = new ArrayList<>();
    for (String path : ConfigurationFile.keys()) {
      if (path.substring(path.indexOf('.') + 1).equals(key) || path.equals(key)) {
        meant.add(path);
      }
    }
    if (similar != null) {
      meant.add(path(section, similar));
    }
    String hint =
        meant.isEmpty()
            ? "the keys here are " + String.join(", ", new TreeSet<>(known))
            : "did you mean " + String.join(" or ", meant) + "?";
    problem(node, "unknown key %s; %s".formatted(path(section, new Text(key, true).shown()), hint));
  }

  private static String path(String section, String key) {
    return section.isEmpty() ? key : section + "." + key;
  }

  private static Text text(ScalarNode scalar) {
    return new Text(scalar.getValue(), scalar.isPlain());
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static String shown(@Nullable Node node) {
    return switch (node) {
      case MappingNode mapping -> "keys with values";
      case SequenceNode sequence -> "a list";
      case ScalarNode scalar when isNull(scalar) -> "nothing";
      case ScalarNode scalar -> text(scalar).shown();
      case null, default -> "something else";
    };
  }

  private void problem(Node node, String message) {
    problem(node.getStartMark(), message);
  }

  private void problem(Optional<Mark> mark, String message) {
    place(mark.map(m -> new TextPlace(m.getLine() + 1, m.getColumn() + 1)), message);
  }

  /**
   * Reports a text that is not YAML. The parser's words quote the text, so they must be made
   * printable.
   */
  private void notYaml(Optional<TextPlace> place, String words) {
    place(place, "not valid YAML: " + words.strip());
  }

  private void place(Optional<TextPlace> place, String message) {
    problems.add(
        new Problem(
            file,
            place.map(TextPlace::line).orElse(0),
            place.map(TextPlace::column).orElse(0),
            Printable.of(message)));
  }
}
