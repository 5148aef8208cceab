package io.isoline.controlplane.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers probes and Prometheus: {@code /healthz}, {@code /readyz}, {@code /metrics}, and {@code /}
 * with a list of these. Only GET and HEAD; nothing on it changes anything, and nothing on it is
 * secret, so it may listen on all addresses.
 *
 * <p>Each connection that has a request under way has a virtual thread, and there is a limit to
 * connections, to the time that a client has for its request, and to the time in which it must take
 * the answer. So a slow client holds up nobody, for no longer than these limits.
 */
public final class AdminServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final int STOP_SECONDS = 1;

  static {
    // The JDK's server takes its limits from here, once for the process.
    limit("jdk.httpserver.maxConnections", 200);
    limit("sun.net.httpserver.maxReqTime", 10); // seconds
    limit("sun.net.httpserver.maxRspTime", 10); // seconds
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Liveness liveness;
  private final Readiness readiness;
  private final Metrics metrics;

  private AdminServer(HttpServer server, Liveness liveness, Readiness readiness, Metrics metrics) {
    this.server = server;
    this.liveness = liveness;
    this.readiness = readiness;
    this.metrics = metrics;
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 1).factory());
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /**
   * Starts to listen.
   *
   * @param address port 0 for any free one
   * @param liveness is asked for {@code /healthz}
   * @param readiness is asked for {@code /readyz}
   * @param metrics are shown by {@code /metrics}
   * @throws IOException when the address cannot be listened on
   */
  public static AdminServer start(
      InetSocketAddress address, Liveness liveness, Readiness readiness, Metrics metrics)
      throws IOException {
    AdminServer server =
        new AdminServer(HttpServer.create(address, 0), liveness, readiness, metrics);
    server.server.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops to listen; answers under way have a second to get there. */
  @Override
  public void close() {
    server.stop(STOP_SECONDS);
    threads.close();
  }

  private static void limit(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }

  /** An answer. */
  private record Page(int status, String contentType, String body) {

    static Page text(int status, String text) {
      return new Page(status, TEXT, text + "\n");
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Cache-Control", "no-store");
      headers.set("Allow", "GET, HEAD");
      Page page;
      try {
        page = page(exchange);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        page = Page.text(503, "the program is stopping");
      } catch (RuntimeException e) {
        LOG.error("{} cannot be answered", exchange.getRequestURI().getPath(), e);
        page = Page.text(500, "a defect in Isoline; see its log");
      }
      headers.set("Content-Type", page.contentType());
      byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(page.status(), -1);
      } else {
        exchange.sendResponseHeaders(page.status(), body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private Page page(HttpExchange exchange) throws InterruptedException {
    if (!METHODS.contains(exchange.getRequestMethod())) {
      return Page.text(405, "only GET and HEAD: nothing here can be changed");
    }
    return switch (Objects.requireNonNullElse(exchange.getRequestURI().getPath(), "")) {
      case "/" ->
          Page.text(
              200,
              """
              /healthz  200 while the program works
              /readyz   200 when it has all objects and serves Envoys, else what is missing
              /metrics  for Prometheus\
              """);
      case "/healthz" -> {
        Liveness.Finding finding = liveness.check();
        yield Page.text(finding.alive() ? 200 : 503, finding.words());
      }
      case "/readyz" -> {
        List<String> missing = readiness.missing();
        yield missing.isEmpty() ? Page.text(200, "ok") : Page.text(503, String.join("\n", missing));
      }
      case "/metrics" -> {
        Metrics.Scrape scrape = metrics.scrape(exchange.getRequestHeaders().getFirst("Accept"));
        yield new Page(200, scrape.contentType(), scrape.body());
      }
      default -> Page.text(404, "there is /healthz, /readyz and /metrics");
    };
  }
}
