package io.isoline.translator.settings;

/**
 * What holds for connections with clients and with backends alike.
 *
 * @param ipv6 whether the listeners also listen on IPv6, and DNS names resolve to it
 * @param connectionBufferBytes what Envoy buffers for a connection before it stops reading
 */
public record NetworkSettings(boolean ipv6, int connectionBufferBytes) {}
