package io.isoline.controlplane.manifest;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;

/**
 * A mistake in an object, before it is known which object that is.
 *
 * @param path of the field below the object
 * @param line from 1
 * @param column from 1
 */
record Problem(
    String path, int line, int column, Outcome outcome, Reason reason, String message, String fix) {

  static Problem invalid(String path, YamlValue at, String message, String fix) {
    return invalid(path, at.line(), at.column(), message, fix);
  }

  static Problem invalid(String path, int line, int column, String message, String fix) {
    return new Problem(path, line, column, Outcome.REFUSED, Reason.InvalidValue, message, fix);
  }

  boolean refuses() {
    return outcome == Outcome.REFUSED;
  }
}
