package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.Upstream.Protocol;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is spoken to backends. */
final class BackendProtocols implements Subject {

  /** What may be asked for. */
  sealed interface Asked {
    /** One protocol. */
    record Always(Protocol protocol) implements Asked {}

    /** HTTP or HTTPS, as the client does. */
    record AsTheClient() implements Asked {}

    /** What cannot be spoken. */
    record Never() implements Asked {}
  }

  static final Annotation<Asked> BACKEND_PROTOCOL =
      new Annotation<>(
          "backend-protocol",
          ValueType.oneOf(
              new TreeMap<>(
                  Map.of(
                      "HTTP", new Asked.Always(Protocol.HTTP1),
                      "HTTPS", new Asked.Always(Protocol.HTTP1_TLS),
                      "GRPC", new Asked.Always(Protocol.GRPC),
                      "GRPCS", new Asked.Always(Protocol.GRPC_TLS),
                      "AUTO_HTTP", new Asked.AsTheClient(),
                      "FCGI", new Asked.Never()))),
          "the protocol is that of the Service's port (`appProtocol`), else HTTP",
          "What is spoken to the backends of the Ingress, whatever the Service's port says: `HTTP`"
              + " (1.1), `HTTPS`, `GRPC`, `GRPCS`, or with `AUTO_HTTP` HTTP for requests that came"
              + " by HTTP, and HTTPS for those that came by HTTPS. The backend's certificate is"
              + " verified only where `proxy-ssl-verify` says so.",
          "HTTPS",
          "`FCGI` is refused. A call of gRPC that takes longer than `proxy-read-timeout` ends with"
              + " 504; ingress-nginx tries it again without an end. `grpc` in small letters is the"
              + " same; ingress-nginx sends no headers of its own then.");

  static final Annotation<Boolean> PROXY_HTTP_VERSION =
      new Annotation<>(
          "proxy-http-version",
          ValueType.oneOf(new TreeMap<>(Map.of("1.0", false, "1.1", true))),
          "HTTP/1.1 is spoken, unless `backend-protocol` or the Service's port says otherwise",
          "The version of HTTP that is spoken to backends: `1.1`.",
          "1.1",
          "`1.0` is refused, and HTTP/1.1 is spoken.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(BACKEND_PROTOCOL, PROXY_HTTP_VERSION);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    switch (values.get(BACKEND_PROTOCOL)) {
      case null -> {}
      case Asked.Always(Protocol protocol) ->
          policy.backend(backend -> backend.with(backend.options().withProtocol(protocol)));
      case Asked.AsTheClient _ -> policy.backend(BackendPolicy::speakingAsTheClient);
      case Asked.Never _ ->
          values.refused(
              BACKEND_PROTOCOL,
              Reason.Unsupported,
              "Isoline does not speak it; " + BACKEND_PROTOCOL.byDefault(),
              "put a server that speaks HTTP before the one that speaks FastCGI");
    }
    if (Boolean.FALSE.equals(values.get(PROXY_HTTP_VERSION))) {
      values.refused(
          PROXY_HTTP_VERSION,
          Reason.Unsupported,
          "Isoline does not speak HTTP/1.0 to backends; " + PROXY_HTTP_VERSION.byDefault(),
          "have the backend answer HTTP/1.1, which every server of today does");
    }
  }
}
