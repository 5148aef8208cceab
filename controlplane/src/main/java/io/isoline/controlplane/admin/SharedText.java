package io.isoline.controlplane.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes a text once for all callers that ask for it at the same time: each gets a text whose making
 * began after the call. So callers that ask all the time cost one processor at most, and probes
 * have the others.
 *
 * <p>Safe for use by several threads.
 */
final class SharedText {

  private final Supplier<String> maker;
  private final ReentrantLock making = new ReentrantLock(true);
  private final AtomicLong begun = new AtomicLong();

  @GuardedBy("making")
  private String last = "";

  SharedText(Supplier<String> maker) {
    this.maker = maker;
  }

  /** The text as of now or of a moment later; waits while another one is made. */
  String get() throws InterruptedException {
    long before = begun.get();
    making.lockInterruptibly();
    try {
      if (begun.get() == before) {
        begun.incrementAndGet();
        last = maker.get();
      }
      return last;
    } finally {
      making.unlock();
    }
  }
}
