package io.isoline.controlplane.config;

/** Carries out of a {@link ValueType} why a value is wrong. */
final class InvalidValueException extends Exception {

  private static final long serialVersionUID = 1;

  InvalidValueException(String message) {
    super(message, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
