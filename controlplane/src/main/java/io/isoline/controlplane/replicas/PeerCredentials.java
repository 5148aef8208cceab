package io.isoline.controlplane.replicas;

import java.nio.file.Path;

/**
 * The files, all in PEM, by which a replica shows the leader who it is, and knows the leader. They
 * are read anew for each connection.
 *
 * @param certificate a chain for clients and servers
 * @param key its private key
 * @param ca whom to trust
 */
public record PeerCredentials(Path certificate, Path key, Path ca) {}
