/**
 * The certificates with which control planes and Envoys know each other on the xDS port: a CA of
 * its own, kept as Secrets and renewed long before anything expires.
 */
@NullMarked
package io.isoline.controlplane.certs;

import org.jspecify.annotations.NullMarked;
