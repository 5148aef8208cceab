package io.isoline.controlplane.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;

/** One API server and how to talk to it. For any thread. */
public final class ApiServer implements AutoCloseable {

  private final Vertx vertx;
  private final KubernetesClient client;
  private final String origin;
  private final String ownNamespace;

  private ApiServer(Vertx vertx, KubernetesClient client, String origin, String ownNamespace) {
    this.vertx = vertx;
    this.client = client;
    this.origin = origin;
    this.ownNamespace = ownNamespace;
  }

  /**
   * Finds out which API server is meant. Sends nothing yet.
   *
   * @param environment {@code System.getenv()}
   * @throws ApiServerException when nothing names a server, or what names it cannot be used
   */
  public static ApiServer of(ApiServerOptions options, Map<String, String> environment)
      throws ApiServerException {
    return of(options, environment, ServerConfig.SERVICE_ACCOUNT);
  }

  static ApiServer of(
      ApiServerOptions options, Map<String, String> environment, Path serviceAccount)
      throws ApiServerException {
    ServerConfig.Found found = new ServerConfig(options, environment, serviceAccount).find();
    Config config = found.config();
    Vertx vertx = SharedConnections.vertx();
    try {
      KubernetesClient client =
          new KubernetesClientBuilder()
              .withConfig(config)
              .withHttpClientFactory(SharedConnections.of(vertx, config))
              .build();
      return new ApiServer(vertx, client, found.origin(), namespace(environment, config));
    } catch (KubernetesClientException | IllegalStateException e) {
      vertx.close();
      throw new ApiServerException(
          "the credentials for %s (%s) cannot be used: %s"
              .formatted(config.getMasterUrl(), found.origin(), ServerConfig.rootMessage(e)),
          e);
    }
  }

  private static String namespace(Map<String, String> environment, Config config) {
    String own = environment.get("POD_NAMESPACE");
    if (own == null || own.isEmpty()) {
      own = config.getNamespace();
    }
    return own == null || own.isEmpty() ? "default" : own;
  }

  /** The client, which is closed with this object. */
  public KubernetesClient client() {
    return client;
  }

  /** Its URL. */
  public String address() {
    String url = client.getConfiguration().getMasterUrl();
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** Where it was found, for people: {@code context lab of ~/.kube/config}. */
  String origin() {
    return origin;
  }

  /** The URL and where it was found, for people. */
  @Override
  public String toString() {
    return address() + " (" + origin + ")";
  }

  /**
   * The namespace that this process runs in: {@code POD_NAMESPACE}, else that of the service
   * account or of the context, else {@code default}.
   */
  public String ownNamespace() {
    return ownNamespace;
  }

  @Override
  public void close() {
    client.close();
    vertx.close();
  }
}
