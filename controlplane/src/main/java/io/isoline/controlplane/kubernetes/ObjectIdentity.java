package io.isoline.controlplane.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an object of the API server besides what is translated: enough to write about it.
 *
 * @param apiVersion {@code networking.k8s.io/v1} for example
 * @param uid tells it from an earlier object of the same name
 * @param resourceVersion its last known version
 * @param terminating whether it is being deleted
 * @param addresses {@code status.loadBalancer.ingress} of an Ingress, or of a Service; empty for
 *     other kinds
 */
public record ObjectIdentity(
    String apiVersion,
    String uid,
    String resourceVersion,
    boolean terminating,
    List<PublishedAddress> addresses) {

  public ObjectIdentity {
    addresses = List.copyOf(addresses);
  }

  /** One entry of {@code status.loadBalancer.ingress}: an IP address, a host name, or both. */
  public record PublishedAddress(@Nullable String ip, @Nullable String hostname) {}
}
