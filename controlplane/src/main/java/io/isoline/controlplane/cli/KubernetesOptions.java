package io.isoline.controlplane.cli;

import io.isoline.controlplane.kubernetes.ApiServer;
import io.isoline.controlplane.kubernetes.ApiServerException;
import io.isoline.controlplane.kubernetes.ApiServerOptions;
import io.isoline.controlplane.kubernetes.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which cluster is read, and what of it. */
final class KubernetesOptions {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = {
        "Finds the API server. Default: the variable KUBECONFIG, else the cluster that this runs in,"
            + " else ~/.kube/config."
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
        "The API server, over what a kubeconfig says. Default: the variable KUBERNETES_MASTER."
      })
  private @Nullable String server;

  @Option(
      names = "--watch-namespace",
      paramLabel = "NAMESPACE",
      description = {
        "Read Ingresses, and what they refer to, of this namespace; may be given several times."
            + " Default: of all namespaces."
      })
  private @Nullable List<String> namespaces;

  @Option(
      names = "--watch-namespace-selector",
      paramLabel = "SELECTOR",
      description = "Read the namespaces with these labels, as kubectl takes them: team=web.")
  private @Nullable String namespaceSelector;

  @Option(
      names = "--secrets",
      paramLabel = "named|namespace|cluster",
      description = {
        "Which Secrets are read: those that Ingresses name, one by one; all of the namespaces that"
            + " are watched; or all of the cluster. Default: named."
      })
  private String secrets = "named";

  /** The API server that is meant; nothing is sent to it yet. */
  ApiServer apiServer(Map<String, String> environment) throws Failure {
    try {
      return ApiServer.of(new ApiServerOptions(kubeconfig, context, server), environment);
    } catch (ApiServerException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  /** What is read of the cluster. */
  Scope scope() throws Failure {
    Scope.Secrets mode =
        switch (secrets.toLowerCase(Locale.ROOT)) {
          case "named" -> Scope.Secrets.NAMED;
          case "namespace" -> Scope.Secrets.NAMESPACE;
          case "cluster" -> Scope.Secrets.CLUSTER;
          default ->
              throw new Failure(
                  "--secrets: expected named, namespace or cluster, not " + secrets);
        };
    Set<String> names = namespaces == null ? Set.of() : Set.copyOf(namespaces);
    if (mode == Scope.Secrets.NAMESPACE && names.isEmpty() && namespaceSelector == null) {
      throw new Failure(
          "--secrets namespace needs --watch-namespace or --watch-namespace-selector; for all"
              + " namespaces it is --secrets cluster");
    }
    return new Scope(names, namespaceSelector, mode);
  }
}
