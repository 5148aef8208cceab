package io.isoline.envoy;

/** The variant of aggregated discovery (ADS) that Envoy speaks to the control plane. */
public enum XdsProtocol {
  /** Only what changed is sent. */
  DELTA,
  /** Each answer holds every resource of its type that Envoy asked for. */
  STATE_OF_THE_WORLD
}
