/** What a probe, Prometheus and an operator can ask a running control plane over HTTP. */
@NullMarked
package io.isoline.controlplane.admin;

import org.jspecify.annotations.NullMarked;
