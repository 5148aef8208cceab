package io.isoline.controlplane.admin;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.isoline.translator.ResourceType;
import java.util.List;
import java.util.Set;

/**
 * A client on a real connection that asks for clusters, their endpoints, secrets, listeners and
 * routes, and answers every response: it takes all types but those that it was made to refuse.
 */
final class DeltaEnvoy implements StreamObserver<DeltaDiscoveryResponse>, AutoCloseable {

  private final Set<ResourceType> refused;
  private final ManagedChannel channel;
  private final StreamObserver<DeltaDiscoveryRequest> requests;

  DeltaEnvoy(int port, Set<ResourceType> refused) {
    this.refused = refused;
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(Node.newBuilder().setId("fake"))
            .setTypeUrl(ResourceType.CLUSTER.typeUrl()));
    subscribe(ResourceType.LISTENER, List.of());
    subscribe(ResourceType.EXTENSION, List.of("isoline.https"));
    subscribe(ResourceType.SCOPE, List.of());
    subscribe(ResourceType.SECRET, List.of("*"));
  }

  private void subscribe(ResourceType type, List<String> names) {
    send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(type.typeUrl())
            .addAllResourceNamesSubscribe(names));
  }

  @Override
  public void onNext(DeltaDiscoveryResponse response) {
    DeltaDiscoveryRequest.Builder answer =
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(response.getTypeUrl())
            .setResponseNonce(response.getNonce());
    if (refused.stream().anyMatch(type -> type.typeUrl().equals(response.getTypeUrl()))) {
      answer.setErrorDetail(Status.newBuilder().setMessage("I do not like it"));
    }
    send(answer);
    List<String> names = response.getResourcesList().stream().map(Resource::getName).toList();
    if (response.getTypeUrl().equals(ResourceType.CLUSTER.typeUrl())) {
      subscribe(ResourceType.ENDPOINT, names);
    } else if (response.getTypeUrl().equals(ResourceType.SCOPE.typeUrl())) {
      // A scope and its routes have the same name.
      subscribe(ResourceType.ROUTE, names);
    }
  }

  private synchronized void send(DeltaDiscoveryRequest.Builder request) {
    requests.onNext(request.build());
  }

  @Override
  public void onError(Throwable failure) {}

  @Override
  public void onCompleted() {}

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
