package io.isoline.controlplane.cli;

/** How a report of a migration is printed. */
enum ReportFormat {
  TEXT,
  JSON,
  MARKDOWN,
  /** One page that needs nothing else. */
  HTML
}
