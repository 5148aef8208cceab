package io.isoline.controlplane.manifest;

import io.isoline.translator.ObjectRef;
import java.util.List;
import java.util.Map;

/**
 * What is kept of a Deployment, StatefulSet, ReplicaSet, DaemonSet or Pod: enough to know how many
 * pods a Service selects and how their ports are named. Values that cannot be read are left out.
 *
 * @param ref kind, namespace and name
 * @param replicas {@code spec.replicas}; 1 where it is missing and for Pods and DaemonSets
 * @param podLabels the labels of its pods
 * @param ports the ports of all containers of a pod
 */
public record Workload(
    ObjectRef ref, int replicas, Map<String, String> podLabels, List<ContainerPort> ports) {

  public Workload {
    podLabels = Map.copyOf(podLabels);
    ports = List.copyOf(ports);
  }

  /**
   * {@code containers[].ports[]}.
   *
   * @param name empty when it has none
   * @param number 1 to 65535
   */
  public record ContainerPort(String name, int number, String protocol) {}

  /**
   * Whether a Service with this selector, in the workload's namespace, sends to its pods. An empty
   * selector selects nothing, as the API says.
   */
  public boolean selectedBy(Map<String, String> selector) {
    return !selector.isEmpty() && podLabels.entrySet().containsAll(selector.entrySet());
  }
}
