/** Mutual TLS on the xDS port: who may connect, and what a client may call. */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.peers;
