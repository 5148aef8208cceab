package io.isoline.controlplane.options;

import io.isoline.controlplane.kubernetes.ApiServer;
import io.isoline.controlplane.kubernetes.ApiServerException;
import io.isoline.controlplane.kubernetes.ApiServerOptions;
import io.isoline.controlplane.terminal.Failure;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which API server is meant. */
public class ConnectionOptions {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = {
        "Finds the API server. Default: the variable KUBECONFIG, else the cluster that this runs"
            + " in, else ~/.kube/config."
      })
  private @Nullable Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The context of the kubeconfig. Default: its current context.")
  private @Nullable String context;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = {
        "The API server, instead of the one in a kubeconfig. Default: the variable"
            + " KUBERNETES_MASTER."
      })
  private @Nullable String server;

  /** Whether an option names an API server. */
  public boolean isGiven() {
    return kubeconfig != null || context != null || server != null;
  }

  /** The API server that is meant; nothing is sent to it yet. */
  public ApiServer apiServer(Map<String, String> environment) throws Failure {
    try {
      return ApiServer.of(new ApiServerOptions(kubeconfig, context, server), environment);
    } catch (ApiServerException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }
}
