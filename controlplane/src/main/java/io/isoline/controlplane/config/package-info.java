/**
 * What the operator gives: the configuration file and the default certificate.
 *
 * <p>Nothing here keeps state; everything can be called from any thread.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.config;
