package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Upstream.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is spoken to backends. */
final class BackendProtocols implements Subject {

  /** Empty for what cannot be spoken. */
  private static final Map<String, Optional<Protocol>> PROTOCOLS =
      new TreeMap<>(
          Map.of(
              "HTTP", Optional.of(Protocol.HTTP1),
              "HTTPS", Optional.of(Protocol.HTTP1_TLS),
              "GRPC", Optional.of(Protocol.GRPC),
              "GRPCS", Optional.of(Protocol.GRPC_TLS),
              "AUTO_HTTP", Optional.empty(),
              "FCGI", Optional.empty()));

  static final Annotation<Optional<Protocol>> BACKEND_PROTOCOL =
      new Annotation<>(
          "backend-protocol",
          ValueType.oneOf(PROTOCOLS),
          "the protocol is that of the Service's port (`appProtocol`), else HTTP",
          "What is spoken to the backends of the Ingress, whatever the Service's port says: `HTTP`"
              + " (1.1), `HTTPS`, `GRPC` or `GRPCS`. With `HTTPS` and `GRPCS` the backend's"
              + " certificate is not verified.",
          "HTTPS",
          "`AUTO_HTTP` and `FCGI` are refused.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(BACKEND_PROTOCOL);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Optional<Protocol> protocol = values.get(BACKEND_PROTOCOL);
    if (protocol == null) {
      return;
    }
    if (protocol.isEmpty()) {
      values.refused(
          BACKEND_PROTOCOL,
          Reason.Unsupported,
          "Isoline does not speak it; " + BACKEND_PROTOCOL.byDefault(),
          "write HTTP, HTTPS, GRPC or GRPCS");
      return;
    }
    policy.backend(new BackendOptions(protocol.get()));
  }
}
