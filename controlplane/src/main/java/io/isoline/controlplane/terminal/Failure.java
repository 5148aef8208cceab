package io.isoline.controlplane.terminal;

/**
 * Says that a command cannot do what it was asked for. The message is for the user: what is wrong
 * and what to do about it; no stack trace is shown.
 */
public final class Failure extends Exception {
  public Failure(String message) {
    super(message);
  }

  public Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
