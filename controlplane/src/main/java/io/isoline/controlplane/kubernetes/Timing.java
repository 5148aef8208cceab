package io.isoline.controlplane.kubernetes;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param answer until an answer begins
 * @param silence between two pieces of an answer; bookmarks come every minute
 * @param firstRetry the pause after a first failure; it doubles with each further one
 * @param lastRetry the longest pause between two tries
 * @param optionalRetry the pause for what may be missing for good
 * @param hold how long an Ingress waits for its Secrets to be read before it goes without them
 */
record Timing(
    Duration answer,
    Duration silence,
    Duration firstRetry,
    Duration lastRetry,
    Duration optionalRetry,
    Duration hold) {

  static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(30),
          Duration.ofSeconds(150),
          Duration.ofMillis(250),
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5));
}
