package io.isoline.controlplane.kubernetes;

/**
 * Says that nobody can tell which API server is meant, or how to talk to it. The message is
 * complete.
 */
public final class ApiServerException extends Exception {

  private static final long serialVersionUID = 1L;

  ApiServerException(String message) {
    super(message);
  }

  ApiServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
