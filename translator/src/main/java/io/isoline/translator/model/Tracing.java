package io.isoline.translator.model;

import org.jspecify.annotations.Nullable;

/**
 * Spans of requests, sent to a collector of OpenTelemetry.
 *
 * @param collector where they are sent
 * @param service as what Envoy presents itself, the attribute {@code service.name}
 * @param sampling of how many requests in 10,000 there is a span, where no trusted client decides
 * @param all whether requests are traced whose Ingresses say nothing of it
 * @param trusting whether a trace that a client began goes on, by the header traceparent, and the
 *     client decides whether it is recorded
 */
public record Tracing(
    Collector collector, String service, int sampling, boolean all, boolean trusting) {

  /** The value of {@link #sampling} that means every request. */
  public static final int EVERY = 10_000;

  /** Whether some requests of a route that is traced have a span. */
  public boolean samples() {
    return trusting || sampling > 0;
  }

  /** Whether some requests of a route that is traced have none. */
  public boolean leavesOut() {
    return trusting || sampling < EVERY;
  }

  /**
   * What takes spans.
   *
   * @param address where it is
   * @param wire what it speaks
   * @param authorities a file on Envoy's machine with the authorities of its certificate; null
   *     where it is spoken to without TLS
   */
  public record Collector(Address address, Wire wire, @Nullable String authorities) {}

  /**
   * A host and a port.
   *
   * @param host a DNS name or an IP address, IPv6 without brackets
   * @param port 1 to 65535
   */
  public record Address(String host, int port) {
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** A form of OTLP, the protocol of OpenTelemetry. */
  public enum Wire {
    GRPC,
    /** With messages of protobuf as bodies, to {@code /v1/traces}. */
    HTTP
  }
}
