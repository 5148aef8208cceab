package io.isoline.controlplane.cli;

/**
 * A command cannot do what it was asked for. The message is for the user: what is wrong and what
 * to do about it; no stack trace is shown.
 */
final class Failure extends Exception {
  Failure(String message) {
    super(message);
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
