/**
 * What an Envoy needs to join Isoline: its bootstrap configuration, the Envoy program itself for
 * local runs and tests, and its start, readiness, drain and stop.
 *
 * <p>{@link io.isoline.envoy.Bootstrap} writes the configuration, {@link
 * io.isoline.envoy.EnvoyBinary} finds or downloads the program, {@link
 * io.isoline.envoy.EnvoyProcess} runs it. Nothing here knows what is sent over xDS.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.envoy;
