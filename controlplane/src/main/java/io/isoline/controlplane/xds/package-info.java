/**
 * The xDS server: what Isoline wants Envoy to have, and how each Envoy gets there safely.
 *
 * <ul>
 *   <li>{@link io.isoline.controlplane.xds.ResourceStore}: what there is.
 *   <li>{@code AdsStream}: the state machine of one stream, and the place to begin reading. It
 *       knows no gRPC, no clock and no thread.
 *   <li>{@code PushOrder}: the one place with the rule of what may go before what.
 *   <li>{@code DeltaWire}, {@code SotwWire}: protos to records and back.
 *   <li>{@link io.isoline.controlplane.xds.XdsServer}: gRPC around all that.
 * </ul>
 *
 * <p>Everything but {@code XdsServer}'s start and stop belongs to one thread, the engine's.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.xds;
