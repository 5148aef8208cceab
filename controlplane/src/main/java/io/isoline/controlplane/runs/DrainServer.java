package io.isoline.controlplane.runs;

import io.isoline.controlplane.http.Page;
import io.isoline.controlplane.http.PageServer;
import io.isoline.controlplane.http.Question;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers {@code GET /drained} when the draining is over.
 *
 * <p>A request starts nothing: whoever reaches the port could else take an Envoy out of service.
 * What starts the draining is the signal that ends the pod, which comes to each of its containers
 * at the same time as the preStop hooks begin, a moment earlier or later. So a request waits a
 * little for it. When no signal comes, only Envoy's container is being started again, and there is
 * nothing to wait for.
 */
public final class DrainServer implements AutoCloseable {

  /** Long, as a node that is busy ends containers slowly, and only one that hangs has to wait. */
  private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(20);

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

  private final PageServer server;
  private final Duration signalLimit;
  private final CountDownLatch draining = new CountDownLatch(1);
  private final CountDownLatch drained = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();

  private DrainServer(InetSocketAddress address, Duration signalLimit) throws IOException {
    this.signalLimit = signalLimit;
    server = PageServer.start("drained", address, this::page);
  }

  /**
   * Starts to listen.
   *
   * @param address port 0 for any free one
   * @throws IOException when the address cannot be listened on
   */
  public static DrainServer start(InetSocketAddress address) throws IOException {
    return start(address, SIGNAL_LIMIT);
  }

  /** The same with another time to wait for the signal. */
  static DrainServer start(InetSocketAddress address, Duration signalLimit) throws IOException {
    return new DrainServer(address, signalLimit);
  }

  int port() {
    return server.address().getPort();
  }

  /** How many requests wait for an answer now. */
  int waiting() {
    return waiting.get();
  }

  /** From now on, requests wait for {@link #close}. */
  public void draining() {
    draining.countDown();
  }

  /** Answers all requests that wait, and ends when they have their answers. */
  @Override
  public void close() {
    drained.countDown();
    server.close(ANSWER_LIMIT);
  }

  private Page page(Question question) throws InterruptedException {
    return switch (question.path()) {
      case "/drained" -> Page.text(200, await());
      case "/healthz" -> Page.text(200, "ok");
      default -> Page.text(404, "there is /drained and /healthz");
    };
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
}
