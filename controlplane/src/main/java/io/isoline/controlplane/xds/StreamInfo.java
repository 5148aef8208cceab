package io.isoline.controlplane.xds;

/**
 * Which client a stream belongs to.
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

  @Override
  public String toString() {
    return "Envoy "
        + (nodeId.isEmpty() ? "without a node id" : nodeId)
        + " at "
        + peer
        + " (stream "
        + id
        + ")";
  }
}
