package io.isoline.translator.model;

/**
 * An upstream with how its connections are kept. It becomes one Envoy cluster. All values are final.
 *
 * @param credentials what the Secret of its {@link BackendTls} has
 */
public record Backend(Upstream upstream, Connections connections, BackendCredentials credentials) {}
