package io.isoline.controlplane.lab;

import io.isoline.controlplane.envoy.Connection;
import io.isoline.controlplane.envoy.TlsConnection;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks targets at a steady rate and judges every answer: a program that runs inside the lab, for
 * {@link Traffic}.
 *
 * <p>Half of the clients keep a connection for some requests, the others open one for each. A
 * connection that ends before the first byte of an answer is what any client of HTTP has to expect:
 * it asks again on a new connection, each of which is counted. What it gets no answer to then is
 * lost. Between its attempts it waits: a server that is being killed takes some time to be gone,
 * and until then connections to it open, and end.
 */
final class RequestLoad {

  /** However long the test takes. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final int REQUESTS_OF_A_CONNECTION = 25;
  private static final int FAULTS_IN_WORDS = 20;
  private static final int ATTEMPTS = 5;

  /** Before the second attempt; then twice as long each time. */
  private static final long PAUSE_NANOS = 100_000_000;

  private final String address;
  private final List<Target> targets;
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();

  private RequestLoad(String address, List<Target> targets) {
    this.address = address;
    this.targets = targets;
  }

  /** Runs until SIGTERM; the arguments are the address, clients, requests a second, targets. */
  public static void main(String[] arguments)
      throws InterruptedException, SSLException {
    int clients = Integer.parseInt(arguments[1]);
    long pause = 1_000_000_000L * clients / Integer.parseInt(arguments[2]);
    List<Target> targets = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      targets.add(Target.parse(arguments[i]));
    }
    if (targets.stream().anyMatch(Target::tls)) {
      TlsConnection.warmUp();
    }
    RequestLoad load = new RequestLoad(arguments[0], targets);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      boolean keep = i % 2 == 0;
      threads.add(Thread.ofPlatform().start(() -> load.run(keep, pause)));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> load.finish(threads)));
    Instant end = Instant.now().plus(LIMIT);
    while (Instant.now().isBefore(end)) {
      Thread.sleep(100);
      System.out.println(load.tally("so far"));
    }
  }

  private void finish(List<Thread> threads) {
    running.set(false);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.println(tally("all"));
  }

  private String tally(String when) {
    return "%s: requests %d wrong %d lost %d repeated %d"
        .formatted(when, requests.get(), wrong.get(), lost.get(), repeated.get());
  }

  private void run(boolean keep, long pause) {
    Connection connection = null;
    Target before = null;
    int used = 0;
    long next = System.nanoTime();
    while (running.get()) {
      LockSupport.parkNanos(next - System.nanoTime());
      // After a stall there is no burst.
      next = Math.max(next + pause, System.nanoTime());
      Target target = targets.get(Math.floorMod(turn.getAndIncrement(), targets.size()));
      // A connection of TLS was made for one name; others serve all hosts.
      boolean fits = before != null && !before.tls() && !target.tls();
      if (!keep || used == REQUESTS_OF_A_CONNECTION || !fits) {
        close(connection);
        connection = null;
      }
      used = connection == null ? 1 : used + 1;
      before = target;
      connection = request(target, connection);
    }
    close(connection);
  }

  /** Asks until there is an answer; returns the connection for the next request. */
  private @Nullable Connection request(Target target, @Nullable Connection open) {
    requests.incrementAndGet();
    Connection connection = open;
    for (int attempt = 1; ; attempt++) {
      try {
        if (connection == null) {
          connection = target.connect(address);
        }
        String answer = target.ask(connection);
        if (!target.isRight(answer)) {
          fault(wrong, "WRONG", target, answer);
        }
        return connection;
      } catch (IOException e) {
        close(connection);
        connection = null;
        if (attempt == ATTEMPTS) {
          fault(lost, "LOST", target, e.toString());
          return null;
        }
        fault(repeated, "REPEATED", target, e.toString());
        LockSupport.parkNanos(PAUSE_NANOS << (attempt - 1));
      }
    }
  }

  private static void fault(AtomicInteger count, String kind, Target target, String answer) {
    if (count.incrementAndGet() <= FAULTS_IN_WORDS) {
      System.out.println(
          "%s %s %s%s: %s"
              .formatted(kind, Instant.now(), target.host(), target.path(), shortened(answer)));
    }
  }

  private static String shortened(String answer) {
    String line = answer.replaceAll("\\s+", " ");
    return line.substring(0, Math.min(160, line.length()));
  }

  private static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // It is not used any more.
      }
    }
  }
}
