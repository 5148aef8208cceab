package io.isoline.controlplane.kubernetes;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is read of the cluster.
 *
 * @param namespaces the namespaces to watch
 * @param namespaceSelector a label selector for more namespaces to watch, as kubectl takes it. Null
 *     for none; all namespaces are watched when there is neither this nor a name
 * @param secrets which Secrets are read
 */
public record Scope(Set<String> namespaces, @Nullable String namespaceSelector, Secrets secrets) {

  /** Everything, and Secrets by name. */
  public static final Scope CLUSTER = new Scope(Set.of(), null, Secrets.NAMED);

  public Scope {
    namespaces = Set.copyOf(namespaces);
    if (secrets == Secrets.NAMESPACE && namespaces.isEmpty() && namespaceSelector == null) {
      throw new IllegalArgumentException("Secrets by namespace need namespaces");
    }
  }

  /** Which Secrets are read. */
  public enum Secrets {
    /** Those that Ingresses of ours name, each by a watch of its own. */
    NAMED,
    /** All of the watched namespaces. */
    NAMESPACE,
    /** All of the cluster. */
    CLUSTER
  }

  /** Whether all namespaces are watched. */
  public boolean isClusterWide() {
    return namespaces.isEmpty() && namespaceSelector == null;
  }
}
