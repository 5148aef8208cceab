package io.isoline.controlplane.options;

import io.isoline.controlplane.terminal.Failure;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;

/** Where the Ingresses of ingress-nginx come from: files, or else an API server. */
public final class IngressSourceOptions {

  @Mixin private final ManifestOptions files = new ManifestOptions();

  @ArgGroup(validate = false, heading = "%nThe cluster, where no PATH is given:%n")
  private final KubernetesOptions kubernetes = new KubernetesOptions();

  @ArgGroup(validate = false, heading = "%nWhich Ingresses ingress-nginx serves:%n")
  private final NginxOptions nginx = new NginxOptions();

  /** Whether they come from files. */
  public boolean areFiles() throws Failure {
    if (files.areGiven() && kubernetes.isGiven()) {
      throw new Failure(
          "the Ingresses come from files or from a cluster: leave out the paths, or --kubeconfig,"
              + " --context and --server");
    }
    return files.areGiven();
  }

  /** The files and directories. */
  public ManifestOptions files() {
    return files;
  }

  /** The cluster, and what of it is read. */
  public KubernetesOptions kubernetes() {
    return kubernetes;
  }

  /** The settings under which they are ours. */
  public SettingsOptions.Chosen settings() throws Failure {
    return nginx.read();
  }
}
