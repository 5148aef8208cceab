package io.isoline.controlplane.lab;

import java.nio.file.Path;
import java.util.List;

/** A cluster that somebody else runs; {@code kubectl} is that of the {@code PATH}. */
final class ExistingCluster extends Cluster {

  ExistingCluster(Path kubeconfig) {
    super(kubeconfig);
  }

  @Override
  List<String> kubectlCommand() {
    return List.of("kubectl", "--kubeconfig", kubeconfig().toString());
  }

  @Override
  public String toString() {
    return "the cluster of " + kubeconfig();
  }
}
