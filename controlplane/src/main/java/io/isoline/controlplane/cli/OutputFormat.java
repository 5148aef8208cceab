package io.isoline.controlplane.cli;

/** How data is printed. */
enum OutputFormat {
  TEXT,
  YAML,
  JSON
}
