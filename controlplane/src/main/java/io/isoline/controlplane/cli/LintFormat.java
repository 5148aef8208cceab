package io.isoline.controlplane.cli;

/** How findings are printed. */
enum LintFormat {
  TEXT,
  YAML,
  JSON,
  /** SARIF 2.1.0, which code scanning of many platforms reads. */
  SARIF,
  /** Workflow commands of GitHub Actions, which become annotations of the lines. */
  GITHUB
}
