package io.isoline.bench.compare;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param passes trials of each subject at each size; control plane and Envoy start anew for each
 * @param rounds how often each change is made in a trial
 * @param warmUp how often it is made before that, uncounted
 * @param pause before each change; Contour holds changes back that come within half a second of
 *     the last
 * @param stormChanges how many changes make the storm
 * @param stormTime the time over which these are spread
 * @param loadTime how long requests are sent
 * @param changeLimit when a change counts as timed out
 * @param startLimit when a start counts as timed out
 * @param restLimit how long a control plane may be busy before the first change
 */
record Plan(
    int passes,
    int rounds,
    int warmUp,
    Duration pause,
    int stormChanges,
    Duration stormTime,
    Duration loadTime,
    Duration changeLimit,
    Duration startLimit,
    Duration restLimit) {

  static Plan full(int passes, int rounds) {
    return new Plan(
        passes,
        rounds,
        3,
        Duration.ofMillis(600),
        500,
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofMinutes(15));
  }

  /** Shows that all of it runs; its figures say nothing. */
  static Plan quick() {
    return new Plan(
        1,
        2,
        1,
        Duration.ofMillis(50),
        20,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofSeconds(2));
  }
}
