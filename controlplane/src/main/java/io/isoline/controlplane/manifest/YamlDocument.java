package io.isoline.controlplane.manifest;

import io.isoline.controlplane.text.Printable;

/** One document of a YAML text. */
sealed interface YamlDocument {

  /** It could be read; the root is never an empty scalar. */
  record Parsed(YamlValue root) implements YamlDocument {}

  /**
   * It is not YAML yet, as it holds an action such as {@code {{ .Values.host }}}. Line and column,
   * from 1, are those of the action.
   */
  record Template(int line, int column, String action) implements YamlDocument {}

  /** It could not be read. Line and column, from 1, are where that showed. */
  record Broken(int line, int column, String message, String fix) implements YamlDocument {
    public Broken {
      message = Printable.of(message);
    }
  }
}
