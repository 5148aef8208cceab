package io.isoline.controlplane.envoy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** Clients that send requests without a pause, and remember what was not answered with 200. */
final class Load implements AutoCloseable {

  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicLong answered = new AtomicLong();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<Thread> clients = new ArrayList<>();

  private Load(IntSupplier port, String host, int count) {
    for (int i = 0; i < count; i++) {
      clients.add(Thread.ofPlatform().name("load-" + i).start(() -> run(port, host)));
    }
  }

  /** Starts, and returns when there were answers. */
  static Load start(Proxy proxy, String host) {
    return start(proxy::httpPort, host);
  }

  /** The same, with a port that each new connection asks for. */
  static Load start(IntSupplier port, String host) {
    Load load = new Load(port, host, 3);
    load.awaitMore(10);
    return load;
  }

  private void run(IntSupplier port, String host) {
    while (running.get()) {
      try (Connection connection = Connection.open(port.getAsInt())) {
        // Some requests on each connection, as both old and new connections matter.
        for (int i = 0; i < 50 && running.get(); i++) {
          Response response =
              connection.exchange("GET /load HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
          if (response.status() != 200) {
            failures.add(response.toString());
          }
          answered.incrementAndGet();
          if (response.header("connection").contains("close")) {
            break;
          }
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }

  /** Returns when so many more answers have come. */
  void awaitMore(int answers) {
    long until = answered.get() + answers;
    Await.until("the load goes on", () -> answered.get() >= until);
  }

  long answered() {
    return answered.get();
  }

  /** What was not a 200 so far. */
  List<String> failures() {
    return failures;
  }

  @Override
  public void close() {
    running.set(false);
    boolean interrupted = false;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
