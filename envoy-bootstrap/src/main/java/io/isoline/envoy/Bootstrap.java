package io.isoline.envoy;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.DeferredStatOptions;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An Envoy's bootstrap configuration: who it is, where its control plane is, how it protects
 * itself. Routes, clusters and certificates come over xDS and are never in here.
 *
 * <p>The limits follow "Configuring Envoy as an edge proxy" of Envoy's documentation, as far as
 * they belong to the bootstrap; those of listeners and clusters are the translator's part.
 *
 * @param proto the configuration; it uses nothing that Envoy 1.37 to 1.40 calls deprecated
 */
public record Bootstrap(io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap proto) {

  /** The name of the static cluster that is the control plane. */
  public static final String XDS_CLUSTER = "xds";

  /**
   * How often Envoy sends an HTTP/2 PING to the control plane. A gRPC server has to permit this
   * rate (grpc-java: {@code permitKeepAliveTime}, 5 minutes unless set), else it closes the
   * connection as abusive.
   */
  public static final Duration KEEPALIVE_INTERVAL = Duration.ofSeconds(10);

  /** Writes the configuration for these options; equal options give equal bytes. */
  public static Bootstrap of(BootstrapOptions options) {
    var bootstrap = io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.newBuilder();
    bootstrap
        .setNode(node(options))
        .setDynamicResources(XdsConnection.dynamicResources(options))
        .setAdmin(AdminAccess.admin(options.admin()))
        .setOverloadManager(EdgeProtection.overloadManager(options))
        .setLayeredRuntime(EdgeProtection.runtime(options))
        // Statistics of a cluster cost memory from its first request on, not from its first day.
        .setDeferredStatOptions(
            DeferredStatOptions.newBuilder().setEnableDeferredCreationStats(true))
        .setStatsConfig(statistics());
    bootstrap.getStaticResourcesBuilder().addClusters(XdsConnection.cluster(options));
    Path credentials = CredentialsSocket.beside(options.admin());
    if (credentials != null) {
      bootstrap
          .getStaticResourcesBuilder()
          .addAllClusters(CredentialsSocket.clusters(credentials));
    }
    Address.Socket stats = options.stats();
    if (stats != null) {
      bootstrap
          .getStaticResourcesBuilder()
          .addClusters(AdminAccess.cluster(options.admin()))
          .addListeners(AdminAccess.statsListener(stats));
    }
    return new Bootstrap(bootstrap.build());
  }

  /**
   * Each host has a RouteConfiguration of its own, for which Envoy would count ten things: pages and
   * memory that say nothing which Isoline's own metrics do not say.
   */
  private static StatsConfig.Builder statistics() {
    return StatsConfig.newBuilder()
        .setStatsMatcher(
            StatsMatcher.newBuilder()
                .setExclusionList(
                    ListStringMatcher.newBuilder()
                        .addPatterns(StringMatcher.newBuilder().setContains(".rds.ingress/"))));
  }

  private static Node node(BootstrapOptions options) {
    Node.Builder node = Node.newBuilder().setId(options.nodeId()).setCluster(options.nodeCluster());
    Locality locality = options.locality();
    if (locality != null) {
      node.getLocalityBuilder()
          .setRegion(locality.region())
          .setZone(locality.zone())
          .setSubZone(locality.subZone());
    }
    return node.build();
  }

  /** Where the administration interface is to listen; port 0 stands for any free one. */
  public Address admin() {
    var address = proto.getAdmin().getAddress();
    return address.hasPipe()
        ? new Address.Pipe(Path.of(address.getPipe().getPath()))
        : new Address.Socket(
            address.getSocketAddress().getAddress(), address.getSocketAddress().getPortValue());
  }

  /** The configuration as YAML, with the field names of Envoy's documentation. */
  public String toYaml() {
    return BootstrapText.yaml(proto);
  }

  /** The configuration as JSON, with the field names of Envoy's documentation. */
  public String toJson() {
    return BootstrapText.json(proto);
  }

  @Override
  public String toString() {
    return toYaml();
  }
}
