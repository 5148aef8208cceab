/** Manifests without a cluster or an Envoy: what they come to, and reports of that. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.offline;
