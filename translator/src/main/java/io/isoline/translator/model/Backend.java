package io.isoline.translator.model;

/**
 * An upstream with how its connections are kept. It becomes one Envoy cluster. All values are final.
 */
public record Backend(Upstream upstream, Connections connections) {}
