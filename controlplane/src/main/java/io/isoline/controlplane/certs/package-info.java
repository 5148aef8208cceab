/**
 * The certificates that Isoline makes itself, kept as Secrets and renewed long before they expire:
 * those with which control planes and Envoys know each other on the xDS port, of a CA of its own,
 * and the one for hosts that have none.
 */
@NullMarked
package io.isoline.controlplane.certs;

import org.jspecify.annotations.NullMarked;
