package io.isoline.controlplane.envoy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector of OpenTelemetry that takes OTLP over gRPC or HTTP and keeps the spans. */
final class Collector implements AutoCloseable {

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final int port;
  private final Runnable end;

  /**
   * A span, with its identifiers in hex.
   *
   * @param parent empty for the first of a trace
   */
  record Span(
      String service, String name, String trace, String id, String parent, String url) {}

  private Collector(HttpServer server) {
    this.port = server.getAddress().getPort();
    this.end = () -> server.stop(0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  private Collector(int wanted) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted))
            .directExecutor()
            .addService(
                new TraceServiceGrpc.TraceServiceImplBase() {
                  @Override
                  public void export(
                      ExportTraceServiceRequest request,
                      StreamObserver<ExportTraceServiceResponse> answer) {
                    add(request);
                    answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
                    answer.onCompleted();
                  }
                })
            .build()
            .start();
    this.port = server.getPort();
    this.end =
        () -> {
          server.shutdownNow();
          Await.until("the collector has ended", server::isTerminated);
        };
  }

  static Collector overGrpc() throws IOException {
    return new Collector(0);
  }

  static Collector overHttp() throws IOException {
    return new Collector(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10));
  }

  int port() {
    return port;
  }

  private void add(ExportTraceServiceRequest request) {
    HexFormat hex = HexFormat.of();
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String service = attributes(resource.getResource().getAttributesList()).get("service.name");
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (var span : scope.getSpansList()) {
          spans.add(
              new Span(
                  service == null ? "" : service,
                  span.getName(),
                  hex.formatHex(span.getTraceId().toByteArray()),
                  hex.formatHex(span.getSpanId().toByteArray()),
                  hex.formatHex(span.getParentSpanId().toByteArray()),
                  attributes(span.getAttributesList()).getOrDefault("http.url", "")));
        }
      }
    }
  }

  private static Map<String, String> attributes(List<KeyValue> list) {
    Map<String, String> attributes = new TreeMap<>();
    list.forEach(each -> attributes.put(each.getKey(), each.getValue().getStringValue()));
    return attributes;
  }

  /** The span of a request; Envoy sends it some seconds later. */
  Span span(String url) {
    Await.until("the span of " + url, () -> !spans(url).isEmpty());
    return spans(url).getFirst();
  }

  /** The spans that have come of requests for this. */
  List<Span> spans(String url) {
    return spans.stream().filter(span -> span.url().equals(url)).toList();
  }

  @Override
  public void close() {
    end.run();
  }
}
