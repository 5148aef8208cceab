package io.isoline.envoy;

/**
 * Where an Envoy runs. Envoy prefers endpoints of its own zone when the endpoints carry localities.
 *
 * @param region may be empty
 * @param zone may be empty
 * @param subZone may be empty
 */
public record Locality(String region, String zone, String subZone) {}
