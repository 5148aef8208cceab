/**
 * The xDS server: carries the streams over gRPC.
 *
 * <ul>
 *   <li>{@link io.isoline.controlplane.xds.XdsServer}: the port and its services.
 *   <li>{@code GrpcStream}: one stream on gRPC's threads and on the engine's.
 *   <li>{@code DeltaWire}, {@code SotwWire}: protos to records and back.
 * </ul>
 *
 * <p>Everything but {@code XdsServer}'s start and stop belongs to one thread, the engine's.
 */
@org.jspecify.annotations.NullMarked
package io.isoline.controlplane.xds;
