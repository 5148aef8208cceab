/** The HTTP pages of a running control plane, for probes, Prometheus and operators. */
@NullMarked
package io.isoline.controlplane.admin;

import org.jspecify.annotations.NullMarked;
