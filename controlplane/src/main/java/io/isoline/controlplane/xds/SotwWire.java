package io.isoline.controlplane.xds;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.isoline.controlplane.stream.AdsRequest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.controlplane.stream.AdsResponse;
import io.isoline.translator.Resource;
import java.util.List;

/** The state-of-the-world variant's protos to records and back. */
final class SotwWire {
  private SotwWire() {}

  static AdsRequest decode(DiscoveryRequest request) {
    return new AdsRequest(
        request.getTypeUrl(),
        request.getResponseNonce(),
        request.hasErrorDetail() ? request.getErrorDetail().getMessage() : null,
        request.hasNode() ? ClientNodes.read(request.getNode()) : null,
        new SotwInterest(List.copyOf(request.getResourceNamesList()), request.getVersionInfo()));
  }

  static DiscoveryResponse encode(AdsResponse response) {
    DiscoveryResponse.Builder builder =
        DiscoveryResponse.newBuilder()
            .setTypeUrl(response.typeUrl())
            .setNonce(response.nonce())
            .setVersionInfo(response.version());
    for (Resource resource : response.resources()) {
      // The body is shared with the store and all other streams.
      builder.addResources(resource.body());
    }
    return builder.build();
  }
}
