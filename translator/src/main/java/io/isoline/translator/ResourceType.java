package io.isoline.translator;

/**
 * The xDS resource types that Isoline serves, in the order in which an Envoy must get them when
 * something is added: a cluster before its endpoints, both before the routes that use them; a
 * listener before its extensions and a scope before its routes, as Envoy asks for these by name
 * when it has the other. What is removed goes in the reverse order, but for listeners and scopes,
 * which go before what they name.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol">xDS protocol,
 *     "Eventual consistency considerations"</a>
 */
public enum ResourceType {
  CLUSTER("type.googleapis.com/envoy.config.cluster.v3.Cluster"),
  ENDPOINT("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment"),
  SECRET("type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"),
  LISTENER("type.googleapis.com/envoy.config.listener.v3.Listener"),
  EXTENSION("type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig"),
  SCOPE("type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration"),
  ROUTE("type.googleapis.com/envoy.config.route.v3.RouteConfiguration");

  private final String typeUrl;

  ResourceType(String typeUrl) {
    this.typeUrl = typeUrl;
  }

  /**
   * Whether Envoy asks for all there is of the type instead of for names. Of such a type only, a
   * state-of-the-world response says by what it lacks that a resource is gone.
   */
  public boolean isWholeSet() {
    return switch (this) {
      case CLUSTER, LISTENER, SCOPE -> true;
      case ENDPOINT, SECRET, EXTENSION, ROUTE -> false;
    };
  }

  /** The type URL of the protocol, {@code type.googleapis.com/…}. */
  public String typeUrl() {
    return typeUrl;
  }
}
