package io.isoline.controlplane.status;

import java.time.Duration;
import org.slf4j.Logger;

/**
 * A line in the log when something goes wrong, not one for each time that it is noticed: until it
 * is well again there is another one each minute at most, if it has other words. Safe for use by
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

  /** Something is wrong. */
  synchronized void raise(String line) {
    long now = System.nanoTime();
    boolean silent = !said.isEmpty() && now - saidAt < SILENCE.toNanos();
    if (!silent && !line.equals(said)) {
      said = line;
      saidAt = now;
      log.warn(line);
    }
  }

  /** It is well. Says so if there was a complaint. */
  synchronized void settle(String line) {
    if (!said.isEmpty()) {
      said = "";
      log.info(line);
    }
  }
}
