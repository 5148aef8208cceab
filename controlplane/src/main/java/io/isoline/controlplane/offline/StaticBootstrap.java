package io.isoline.controlplane.offline;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRouteConfigurationsList;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.isoline.envoy.Address;
import io.isoline.envoy.BootstrapOptions;
import io.isoline.translator.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes all resources into one bootstrap configuration without a control plane, so that
 * {@code envoy --mode validate} looks at each of them. What a resource would fetch by name is put
 * in its place.
 */
public final class StaticBootstrap {

  private final EnvoyText text = new EnvoyText();
  private final Map<String, RouteConfiguration> routes = new HashMap<>();
  private final Map<String, TypedExtensionConfig> extensions = new HashMap<>();
  private final List<ScopedRouteConfiguration> scopes = new ArrayList<>();
  private final Map<String, ClusterLoadAssignment> endpoints = new HashMap<>();

  private boolean scopesWritten;

  private StaticBootstrap() {}

  public static Bootstrap of(Collection<Resource> resources) throws InvalidProtocolBufferException {
    return new StaticBootstrap().build(resources);
  }

  private Bootstrap build(Collection<Resource> resources) throws InvalidProtocolBufferException {
    Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("validate").setCluster("validate");
    bootstrap.setLayeredRuntime(runtime());
    for (Resource resource : resources) {
      switch (resource.type()) {
        case ROUTE -> routes.put(resource.name(), resource.body().unpack(RouteConfiguration.class));
        case ENDPOINT ->
            endpoints.put(resource.name(), resource.body().unpack(ClusterLoadAssignment.class));
        case SECRET ->
            bootstrap
                .getStaticResourcesBuilder()
                .addSecrets(resource.body().unpack(Secret.class));
        case EXTENSION ->
            extensions.put(
                resource.name(), resource.body().unpack(TypedExtensionConfig.class));
        case SCOPE -> scopes.add(resource.body().unpack(ScopedRouteConfiguration.class));
        case CLUSTER, LISTENER -> {}
      }
    }
    for (Resource resource : resources) {
      switch (resource.type()) {
        case CLUSTER ->
            bootstrap
                .getStaticResourcesBuilder()
                .addClusters((Cluster) inPlace(resource.body().unpack(Cluster.class)));
        case LISTENER ->
            bootstrap
                .getStaticResourcesBuilder()
                .addListeners((Listener) inPlace(resource.body().unpack(Listener.class)));
        case EXTENSION, SCOPE, ROUTE, ENDPOINT, SECRET -> {}
      }
    }
    return bootstrap.build();
  }

  /** The runtime of the Envoys that get the resources, as it says what they refuse. */
  private static LayeredRuntime runtime() {
    Address anywhere = new Address.Socket("127.0.0.1", 1);
    return io.isoline.envoy.Bootstrap.of(BootstrapOptions.builder(anywhere, anywhere).build())
        .proto()
        .getLayeredRuntime();
  }

  private ScopedRouteConfiguration inPlace(ScopedRouteConfiguration scope) {
    String name = scope.getRouteConfigurationName();
    return scope.toBuilder()
        .clearRouteConfigurationName()
        .setRouteConfiguration(
            routes.getOrDefault(name, RouteConfiguration.newBuilder().setName(name).build()))
        .build();
  }

  /** The same message, with everything that it would fetch in place. */
  private Message inPlace(Message message) throws InvalidProtocolBufferException {
    if (message instanceof Any any) {
      return Any.pack(inPlace(text.unpack(any)));
    }
    Message.Builder builder = message.toBuilder();
    if (builder instanceof Filter.Builder filter && filter.hasConfigDiscovery()) {
      TypedExtensionConfig extension = extensions.get(filter.getName());
      if (extension != null) {
        message = filter.setTypedConfig(extension.getTypedConfig()).build();
      }
    }
    for (var field : message.getAllFields().entrySet()) {
      if (field.getKey().isMapField()) {
        // The maps of these messages hold options by extension, none of which fetches anything.
        continue;
      }
      if (field.getValue() instanceof Message inner) {
        builder.setField(field.getKey(), inPlace(inner));
      } else if (field.getKey().isRepeated()
          && field.getValue() instanceof java.util.List<?> list) {
        for (int i = 0; i < list.size(); i++) {
          if (list.get(i) instanceof Message inner) {
            builder.setRepeatedField(field.getKey(), i, inPlace(inner));
          }
        }
      }
    }
    switch (builder) {
      case ScopedRoutes.Builder scoped -> {
        scoped.clearRdsConfigSource();
        ScopedRouteConfigurationsList.Builder list =
            scoped.getScopedRouteConfigurationsListBuilder();
        if (scopesWritten) {
          // All listeners have the same scopes; written for each of thousands of certificates they
          // would be huge.
          list.addScopedRouteConfigurations(inPlace(scopes.getFirst()));
        } else {
          scopes.forEach(scope -> list.addScopedRouteConfigurations(inPlace(scope)));
          scopesWritten = true;
        }
      }
      case Cluster.Builder cluster when cluster.hasEdsClusterConfig() -> {
        String service = cluster.getEdsClusterConfig().getServiceName();
        String name = service.isEmpty() ? cluster.getName() : service;
        cluster
            .clearEdsClusterConfig()
            .setType(Cluster.DiscoveryType.STATIC)
            .setLoadAssignment(
                endpoints
                    .getOrDefault(name, ClusterLoadAssignment.getDefaultInstance())
                    .toBuilder()
                    .setClusterName(name));
      }
      case SdsSecretConfig.Builder secret -> secret.clearSdsConfig();
      default -> {}
    }
    return builder.build();
  }
}
