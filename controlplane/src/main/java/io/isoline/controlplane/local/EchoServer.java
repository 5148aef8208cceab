package io.isoline.controlplane.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.isoline.translator.ObjectRef;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Plays one port of one pod: it answers each request with what it got, as JSON, and {@code
 * /healthz} with 200. HTTP/1.1 on a free port of 127.0.0.1. Safe for use by several threads.
 */
final class EchoServer implements AutoCloseable {

  private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

  static {
    // The server closes a connection after 30 seconds without a request, and all beyond the 200th:
    // without a word, so that Envoy answers 503 when it sends a request at that moment.
    System.setProperty("sun.net.httpserver.idleInterval", "86400");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "100000");
    // Head and body of a response are two writes; the second would wait for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ObjectRef service;
  private final String pod;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private EchoServer(ObjectRef service, String pod, HttpServer server) {
    this.service = service;
    this.pod = pod;
    this.server = server;
  }

  /** Starts it; it answers from now on. */
  static EchoServer start(ObjectRef service, String pod) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    EchoServer echo =
        new EchoServer(service, pod, HttpServer.create(new InetSocketAddress(loopback, 0), 0));
    echo.server.setExecutor(echo.threads);
    echo.server.createContext("/", echo::answer);
    echo.server.start();
    return echo;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      long bodyBytes = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      // As it was sent: for the URI's own parts, the first element of //a/b would be a host.
      String target = exchange.getRequestURI().toString();
      if (target.equals("/healthz") || target.startsWith("/healthz?")) {
        send(exchange, "text/plain", "ok\n");
      } else {
        String json = JSON.writeValueAsString(describe(exchange, target, bodyBytes));
        send(exchange, "application/json", json + "\n");
      }
    }
  }

  private Map<String, Object> describe(HttpExchange exchange, String target, long bodyBytes) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("service", service.name());
    description.put("namespace", service.namespace());
    description.put("pod", pod);
    description.put("method", exchange.getRequestMethod());
    int query = target.indexOf('?');
    description.put("path", query < 0 ? target : target.substring(0, query));
    if (query >= 0) {
      description.put("query", target.substring(query + 1));
    }
    String host = exchange.getRequestHeaders().getFirst("Host");
    description.put("host", host == null ? "" : host);
    description.put("bodyBytes", bodyBytes);
    Map<String, List<String>> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    description.put("headers", headers);
    return description;
  }

  private static void send(HttpExchange exchange, String contentType, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Ends it at once, with its connections. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
