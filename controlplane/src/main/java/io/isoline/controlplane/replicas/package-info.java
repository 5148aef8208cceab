/**
 * Replicas tell their leader what their Envoys acknowledged: each one serves the Envoys that are
 * connected to it, but only the leader writes to the API server.
 */
@NullMarked
package io.isoline.controlplane.replicas;

import org.jspecify.annotations.NullMarked;
