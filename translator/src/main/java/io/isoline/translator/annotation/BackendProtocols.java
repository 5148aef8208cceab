package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.BackendPolicy.Speaking;
import io.isoline.translator.model.Upstream.Protocol;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
          "`FCGI` is refused, as Envoy does not speak it: nothing is sent to the backends, and requests"
              + " get 503. Run a server that speaks HTTP beside the one that speaks FastCGI, such as nginx"
              + " in the pods of php-fpm, and have the Service lead to that. A call of gRPC that takes longer than"
              + " `proxy-read-timeout` ends with 504; ingress-nginx tries it again without an end. `grpc` in"
              + " small letters is the same; ingress-nginx sends no headers of its own then.");

  private static final String INSTEAD =
      "run a server that speaks HTTP beside the one that speaks FastCGI, such as nginx in the pods of"
          + " php-fpm, and have the Service lead to it";

  static final Annotation<String> FASTCGI_INDEX =
      new Annotation<>(
              "fastcgi-index",
              ValueType.text(
                  "letters, digits and - . _", Pattern.compile("\\s*[-A-Za-z0-9._]{1,200}\\s*")),
              "FastCGI is not spoken",
              "The script that is added to a path with a slash at its end. The server that speaks"
                  + " FastCGI in the place of Envoy has to do it, as with `fastcgi_index` of nginx.",
              "index.php",
              "It means nothing, as FastCGI is not spoken.")
          .within(BACKEND_PROTOCOL);

  static final Annotation<String> FASTCGI_PARAMS_CONFIGMAP =
      new Annotation<>(
              "fastcgi-params-configmap",
              ValueType.text(
                  "letters, digits and - . _ ~ / :",
                  Pattern.compile("\\s*[-A-Za-z0-9._~/:]{1,600}\\s*")),
              "FastCGI is not spoken",
              "A ConfigMap with parameters for the server that speaks FastCGI. It is not read: the server"
                  + " in the place of Envoy has to send them, as with `fastcgi_param` of nginx.",
              "default/parameters",
              "It means nothing, as FastCGI is not spoken.")
          .within(BACKEND_PROTOCOL);

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
    return List.of(
        BACKEND_PROTOCOL, FASTCGI_INDEX, FASTCGI_PARAMS_CONFIGMAP, PROXY_HTTP_VERSION);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    switch (values.get(BACKEND_PROTOCOL)) {
      case null -> {}
      case Asked.Always(Protocol protocol) ->
          policy.backend(backend -> backend.with(backend.options().withProtocol(protocol)));
      case Asked.AsTheClient _ ->
          policy.backend(backend -> backend.speaking(Speaking.AS_THE_CLIENT));
      case Asked.Never _ -> {
        policy.backend(backend -> backend.speaking(Speaking.NOT_AT_ALL));
        values.refused(
            BACKEND_PROTOCOL,
            Reason.Unsupported,
            "Envoy does not speak FastCGI; nothing is sent to the backends, and requests for the"
                + " paths of the Ingress get 503",
            INSTEAD);
      }
    }
    boolean fastCgi = values.get(BACKEND_PROTOCOL) instanceof Asked.Never;
    for (Annotation<?> part : List.of(FASTCGI_INDEX, FASTCGI_PARAMS_CONFIGMAP)) {
      if (fastCgi) {
        values.noEffect(
            part, Reason.Unsupported, "Envoy does not speak FastCGI", INSTEAD);
      } else {
        values.applied(part, "without FCGI as " + BACKEND_PROTOCOL + " it means nothing");
      }
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
