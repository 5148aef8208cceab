package io.isoline.translator.model;

/**
 * How long the bodies of requests may be; longer ones get 413. It goes before what holds for all
 * hosts.
 *
 * @param bytes 1 to 2^32-1, or 0 for no limit
 */
public record BodyLimit(long bytes) implements RouteOption {}
