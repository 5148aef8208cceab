package io.isoline.translator.model;

/**
 * Where a listener takes connections, and how these begin.
 *
 * @param address an IP address
 * @param port 1 to 65535
 * @param ipv6 whether a listener on all IPv4 addresses, {@code 0.0.0.0}, also listens on all of IPv6
 * @param proxyProtocol whether each connection starts with a PROXY header (version 1 or 2)
 * @param bufferBytes what Envoy buffers for a connection before it stops reading
 */
public record Bind(
    String address, int port, boolean ipv6, boolean proxyProtocol, int bufferBytes) {}
