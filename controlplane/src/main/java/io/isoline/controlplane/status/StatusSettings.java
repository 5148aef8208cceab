package io.isoline.controlplane.status;

import io.isoline.controlplane.peers.PeerTls;
import org.jspecify.annotations.Nullable;

/**
 * What is written to the API server, and by whom.
 *
 * @param publication the addresses of Ingresses
 * @param election null when this process is the only one, and so the leader
 * @param controller our {@code spec.controller}; it decides whose addresses are whose, so that two
 *     installations of different controllers do not clear each other's
 * @param tls that of the xDS port, for connections to the leader; null when it has none
 */
public record StatusSettings(
    Publication publication,
    @Nullable Election election,
    String controller,
    @Nullable PeerTls tls) {}
