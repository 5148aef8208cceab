package io.isoline.controlplane.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers {@code GET /drained} when the draining is over.
 *
 * <p>A request starts nothing: whoever reaches the port could else take an Envoy out of service.
 * What starts the draining is the signal that ends the pod, which comes to each of its containers
 * at the same time as the preStop hooks begin, a moment earlier or later. So a request waits a
 * little for it. When none comes, Envoy's container is to be started again for itself, and there is
 * nothing to wait for.
 */
final class DrainServer implements AutoCloseable {

  /** Long, as a node that is busy ends containers slowly, and only one that hangs has to wait. */
  private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(20);
  private static final int ANSWER_SECONDS = 2;

  static {
    // The JDK's server takes its limit from here, once for the process.
    System.setProperty("jdk.httpserver.maxConnections", "200");
  }

  private final HttpServer server;
  private final Duration signalLimit;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("drained-", 1).factory());
  private final CountDownLatch draining = new CountDownLatch(1);
  private final CountDownLatch drained = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();

  private DrainServer(HttpServer server, Duration signalLimit) {
    this.server = server;
    this.signalLimit = signalLimit;
    server.setExecutor(threads);
    server.createContext("/drained", exchange -> answer(exchange, this::await));
    server.createContext("/healthz", exchange -> answer(exchange, () -> "ok"));
  }

  /**
   * Starts to listen.
   *
   * @param address port 0 for any free one
   * @throws IOException when the address cannot be listened on
   */
  static DrainServer start(InetSocketAddress address) throws IOException {
    return start(address, SIGNAL_LIMIT);
  }

  /** The same with another time to wait for the signal. */
  static DrainServer start(InetSocketAddress address, Duration signalLimit) throws IOException {
    DrainServer server = new DrainServer(HttpServer.create(address, 0), signalLimit);
    server.server.start();
    return server;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** How many requests wait for an answer now. */
  int waiting() {
    return waiting.get();
  }

  /** From now on, requests wait for {@link #close}. */
  void draining() {
    draining.countDown();
  }

  /** Answers all requests that wait, and ends when they have their answers. */
  @Override
  public void close() {
    drained.countDown();
    server.stop(ANSWER_SECONDS);
    threads.shutdownNow();
  }

  /** What there is to say after a while. */
  @FunctionalInterface
  private interface Words {
    String get() throws InterruptedException;
  }

  private String await() throws InterruptedException {
    waiting.incrementAndGet();
    try {
      if (!draining.await(signalLimit.toMillis(), TimeUnit.MILLISECONDS)) {
        return "the pod does not end, so there is nothing to wait for";
      }
      drained.await();
      return "drained";
    } finally {
      waiting.decrementAndGet();
    }
  }

  private static void answer(HttpExchange exchange, Words words) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] body = (words.get() + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
