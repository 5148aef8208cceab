package io.isoline.translator.annotation;

import io.isoline.translator.model.ReadTimeout;
import java.time.Duration;
import java.util.List;

/** How long is waited for backends. */
final class Timeouts implements Subject {

  static final Annotation<Long> PROXY_READ_TIMEOUT =
      new Annotation<>(
          "proxy-read-timeout",
          ValueType.number(1, 31_536_000, " (seconds)"),
          "the settings say it (`timeouts.streamIdle`, 5 minutes)",
          "A request ends when nothing has moved in either direction for so many seconds: with 504"
              + " when the backend has not begun to answer, and 408 when the client has not sent all"
              + " of the request. WebSockets are closed.",
          "3600",
          "No other endpoint is tried before the 504, unless `proxy-next-upstream` says so. 0 is refused;"
              + " ingress-nginx takes it for no time at all.");

  static final Annotation<Long> PROXY_SEND_TIMEOUT =
      new Annotation<>(
          "proxy-send-timeout",
          ValueType.number(1, 31_536_000, " (seconds)"),
          "`proxy-read-timeout` or the settings say it",
          "How long the backend may take nothing of a request. It is the time of"
              + " `proxy-read-timeout`, which counts what moves in both directions.",
          "3600",
          "It is no time of its own.")
          .within(PROXY_READ_TIMEOUT);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(PROXY_READ_TIMEOUT, PROXY_SEND_TIMEOUT);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Long seconds = values.get(PROXY_READ_TIMEOUT);
    if (seconds != null) {
      policy.add(new ReadTimeout(Duration.ofSeconds(seconds)));
    }
    Long sending = values.get(PROXY_SEND_TIMEOUT);
    if (sending != null && !sending.equals(seconds)) {
      values.differs(
          PROXY_SEND_TIMEOUT,
          seconds == null
              ? "how long nothing may move is for "
                  + PROXY_READ_TIMEOUT
                  + " to say, else for the settings (timeouts.streamIdle)"
              : "it is " + seconds + " s, as " + PROXY_READ_TIMEOUT + " says, in both directions",
          "write the time to " + PROXY_READ_TIMEOUT);
    }
  }
}
