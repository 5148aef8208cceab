/**
 * Server certificates: whether Envoy would take a certificate and its key, and for how long.
 *
 * <p>Uses the JDK's own cryptography only, and knows no clock.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.translator.tls;
