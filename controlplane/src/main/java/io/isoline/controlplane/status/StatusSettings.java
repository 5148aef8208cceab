package io.isoline.controlplane.status;

import io.isoline.controlplane.replicas.PeerCredentials;
import org.jspecify.annotations.Nullable;

/**
 * What is written to the API server, and by whom.
 *
 * @param publication the addresses of Ingresses
 * @param election null when this process is the only one, and so the leader
 * @param controller our {@code spec.controller}; it decides whose addresses are whose, so that two
 *     installations of different controllers do not clear each other's
 * @param credentials those for the xDS port of the leader; null when that has no TLS
 */
public record StatusSettings(
    Publication publication,
    @Nullable Election election,
    String controller,
    @Nullable PeerCredentials credentials) {}
