/**
 * Who may pass, answered beside an Envoy: its filter of external authorization asks over a Unix socket,
 * and brings the list of users, or the service that is to be asked, from the route.
 */
@NullMarked
package io.isoline.controlplane.credentials;

import org.jspecify.annotations.NullMarked;
