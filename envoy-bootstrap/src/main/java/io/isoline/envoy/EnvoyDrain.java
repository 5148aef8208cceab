package io.isoline.envoy;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes an Envoy out of service, so that it can be stopped and no request is lost.
 *
 * <p>First Envoy fails its health check: {@code /ready} answers 503, and every response tells its
 * client to come back on another connection, by {@code Connection: close} or GOAWAY. Nothing is
 * refused meanwhile, not even new connections, as whoever sends them here learns of the draining
 * only after a while: that is the delay.
 *
 * <p>Connections without a request are told nothing that way, and Envoy keeps them for as long as
 * an hour. So after the delay their idle timeout is shortened, by the one means that Envoy has for
 * a change of timeouts while it runs: an overload action, on a resource whose pressure is in a
 * file. Envoy then closes them as it closes all idle ones: after a GOAWAY, with some seconds in
 * which a request that crosses it is still answered. That needs a bootstrap with the admin
 * interface on a Unix socket; the file is beside it.
 *
 * <p>All of it was seen on Envoy 1.40. {@code /drain_listeners?graceful} adds nothing to it, and
 * cannot be undone.
 *
 * <p>For one thread.
 */
public final class EnvoyDrain {

  /** The idle timeout of a connection once the delay is over. */
  static final Duration IDLE_TIMEOUT = Duration.ofSeconds(2);

  /** The file with the pressure, from 0 to 1, beside the admin socket. */
  private static final String PRESSURE_FILE = "drain-pressure";

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int QUIET_POLLS = 3;
  private static final Pattern CONNECTIONS =
      Pattern.compile(
          "(?:http\\.(?!admin\\.|stats\\.).+|listener\\.tcp-[0-9]+)"
              + "\\.downstream_cx_active: ([0-9]+)");

  private final EnvoyAdmin admin;
  private final Consumer<String> progress;
  private long lastConnections;

  /**
   * Makes a drain of the Envoy with this admin interface.
   *
   * @param progress gets a line for each step
   */
  public EnvoyDrain(Address admin, Consumer<String> progress) {
    this.admin = new EnvoyAdmin(admin);
    this.progress = progress;
  }

  /** Where an Envoy with this admin interface looks for the pressure; null when it does not. */
  static @Nullable Path pressureFile(Address admin) {
    return admin instanceof Address.Pipe(Path path) ? path.resolveSibling(PRESSURE_FILE) : null;
  }

  /**
   * Drains, and returns when no connection is left, or the time is over.
   *
   * @param delay how long Envoy is asked to go on before anything but its health changes
   * @param timeout for all of it, at least the delay
   * @return how many connections are left
   * @throws EnvoyException if Envoy cannot be asked to, and did not end by itself either
   */
  public long run(Duration delay, Duration timeout) throws EnvoyException, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    if (!fail()) {
      progress.accept("there is no Envoy that could be drained");
      return 0;
    }
    progress.accept(
        "Envoy fails its health check now, with %s; it goes on for %d s"
            .formatted(inWords(connections()), delay.toSeconds()));
    TimeUnit.NANOSECONDS.sleep(Math.min(delay.toNanos(), timeout.toNanos()));
    press("1");
    progress.accept("waiting for the end of " + inWords(connections()));
    int quiet = 0;
    while (true) {
      long connections = connections();
      // Somebody who was told to come back may be about to.
      quiet = connections == 0 ? quiet + 1 : 0;
      if (quiet == QUIET_POLLS) {
        progress.accept("no connection is left");
        return 0;
      }
      if (System.nanoTime() - end >= 0) {
        progress.accept(
            "giving up after %d s with %s left"
                .formatted(timeout.toSeconds(), inWords(connections)));
        return connections;
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  /**
   * Takes back what an earlier run did, if Envoy still drains because of it: for a process that
   * drains an Envoy and was started again while Envoy was not.
   */
  public void undo() throws EnvoyException {
    press("0");
    try {
      if (admin.get("/ready").body().startsWith("DRAINING")) {
        post("/healthcheck/ok");
        progress.accept("Envoy was draining, and is in service again");
      }
    } catch (IOException e) {
      // An Envoy that is about to start drains nothing.
    }
  }

  /** Whether there is an Envoy. One that is too busy to answer is there. */
  public boolean isPossible() {
    try {
      admin.get("/ready");
      return true;
    } catch (SocketException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Returns false when there is no Envoy. */
  private boolean fail() throws EnvoyException {
    try {
      post("/healthcheck/fail");
      return true;
    } catch (IOException e) {
      if (!isPossible()) {
        return false;
      }
      throw new EnvoyException("Envoy cannot be drained: " + e.getMessage(), e);
    }
  }

  private void post(String path) throws IOException {
    EnvoyAdmin.Response response = admin.post(path);
    if (response.status() != 200) {
      throw new IOException(
          "it answers %s with %d %s".formatted(path, response.status(), response.body().strip()));
    }
  }

  /** Envoy notices a file that takes the place of another, and no other change of it. */
  private void press(String pressure) throws EnvoyException {
    Path file = pressureFile(admin.address());
    if (file == null || file.getParent() == null) {
      return;
    }
    try {
      Path fresh = Files.createTempFile(file.getParent(), PRESSURE_FILE, ".new");
      Files.writeString(fresh, pressure + "\n");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new EnvoyException(
          "idle connections cannot be closed, as %s cannot be written: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static String inWords(long connections) {
    return connections == 1 ? "1 connection" : connections + " connections";
  }

  /** Counts the connections of clients, to all listeners but Envoy's own; 0 when Envoy has gone. */
  private long connections() {
    try {
      lastConnections = count();
    } catch (SocketException e) {
      lastConnections = 0;
    } catch (IOException e) {
      // It is there, and too busy to answer.
    }
    return lastConnections;
  }

  private long count() throws IOException {
    return admin
        .get("/stats?filter=downstream_cx_active")
        .body()
        .lines()
        .map(CONNECTIONS::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
  }
}
