package io.isoline.controlplane.manifest;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML node with the place where it begins; lines and columns count from 1. */
sealed interface YamlValue {

  int line();

  int column();

  /** The words for the kind of node, with an article. */
  String noun();

  /**
   * A mapping.
   *
   * @param entries in the order of the text
   * @param defects what makes the mapping ambiguous or unusable, two equal keys for example; they
   *     concern only the object that holds the mapping
   */
  record Mapping(int line, int column, Map<String, Entry> entries, List<Defect> defects)
      implements YamlValue {

    /** An empty mapping that can be filled. */
    Mapping(int line, int column) {
      this(line, column, new LinkedHashMap<>(), new java.util.ArrayList<>());
    }

    @Nullable YamlValue get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    /** The text of a scalar that is not null; null when there is none. */
    @Nullable String text(String key) {
      return get(key) instanceof Scalar scalar && scalar.kind() != Scalar.Kind.NULL
          ? scalar.text()
          : null;
    }

    @Override
    public String noun() {
      return "a mapping";
    }
  }

  /** One key of a mapping with the place of the key. */
  record Entry(int line, int column, YamlValue value) {}

  /** What is wrong with a mapping in itself. */
  record Defect(int line, int column, String message, String fix) {}

  record Sequence(int line, int column, List<YamlValue> items) implements YamlValue {
    @Override
    public String noun() {
      return "a list";
    }
  }

  /**
   * A scalar, its kind as kubectl finds it ({@link PlainScalar}).
   *
   * @param plain without quotes
   */
  record Scalar(int line, int column, Kind kind, String text, boolean plain) implements YamlValue {

    enum Kind {
      STRING,
      INTEGER,
      FLOAT,
      BOOLEAN,
      NULL,
      /** It has a tag of its own, {@code !secret} for example. */
      TAGGED
    }

    /** Null when it is no boolean. */
    @Nullable Boolean asBoolean() {
      return kind == Kind.BOOLEAN ? PlainScalar.asBoolean(text) : null;
    }

    /** Null when it is no whole number; {@code 0120} is 80. */
    @Nullable BigInteger asInteger() {
      return kind == Kind.INTEGER ? PlainScalar.integer(text) : null;
    }

    @Override
    public String noun() {
      return switch (kind) {
        case STRING -> "a string";
        case INTEGER -> "a number";
        case FLOAT -> "a number with a fraction";
        case BOOLEAN ->
            text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                ? "a boolean"
                : "a boolean (for Kubernetes)";
        case NULL -> "empty";
        case TAGGED -> "a value with a YAML tag";
      };
    }
  }
}
