package io.isoline.translator.settings;

import java.time.Duration;

/**
 * How connections to backends are made and kept.
 *
 * @param connectTimeout to an endpoint; more than zero
 * @param idleTimeout a connection without requests is closed; zero for never
 * @param responseHeaderKilobytes all headers of an answer, 1 to 8192; longer ones are 502
 * @param responseHeaderCount 1 to 10,000; more lines are 502
 */
public record BackendSettings(
    Duration connectTimeout,
    Duration idleTimeout,
    int responseHeaderKilobytes,
    int responseHeaderCount) {}
