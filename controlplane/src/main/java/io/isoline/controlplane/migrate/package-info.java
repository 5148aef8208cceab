/**
 * The Ingresses that ingress-nginx serves, from files or from a cluster, judged as if they were
 * Isoline's: what the parts of {@code isoline migrate} have in common.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.migrate;
