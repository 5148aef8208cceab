package io.isoline.controlplane.config;

import static java.util.Objects.requireNonNullElse;

import io.isoline.translator.model.Tracing;
import io.isoline.translator.model.Tracing.Address;
import io.isoline.translator.model.Tracing.Collector;
import io.isoline.translator.model.Tracing.Wire;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of {@link Tracing}. */
final class TracingFields {

  private static final FieldTable FIELDS = new FieldTable();

  /** Where OpenTelemetry itself looks for a collector. */
  private static final Tracing ON =
      new Tracing(
          new Collector(new Address("127.0.0.1", 4317), Wire.GRPC, null),
          "isoline",
          Tracing.EVERY,
          false,
          false);

  private static final String AUTHORITIES_OF_THE_IMAGE = "/etc/ssl/certs/ca-certificates.crt";

  private static final Section TRACING =
      FIELDS.optional(
          "tracing",
          "Spans of requests for a collector of OpenTelemetry. A lone HOST:PORT is the collector.\n"
              + "Needs Envoy 1.39.",
          s -> s.tracing() != null,
          "collector");
  private static final Field<Address> COLLECTOR =
      FIELDS.field(
          "tracing.collector",
          "Where it takes OTLP: otel-collector.monitoring:4317.",
          ValueType.hostAndPort(),
          s -> requireNonNullElse(s.tracing(), ON).collector().address());
  private static final Field<Wire> PROTOCOL =
      FIELDS.field(
          "tracing.protocol",
          "How it takes OTLP: grpc, or http with messages of protobuf to /v1/traces.",
          ValueType.oneOf(Map.entry("grpc", Wire.GRPC), Map.entry("http", Wire.HTTP)),
          s -> requireNonNullElse(s.tracing(), ON).collector().wire());
  private static final Field<Boolean> TLS =
      FIELDS.field(
          "tracing.tls",
          "Whether to speak TLS to it, with a certificate for the host of tracing.collector.",
          ValueType.flag(),
          s -> requireNonNullElse(s.tracing(), ON).collector().authorities() != null);
  private static final Field<String> AUTHORITIES =
      FIELDS.field(
          "tracing.authorities",
          "A file on Envoy's machine with the authorities of that certificate.",
          ValueType.file(),
          s ->
              requireNonNullElse(
                  requireNonNullElse(s.tracing(), ON).collector().authorities(),
                  AUTHORITIES_OF_THE_IMAGE));
  private static final Field<String> SERVICE =
      FIELDS.field(
          "tracing.serviceName",
          "What Envoy calls itself, the attribute service.name.",
          ValueType.label(),
          s -> requireNonNullElse(s.tracing(), ON).service());
  private static final Field<Integer> SAMPLING =
      FIELDS.field(
          "tracing.sampling",
          "Of how many requests there is a span, in percent: 100, or 0.1.",
          ValueType.percent(),
          s -> requireNonNullElse(s.tracing(), ON).sampling());
  private static final Field<Boolean> ROUTES =
      FIELDS.field(
          "tracing.routes",
          "Which requests are traced: asked, those of Ingresses with enable-opentelemetry: \"true\","
              + "\nor all, but those of Ingresses with \"false\".",
          ValueType.oneOf(Map.entry("asked", false), Map.entry("all", true)),
          s -> requireNonNullElse(s.tracing(), ON).all());
  private static final Field<Boolean> TRUST =
      FIELDS.field(
          "tracing.trustClients",
          "Whether a trace that a client has begun goes on, by its header traceparent. Then the client"
              + "\ndecides whether its request is recorded, on whatever route.",
          ValueType.flag(),
          s -> requireNonNullElse(s.tracing(), ON).trusting());

  private TracingFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link Tracing} that a file asks for; null for none. */
  static @Nullable Tracing read(ConfiguredValues values) {
    return values.isOn(TRACING)
        ? new Tracing(
            new Collector(
                values.get(COLLECTOR),
                values.get(PROTOCOL),
                values.get(TLS) ? values.get(AUTHORITIES) : null),
            values.get(SERVICE),
            values.get(SAMPLING),
            values.get(ROUTES),
            values.get(TRUST))
        : null;
  }
}
