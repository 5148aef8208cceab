package io.isoline.controlplane.options;

import io.isoline.controlplane.kubernetes.Scope;
import io.isoline.controlplane.terminal.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which cluster is read, and what of it. */
public final class KubernetesOptions extends ConnectionOptions {

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

  /** What is read of the cluster. */
  public Scope scope() throws Failure {
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
