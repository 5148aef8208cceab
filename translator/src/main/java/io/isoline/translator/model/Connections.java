package io.isoline.translator.model;

import java.time.Duration;

/**
 * How connections to backends are made and kept.
 *
 * @param connectTimeout to an endpoint; more than zero
 * @param idleTimeout a connection without requests is closed; zero for never
 * @param responseHeaderKilobytes all headers of an answer, 1 to 8192; longer ones are 502
 * @param responseHeaderCount 1 to 10,000; more lines are 502
 * @param bufferBytes what Envoy buffers for a connection before it stops reading
 * @param trailers whether trailers of HTTP/1 are passed on
 * @param ipv6 whether DNS names are resolved to IPv6 as well
 */
public record Connections(
    Duration connectTimeout,
    Duration idleTimeout,
    int responseHeaderKilobytes,
    int responseHeaderCount,
    int bufferBytes,
    boolean trailers,
    boolean ipv6) {}
