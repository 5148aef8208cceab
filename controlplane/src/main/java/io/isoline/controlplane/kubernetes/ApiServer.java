package io.isoline.controlplane.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** One API server and how to talk to it. For any thread. */
public final class ApiServer implements AutoCloseable {

  private final KubernetesClient client;
  private final String origin;

  private ApiServer(KubernetesClient client, String origin) {
    this.client = client;
    this.origin = origin;
  }

  /**
   * Finds out which API server is meant. Sends nothing yet.
   *
   * @param environment {@code System.getenv()}
   * @throws ApiServerException when nothing names a server, or what names it cannot be used
   */
  public static ApiServer of(ApiServerOptions options, Map<String, String> environment)
      throws ApiServerException {
    throw new ApiServerException("no API server for " + options + environment.keySet());
  }

  /** The client, which is closed with this object. */
  public KubernetesClient client() {
    return client;
  }

  /** Its URL. */
  public String address() {
    return client.getMasterUrl().toString();
  }

  /** The URL and where it was found, for people. */
  @Override
  public String toString() {
    return address() + " (" + origin + ")";
  }

  /** The namespace that this process runs in; outside of a cluster, that of the context. */
  public String ownNamespace() {
    String namespace = client.getNamespace();
    return namespace == null || namespace.isEmpty() ? "default" : namespace;
  }

  @Override
  public void close() {
    client.close();
  }
}
