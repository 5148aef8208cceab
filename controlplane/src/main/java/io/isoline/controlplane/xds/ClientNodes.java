package io.isoline.controlplane.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import io.isoline.controlplane.stream.AdsRequest.ClientNode;

/** Reads {@link Node}, which both variants of the protocol have. */
final class ClientNodes {
  private ClientNodes() {}

  static ClientNode read(Node node) {
    String version = node.getUserAgentVersion();
    if (node.hasUserAgentBuildVersion() && node.getUserAgentBuildVersion().hasVersion()) {
      SemanticVersion parts = node.getUserAgentBuildVersion().getVersion();
      version = parts.getMajorNumber() + "." + parts.getMinorNumber() + "." + parts.getPatch();
    }
    return new ClientNode(
        node.getId(), node.getCluster(), (node.getUserAgentName() + " " + version).strip());
  }
}
