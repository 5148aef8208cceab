/**
 * What Isoline writes back to the API server for users: addresses in the status of Ingresses, and
 * events.
 */
@NullMarked
package io.isoline.controlplane.status;

import org.jspecify.annotations.NullMarked;
