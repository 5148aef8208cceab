package io.isoline.controlplane.kubernetes;

import io.isoline.controlplane.text.Printable;
import java.time.Duration;

/** Says that a request to the API server failed. The message is about this request alone. */
final class ReadFailure extends Exception {

  private static final long serialVersionUID = 1L;

  /** How many characters of a server's words are shown at most. */
  private static final int LONGEST_TEXT = 2_000;

  /** The causes, as far as they differ in what is done next. */
  enum Cause {
    /** No answer, or not the whole of it. */
    UNREACHABLE,
    /** The two sides do not accept each other's certificates. */
    UNTRUSTED,
    /** 401. */
    UNAUTHORIZED,
    /** 403. */
    FORBIDDEN,
    /** 410: the server no longer has what happened since then; everything must be read again. */
    EXPIRED,
    /** 400 or 422: the server does not know an option of the request. */
    UNSUPPORTED,
    /** 429, 500 and above: the server cannot do it now, as etcd elects a leader for example. */
    BUSY,
    /** Anything else that is not an answer to the question. */
    UNEXPECTED
  }

  private final Cause cause;
  private final int status;
  private final Duration retryAfter;

  ReadFailure(Cause cause, int status, String message, Duration retryAfter) {
    super(message);
    this.cause = cause;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  static ReadFailure unreachable(String message) {
    return new ReadFailure(Cause.UNREACHABLE, 0, message, Duration.ZERO);
  }

  static ReadFailure ofStatus(int status, String message, Duration retryAfter) {
    Cause cause =
        switch (status) {
          case 400, 422 -> Cause.UNSUPPORTED;
          case 401 -> Cause.UNAUTHORIZED;
          case 403 -> Cause.FORBIDDEN;
          case 410 -> Cause.EXPIRED;
          case 429 -> Cause.BUSY;
          default -> status >= 500 ? Cause.BUSY : Cause.UNEXPECTED;
        };
    return new ReadFailure(cause, status, message, retryAfter);
  }

  Cause kind() {
    return cause;
  }

  /** The status code of the answer; 0 when there was none. */
  int status() {
    return status;
  }

  /** How long the server asks to wait; zero when it does not. */
  Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the failure is about the connection, and not about what was asked for. */
  boolean concernsServer() {
    return cause == Cause.UNREACHABLE || cause == Cause.UNTRUSTED || cause == Cause.UNAUTHORIZED;
  }

  /** Whether the server answered, so that another try soon will hardly give anything else. */
  boolean isAnswer() {
    return cause == Cause.FORBIDDEN || cause == Cause.UNEXPECTED;
  }

  /** A text that is equal for failures with the same reason, so that the reason is logged once. */
  String key(Query query) {
    if (concernsServer()) {
      return cause.name();
    }
    // A role that lacks Secrets lacks all of them, mostly.
    return query.isForOne() && cause == Cause.FORBIDDEN
        ? cause + " " + query.kind() + " " + query.namespace()
        : cause + " " + query;
  }

  /** One line of the server's words. */
  String text() {
    return Printable.line(String.valueOf(getMessage()), LONGEST_TEXT);
  }

  /** A sentence that names the server and what was asked for, and says what to do. */
  String explain(ApiServer server, Query query) {
    String address = "API server " + server.address();
    return switch (cause) {
      case UNREACHABLE -> address + " cannot be reached: " + text();
      case UNTRUSTED ->
          "no trust between Isoline and "
              + address
              + ": "
              + text()
              + "; compare certificate-authority and client-certificate in "
              + server.origin()
              + " with those of the server";
      case UNAUTHORIZED ->
          address
              + " does not accept the credentials from "
              + server.origin()
              + ": "
              + text()
              + "; they have expired, or are for another cluster";
      case FORBIDDEN -> address + " refuses: " + text() + "; " + query.grant();
      case BUSY -> address + " cannot list " + query + " now: " + text();
      case EXPIRED, UNSUPPORTED, UNEXPECTED ->
          address + " does not list " + query + ": " + text();
    };
  }
}
