package io.isoline.controlplane.peers;

import io.grpc.BindableService;

/**
 * A gRPC service on the xDS port, and who may call it. On a port with TLS every method of it is
 * refused to all others; a port without TLS knows nobody and serves everybody.
 *
 * @param role what the client's certificate has to say of it
 */
public record PeerService(PeerRole role, BindableService service) {}
