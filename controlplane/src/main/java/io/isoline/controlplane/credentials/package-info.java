/**
 * Basic authentication answered beside an Envoy: its filter of external authorization asks over a
 * Unix socket, and brings the list of users with each question, from the route.
 */
@NullMarked
package io.isoline.controlplane.credentials;

import org.jspecify.annotations.NullMarked;
