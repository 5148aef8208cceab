package io.isoline.controlplane.stream;

import io.isoline.translator.ResourceType;

/**
 * The two variants of the protocol, by what a response means in them.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol">xDS protocol</a>
 */
public enum Variant {
  /** A response has what changed, and the names of what is gone. */
  DELTA,

  /** State of the world: a response has everything, or for some types at least what changed. */
  SOTW;

  /**
   * Whether a response has every resource of the type that the client is to hold. For whole sets the
   * protocol demands it. For secrets it does not, but some Envoys refuse a response that lacks a
   * secret which they had.
   */
  boolean sendsAll(ResourceType type) {
    return this == SOTW && (type.isWholeSet() || type == ResourceType.SECRET);
  }

  /**
   * Whether a response can say that a resource is gone. In state-of-the-world an absence means
   * something for whole sets only; the others go with what referred to them.
   */
  boolean canRemove(ResourceType type) {
    return this == DELTA || type.isWholeSet();
  }
}
