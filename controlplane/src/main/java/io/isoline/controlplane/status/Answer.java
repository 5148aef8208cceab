package io.isoline.controlplane.status;

import io.isoline.controlplane.status.StatusListener.Outcome;

/**
 * What the API server said to a write.
 *
 * @param words why it was not done; empty when it was
 */
record Answer(Outcome outcome, String words) {

  static final Answer WRITTEN = new Answer(Outcome.WRITTEN, "");
}
