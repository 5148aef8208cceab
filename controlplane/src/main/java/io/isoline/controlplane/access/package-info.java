/**
 * What authentication services say of requests: asked by HTTP/1.1 beside an Envoy, with a bound for
 * each namespace, and remembered where an Ingress says so.
 */
@NullMarked
package io.isoline.controlplane.access;

import org.jspecify.annotations.NullMarked;
