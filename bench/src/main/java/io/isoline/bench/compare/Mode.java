package io.isoline.bench.compare;

import java.util.Locale;

/** How hosts are served. */
enum Mode {
  HTTP("HTTP"),
  TLS("TLS, own certificates"),
  SHARED("TLS, one wildcard certificate");

  private final String label;

  Mode(String label) {
    this.label = label;
  }

  boolean isTls() {
    return this != HTTP;
  }

  String label() {
    return label;
  }

  /** As it is written in options and in names of objects. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
