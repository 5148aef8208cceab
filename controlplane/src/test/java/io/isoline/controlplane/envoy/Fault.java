package io.isoline.controlplane.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.isoline.translator.Resource;

/** What is wrong with a resource, so that a real Envoy refuses it. */
enum Fault {

  /** It breaks a rule of its proto: Envoy refuses the response as a whole. */
  RULE {
    @Override
    Message spoil(Resource resource) throws InvalidProtocolBufferException {
      return switch (resource.type()) {
        case CLUSTER ->
            resource.body().unpack(Cluster.class).toBuilder()
                .setConnectTimeout(Duration.getDefaultInstance())
                .build();
        case ENDPOINT -> assignment(resource.name(), "127.0.0.1", 70_000);
        case SECRET -> {
          Secret.Builder secret = resource.body().unpack(Secret.class).toBuilder();
          secret.getTlsCertificateBuilder().setPrivateKey(DataSource.getDefaultInstance());
          yield secret.build();
        }
        case SCOPE -> {
          ScopedRouteConfiguration.Builder scope =
              resource.body().unpack(ScopedRouteConfiguration.class).toBuilder();
          scope.getKeyBuilder().clearFragments();
          yield scope.build();
        }
        case ROUTE -> {
          RouteConfiguration.Builder routes =
              resource.body().unpack(RouteConfiguration.class).toBuilder();
          routes.getVirtualHostsBuilder(0).clearDomains();
          yield routes.build();
        }
        case LISTENER -> withFilter(resource, "");
        case EXTENSION -> throw new IllegalArgumentException("made of the settings alone");
      };
    }
  },

  /** It keeps the rules, and what it describes cannot be built. */
  BUILD {
    @Override
    Message spoil(Resource resource) throws InvalidProtocolBufferException {
      return switch (resource.type()) {
        case CLUSTER ->
            resource.body().unpack(Cluster.class).toBuilder()
                .setType(Cluster.DiscoveryType.STATIC)
                .clearEdsClusterConfig()
                .setLoadAssignment(assignment(resource.name(), "not-an-address", 80))
                .build();
        case ENDPOINT -> assignment(resource.name(), "not-an-address", 80);
        case SECRET -> {
          Secret.Builder secret = resource.body().unpack(Secret.class).toBuilder();
          secret
              .getTlsCertificateBuilder()
              .getCertificateChainBuilder()
              .setInlineBytes(ByteString.copyFromUtf8("not a certificate"));
          yield secret.build();
        }
        case SCOPE -> {
          // A key that another scope has already.
          ScopedRouteConfiguration.Builder scope =
              resource.body().unpack(ScopedRouteConfiguration.class).toBuilder();
          scope.getKeyBuilder().getFragmentsBuilder(0).setStringKey("*");
          yield scope.build();
        }
        case ROUTE -> {
          RouteConfiguration.Builder routes =
              resource.body().unpack(RouteConfiguration.class).toBuilder();
          routes
              .getVirtualHostsBuilder(0)
              .getRoutesBuilder(0)
              .getMatchBuilder()
              .setSafeRegex(RegexMatcher.newBuilder().setRegex("("));
          yield routes.build();
        }
        case LISTENER -> withFilter(resource, "no.such.filter");
        case EXTENSION -> throw new IllegalArgumentException("made of the settings alone");
      };
    }
  };

  abstract Message spoil(Resource resource) throws InvalidProtocolBufferException;

  /** The same resource with this fault. */
  Resource in(Resource resource) {
    try {
      return new Resource(
          resource.type(),
          resource.name(),
          "spoiled-" + name() + "-" + resource.version(),
          Any.pack(spoil(resource)),
          resource.endpoints());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(resource + " is not of its type", e);
    }
  }

  private static ClusterLoadAssignment assignment(String name, String address, int port) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    assignment
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .getAddressBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port));
    return assignment.build();
  }

  private static Listener withFilter(Resource resource, String name)
      throws InvalidProtocolBufferException {
    Listener.Builder listener = resource.body().unpack(Listener.class).toBuilder();
    FilterChain.Builder chain =
        listener.getFilterChainsCount() > 0
            ? listener.getFilterChainsBuilder(0)
            : listener.getDefaultFilterChainBuilder();
    chain.addFilters(0, Filter.newBuilder().setName(name));
    return listener.build();
  }
}
