package io.isoline.controlplane.admin;

import io.isoline.controlplane.http.Page;
import io.isoline.controlplane.http.PageServer;
import io.isoline.controlplane.http.Question;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Answers probes and Prometheus: {@code /healthz}, {@code /readyz}, {@code /metrics}, and {@code /}
 * with a list of these. Only GET and HEAD; nothing on it changes anything, and nothing on it is
 * secret, so it may listen on all addresses. Slow clients hold up nobody ({@link PageServer}).
 */
public final class AdminServer implements AutoCloseable {

  private final PageServer server;

  private AdminServer(PageServer server) {
    this.server = server;
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
    return new AdminServer(
        PageServer.start(
            "admin", address, question -> page(question, liveness, readiness, metrics)));
  }

  /** Returns the address that the server listens on. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Stops listening; answers under way have a second to arrive. */
  @Override
  public void close() {
    server.close();
  }

  private static Page page(
      Question question, Liveness liveness, Readiness readiness, Metrics metrics)
      throws InterruptedException {
    return switch (question.path()) {
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
        Metrics.Scrape scrape = metrics.scrape(question.accept());
        yield new Page(200, scrape.contentType(), scrape.body());
      }
      default -> Page.text(404, "there is /healthz, /readyz and /metrics");
    };
  }
}
