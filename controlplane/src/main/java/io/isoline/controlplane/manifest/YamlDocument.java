package io.isoline.controlplane.manifest;

import io.isoline.controlplane.text.Printable;

/** One document of a YAML text. */
sealed interface YamlDocument {

  /** A document that could be read; its root is never an empty scalar. */
  record Parsed(YamlValue root) implements YamlDocument {}

  /**
   * A document that is not YAML yet, as it holds an action such as {@code {{ .Values.host }}}. Line
   * and column, from 1, are those of the action.
   */
  record Template(int line, int column, String action) implements YamlDocument {}

  /** A document that could not be read. Line and column, from 1, are where that showed. */
  record Broken(int line, int column, String message, String fix) implements YamlDocument {
    public Broken {
      message = Printable.of(message);
    }
  }
}
