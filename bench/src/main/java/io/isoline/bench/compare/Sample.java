package io.isoline.bench.compare;

/**
 * A number that was measured: one line of the raw data.
 *
 * @param subject the name of a {@link Subject}
 * @param pass counts from 0; control plane and Envoy are started anew for each
 * @param timedOut whether the value is the limit of the time, as nothing had happened by then
 */
record Sample(
    String subject,
    Mode mode,
    int hosts,
    int pass,
    Step step,
    Figure figure,
    double value,
    boolean timedOut) {}
