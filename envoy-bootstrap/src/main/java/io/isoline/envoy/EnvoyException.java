package io.isoline.envoy;

/**
 * Envoy cannot be had, started or asked. The message is a whole explanation for the user: what was
 * tried, what went wrong and what to do. It needs no stack trace to be understood.
 */
public final class EnvoyException extends Exception {
  EnvoyException(String message) {
    super(message);
  }

  EnvoyException(String message, Throwable cause) {
    super(message, cause);
  }
}
