package io.isoline.controlplane.status;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A line in the log for as long as something is wrong, not one for each time it is noticed. */
final class Complaint {

  private final Logger log;
  private @Nullable String said;

  Complaint(Logger log) {
    this.log = log;
  }

  /** Something is wrong. */
  synchronized void raise(String line) {
    if (!line.equals(said)) {
      said = line;
      log.warn(line);
    }
  }

  /** It is no longer. Says so if there was a complaint. */
  synchronized void settle(String line) {
    if (said != null) {
      said = null;
      log.info(line);
    }
  }
}
