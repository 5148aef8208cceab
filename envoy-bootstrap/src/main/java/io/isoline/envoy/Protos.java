package io.isoline.envoy;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;

/** Isoline's small types as Envoy's messages. */
final class Protos {
  private Protos() {}

  static Duration duration(java.time.Duration duration) {
    return Durations.fromNanos(duration.toNanos());
  }

  static io.envoyproxy.envoy.config.core.v3.Address address(Address address) {
    var result = io.envoyproxy.envoy.config.core.v3.Address.newBuilder();
    switch (address) {
      case Address.Socket(String host, int port) ->
          result.setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port));
      case Address.Pipe(var path) -> result.setPipe(Pipe.newBuilder().setPath(path.toString()));
    }
    return result.build();
  }

  static ClusterLoadAssignment oneEndpoint(String cluster, Address address) {
    var assignment = ClusterLoadAssignment.newBuilder().setClusterName(cluster);
    assignment
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .setAddress(address(address));
    return assignment.build();
  }
}
