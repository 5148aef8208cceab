package io.isoline.translator.model;

/**
 * What backends get as Host.
 *
 * @param host a name or an address, with a port or without one
 */
public record UpstreamHost(String host) implements RouteOption {}
