/** How many requests of each client are under way, counted beside an Envoy for limits of routes. */
@NullMarked
package io.isoline.controlplane.counts;

import org.jspecify.annotations.NullMarked;
