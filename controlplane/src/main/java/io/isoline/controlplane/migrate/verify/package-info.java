/**
 * {@code isoline migrate verify}: sends requests that the Ingresses ask for to ingress-nginx and to
 * Isoline, and says where the answers differ.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.migrate.verify;
