/**
 * The state machine of a stream: what Isoline wants Envoy to have, and how each Envoy gets there
 * safely. It knows no gRPC, no clock and no thread.
 *
 * <ul>
 *   <li>{@link io.isoline.controlplane.stream.ResourceStore}: what there is.
 *   <li>{@link io.isoline.controlplane.stream.AdsStream}: the machine, and the place to begin
 *       reading.
 *   <li>{@code PushOrder}: the one place with the rule of what may go before what.
 * </ul>
 *
 * <p>Everything belongs to one thread, the engine's.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.stream;
