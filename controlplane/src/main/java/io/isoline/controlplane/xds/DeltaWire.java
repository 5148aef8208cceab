package io.isoline.controlplane.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.isoline.controlplane.stream.AdsRequest;
import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsResponse;
import io.isoline.translator.Resource;
import java.util.List;
import java.util.Map;

/** The delta variant's protos to records and back. */
final class DeltaWire {
  private DeltaWire() {}

  static AdsRequest decode(DeltaDiscoveryRequest request) {
    return new AdsRequest(
        request.getTypeUrl(),
        request.getResponseNonce(),
        request.hasErrorDetail() ? request.getErrorDetail().getMessage() : null,
        request.hasNode() ? ClientNodes.read(request.getNode()) : null,
        new DeltaInterest(
            List.copyOf(request.getResourceNamesSubscribeList()),
            List.copyOf(request.getResourceNamesUnsubscribeList()),
            Map.copyOf(request.getInitialResourceVersionsMap())));
  }

  static DeltaDiscoveryResponse encode(AdsResponse response) {
    DeltaDiscoveryResponse.Builder builder =
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(response.typeUrl())
            .setNonce(response.nonce())
            .setSystemVersionInfo(response.version())
            .addAllRemovedResources(response.removed());
    for (Resource resource : response.resources()) {
      // The body is shared with the store and all other streams.
      builder.addResources(
          io.envoyproxy.envoy.service.discovery.v3.Resource.newBuilder()
              .setName(resource.name())
              .setVersion(resource.version())
              .setResource(resource.body()));
    }
    return builder.build();
  }
}
