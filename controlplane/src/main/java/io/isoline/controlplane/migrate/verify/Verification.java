package io.isoline.controlplane.migrate.verify;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.controlplane.migrate.verify.Comparison.Difference;
import io.isoline.translator.kube.IngressRecord;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends the same requests to both controllers, and compares the answers. What differs is asked once
 * more, unless that could do harm, and only what differs again is told.
 */
public final class Verification {

  /** So many requests in a row that reach nobody mean that a controller is gone. */
  private static final int GONE = 10;

  private final Target old;
  private final Target now;
  private final Pace pace;
  private final Comparison comparison;

  @GuardedBy("this")
  private int oldFailures;

  @GuardedBy("this")
  private int nowFailures;

  @GuardedBy("this")
  private @Nullable String gone;

  /**
   * The pace of the requests.
   *
   * @param rate requests a second to each side
   * @param concurrency requests at the same time to each side
   * @param timeout for one request
   */
  public record Pace(int rate, int concurrency, Duration timeout) {}

  /** Hears how far the verification is. Called by the thread that runs it. */
  public interface Listener {
    void progress(int done, int all, int different);
  }

  /** Says that one of the two controllers cannot be asked; the message is for the user. */
  public static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreachableException(String message) {
      super(message);
    }
  }

  public Verification(Target old, Target now, Pace pace, Comparison comparison) {
    this.old = old;
    this.now = now;
    this.pace = pace;
    this.comparison = comparison;
  }

  /** Makes the requests of Ingresses, sends them, and returns when all are answered. */
  public VerifyResult run(
      Collection<IngressRecord> ingresses, ProbePlan.Choice choice, Listener listener)
      throws UnreachableException, InterruptedException {
    ProbePlan.Requests requests = ProbePlan.of(ingresses, choice);
    if (!requests.probes().isEmpty()) {
      requireThere(old, choice);
      requireThere(now, choice);
    }
    Map<Probe, List<Difference>> different = send(requests.probes(), listener);
    return new VerifyResult(
        requests.probes().size(), requests.skipped(), new LinkedHashMap<>(different));
  }

  private void requireThere(Target target, ProbePlan.Choice choice) throws UnreachableException {
    for (boolean tls : new boolean[] {false, true}) {
      Target.Address address = target.address(tls);
      if (address == null || !(tls ? choice.https() : choice.http())) {
        continue;
      }
      try (Socket socket = new Socket()) {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
          throw new UnknownHostException("its name is not known");
        }
        socket.connect(resolved, (int) pace.timeout().toMillis());
      } catch (IOException e) {
        throw new UnreachableException(
            "%s: nothing answers at %s: %s".formatted(target.name(), address, e.getMessage()));
      }
    }
  }

  private Map<Probe, List<Difference>> send(List<Probe> probes, Listener listener)
      throws UnreachableException, InterruptedException {
    // Names are for the resolver of the system, as for everything else on this machine.
    System.setProperty("vertx.disableDnsResolver", "true");
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    try (ProbeClient toOld = new ProbeClient(vertx, old, pace.timeout(), pace.concurrency());
        ProbeClient toNow = new ProbeClient(vertx, now, pace.timeout(), pace.concurrency())) {
      Map<Probe, List<Difference>> first = pass(probes, toOld, toNow, probes.size(), 0, listener);
      List<Probe> again = first.keySet().stream().filter(Probe::isSafe).toList();
      int all = probes.size() + again.size();
      Map<Probe, List<Difference>> second = pass(again, toOld, toNow, all, probes.size(), listener);
      return same(first, second);
    } finally {
      var _ = vertx.close();
    }
  }

  /**
   * The differences of the second pass that were there in the first; a request without a second try
   * keeps those of the first.
   */
  private static Map<Probe, List<Difference>> same(
      Map<Probe, List<Difference>> first, Map<Probe, List<Difference>> second) {
    Map<Probe, List<Difference>> same = new LinkedHashMap<>();
    first.forEach(
        (probe, differences) -> {
          List<String> aspects = differences.stream().map(Difference::aspect).toList();
          List<Difference> told =
              probe.isSafe()
                  ? second.getOrDefault(probe, List.of()).stream()
                      .filter(difference -> aspects.contains(difference.aspect()))
                      .toList()
                  : differences;
          if (!told.isEmpty()) {
            same.put(probe, told);
          }
        });
    return same;
  }

  /** The requests whose answers differ, in their order. */
  private Map<Probe, List<Difference>> pass(
      List<Probe> probes,
      ProbeClient toOld,
      ProbeClient toNow,
      int all,
      int before,
      Listener listener)
      throws UnreachableException, InterruptedException {
    Semaphore room = new Semaphore(pace.concurrency());
    List<@Nullable List<Difference>> found = new ArrayList<>();
    probes.forEach(probe -> found.add(null));
    int[] different = new int[1];
    long interval = TimeUnit.SECONDS.toNanos(1) / pace.rate();
    long due = System.nanoTime();
    for (int i = 0; i < probes.size(); i++) {
      room.acquire();
      long wait = due - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      due = Math.max(due, System.nanoTime() - interval) + interval;
      requireNotGone();
      int index = i;
      Probe probe = probes.get(i);
      var _ =
          toOld
              .send(probe)
              .thenCombine(
                  toNow.send(probe),
                  (one, other) -> {
                    List<Difference> differences = comparison.compare(probe, one, other);
                    synchronized (this) {
                      count(one, other);
                      found.set(index, differences);
                      different[0] += differences.isEmpty() ? 0 : 1;
                    }
                    return differences;
                  })
              .whenComplete((any, thrown) -> room.release());
      synchronized (this) {
        listener.progress(before + i, all, different[0]);
      }
    }
    room.acquire(pace.concurrency());
    requireNotGone();
    Map<Probe, List<Difference>> result = new LinkedHashMap<>();
    synchronized (this) {
      for (int i = 0; i < probes.size(); i++) {
        List<Difference> differences = found.get(i);
        if (differences == null) {
          throw new IllegalStateException("no answer was compared for " + probes.get(i));
        }
        if (!differences.isEmpty()) {
          result.put(probes.get(i), differences);
        }
      }
    }
    return result;
  }

  @GuardedBy("this")
  private void count(Answer one, Answer other) {
    oldFailures = failures(oldFailures, one, old);
    nowFailures = failures(nowFailures, other, now);
  }

  @GuardedBy("this")
  private int failures(int before, Answer answer, Target target) {
    if (!(answer instanceof Answer.None none) || none.connected()) {
      return 0;
    }
    if (before + 1 == GONE) {
      gone = "%s: it has gone away: %s, %d times".formatted(target.name(), none.reason(), GONE);
    }
    return before + 1;
  }

  private synchronized void requireNotGone() throws UnreachableException {
    if (gone != null) {
      throw new UnreachableException(gone);
    }
  }
}
