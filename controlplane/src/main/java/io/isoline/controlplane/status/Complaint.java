package io.isoline.controlplane.status;

import java.time.Duration;
import org.slf4j.Logger;

/**
 * Logs a line when something goes wrong, and not each time that it is noticed again. While it
 * lasts, another line comes once a minute at most, and only with other words. Safe for use by
 * several threads.
 */
final class Complaint {

  private static final Duration SILENCE = Duration.ofMinutes(1);

  private final Logger log;
  private String said = "";
  private long saidAt;

  Complaint(Logger log) {
    this.log = log;
  }

  /** Notes that something is wrong. */
  synchronized void raise(String line) {
    long now = System.nanoTime();
    boolean silent = !said.isEmpty() && now - saidAt < SILENCE.toNanos();
    if (!silent && !line.equals(said)) {
      said = line;
      saidAt = now;
      log.warn(line);
    }
  }

  /** Notes that all is well again; logs that if there was a complaint. */
  synchronized void settle(String line) {
    if (!said.isEmpty()) {
      said = "";
      log.info(line);
    }
  }
}
