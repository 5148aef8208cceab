package io.isoline.controlplane.stream;

import io.isoline.controlplane.text.Printable;

/**
 * Says which client a stream belongs to.
 *
 * @param id counts the streams of this process, from 1
 * @param peer the client's network address
 * @param delta whether it speaks the delta variant, else state-of-the-world
 * @param nodeId the client's name for itself ({@code node.id}), empty when it has none
 * @param nodeCluster {@code node.cluster}, empty when it says nothing
 * @param userAgent its software and version, empty when it says nothing
 */
public record StreamInfo(
    long id, String peer, boolean delta, String nodeId, String nodeCluster, String userAgent) {

  /** Characters of a node's id that are shown; it is whatever the client says. */
  private static final int LONGEST_NODE_ID = 120;

  @Override
  public String toString() {
    return "Envoy "
        + (nodeId.isEmpty() ? "without a node id" : Printable.line(nodeId, LONGEST_NODE_ID))
        + " at "
        + peer
        + " (stream "
        + id
        + ")";
  }
}
