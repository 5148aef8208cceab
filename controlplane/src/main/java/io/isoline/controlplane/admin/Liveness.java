package io.isoline.controlplane.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the engine's thread still works. The thread gets a question only when the last
 * one has been answered, so that probes do not pile up before a busy engine.
 *
 * <p>An engine that works on something large is alive: it may take much longer to answer than a
 * probe waits. Only one that has been silent for the limit is given up, and may be restarted.
 */
public final class Liveness {

  private final Supplier<? extends CompletableFuture<?>> question;
  private final Duration patience;
  private final Duration limit;

  @GuardedBy("this")
  private @Nullable CompletableFuture<?> asked;
  @GuardedBy("this")
  private long askedAt;

  /**
   * Makes a check that waits half a second for an answer, which is less than a probe of Kubernetes
   * waits, and gives up an engine that was silent for a minute.
   *
   * @param question something that only the engine's thread can answer
   */
  public Liveness(Supplier<? extends CompletableFuture<?>> question) {
    this(question, Duration.ofMillis(500), Duration.ofMinutes(1));
  }

  Liveness(Supplier<? extends CompletableFuture<?>> question, Duration patience, Duration limit) {
    this.question = question;
    this.patience = patience;
    this.limit = limit;
  }

  /**
   * The result of a check.
   *
   * @param alive whether the program should be left running
   * @param words for the operator
   */
  record Finding(boolean alive, String words) {}

  /** Asks, and returns within the time that a probe has. */
  Finding check() throws InterruptedException {
    CompletableFuture<?> answer;
    long since;
    synchronized (this) {
      if (asked == null || asked.isDone()) {
        asked = ask();
        askedAt = System.nanoTime();
      }
      answer = asked;
      since = askedAt;
    }
    try {
      answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return new Finding(true, "ok");
    } catch (ExecutionException e) {
      return new Finding(false, "the engine's thread has ended: " + e.getCause());
    } catch (TimeoutException e) {
      Duration silent = Duration.ofNanos(System.nanoTime() - since);
      return new Finding(
          silent.compareTo(limit) < 0,
          "the engine's thread has not answered for " + silent.toMillis() + " ms");
    }
  }

  private CompletableFuture<?> ask() {
    try {
      return question.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
