package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An EndpointSlice of {@code discovery.k8s.io/v1}.
 *
 * @param service the label {@code kubernetes.io/service-name}, null when it is missing: the slice
 *     belongs to no Service then
 * @param addressType IPv4, IPv6 or FQDN
 */
public record EndpointSliceRecord(
    ObjectRef ref,
    @Nullable String service,
    String addressType,
    List<Port> ports,
    List<Endpoint> endpoints)
    implements ClusterObject {

  public EndpointSliceRecord {
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  /**
   * {@code ports[]}.
   *
   * @param name the name of the Service's port that it belongs to, empty for the nameless one
   * @param number the port that the pods listen on, null for "any", which cannot be used
   */
  public record Port(String name, @Nullable Integer number, String protocol) {}

  /**
   * {@code endpoints[]}.
   *
   * @param addresses all name the same endpoint; the first is used, as the API says
   * @param ready a condition that is missing counts as true
   * @param serving a condition that is missing counts as {@code ready}
   */
  public record Endpoint(
      List<String> addresses, boolean ready, boolean serving, boolean terminating) {
    public Endpoint {
      addresses = List.copyOf(addresses);
    }
  }
}
