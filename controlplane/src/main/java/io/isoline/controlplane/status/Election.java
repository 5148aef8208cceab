package io.isoline.controlplane.status;

/**
 * How replicas find out who of them leads.
 *
 * @param namespace that of the Lease
 * @param name that of the Lease; it is made when it is not there
 * @param identity names this replica, and no other one at the same time
 * @param host where other replicas reach the xDS port of this one: an IP address or a host name
 */
public record Election(String namespace, String name, String identity, String host) {}
