package io.isoline.translator.annotation;

import io.isoline.translator.model.ConnectionForEach;
import io.isoline.translator.model.NotLogged;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Connections to backends, the access log, and what nobody does any more. */
final class Handling implements Subject {

  static final Annotation<Boolean> CONNECTION_PROXY_HEADER =
      new Annotation<>(
          "connection-proxy-header",
          ValueType.oneOf(new TreeMap<>(Map.of("CLOSE", true, "KEEP-ALIVE", false))),
          "connections to backends are kept for the next request",
          "`close`: a backend that speaks HTTP/1.1 gets `Connection: close` with each request, and"
              + " closes the connection after it. `keep-alive` is how it is in any case.",
          "close",
          "WebSockets go on to work; with ingress-nginx they do not.");

  static final Annotation<Boolean> ENABLE_ACCESS_LOG =
      new Annotation<>(
          "enable-access-log",
          ValueType.FLAG,
          "requests are logged where the settings say so (`accessLog`)",
          "`false` leaves the requests for the paths of the Ingress out of the access log.",
          "false",
          "`true` does not log what the settings leave out. What is refused before the rule is known is"
              + " logged.");

  static final Annotation<Boolean> HTTP2_PUSH_PRELOAD =
      new Annotation<>(
          "http2-push-preload",
          ValueType.FLAG,
          "nothing is pushed",
          "It is not needed: browsers take no pushed answers any more. Headers `Link` are passed on.",
          "true",
          "");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(CONNECTION_PROXY_HEADER, ENABLE_ACCESS_LOG, HTTP2_PUSH_PRELOAD);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    if (values.get(CONNECTION_PROXY_HEADER, false)) {
      policy.add(new ConnectionForEach());
    }
    values.applied(
        CONNECTION_PROXY_HEADER,
        values.get(CONNECTION_PROXY_HEADER, false)
            ? "backends close each connection after one request"
            : "connections to backends are kept in any case");
    if (values.get(ENABLE_ACCESS_LOG, true)) {
      values.applied(
          ENABLE_ACCESS_LOG, "requests are logged where the settings say so (accessLog)");
    } else {
      values.applied(ENABLE_ACCESS_LOG, "requests are not logged");
      policy.add(new NotLogged());
    }
    values.applied(HTTP2_PUSH_PRELOAD, "it is not needed: browsers take no pushed answers any more");
  }
}
