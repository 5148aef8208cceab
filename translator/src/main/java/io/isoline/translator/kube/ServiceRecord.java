package io.isoline.translator.kube;

import io.isoline.translator.ObjectRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Service.
 *
 * @param externalName {@code spec.externalName} when the type is ExternalName, else null
 * @param clusterIp {@code spec.clusterIP}; null where it has none, as one that is headless
 * @param ipFamilies {@code spec.ipFamilies}, the preferred one first; often empty in files
 */
public record ServiceRecord(
    ObjectRef ref,
    @Nullable String externalName,
    @Nullable String clusterIp,
    List<String> ipFamilies,
    List<Port> ports)
    implements ClusterObject {

  public ServiceRecord {
    ipFamilies = List.copyOf(ipFamilies);
    ports = List.copyOf(ports);
  }

  /** One without a cluster IP. */
  public ServiceRecord(
      ObjectRef ref, @Nullable String externalName, List<String> ipFamilies, List<Port> ports) {
    this(ref, externalName, null, ipFamilies, ports);
  }

  /**
   * {@code spec.ports[]}.
   *
   * @param name empty when there is just one port and it has no name
   * @param number {@code port}, what an Ingress refers to; not what the pods listen on
   * @param protocol TCP where the object says nothing
   */
  public record Port(String name, int number, String protocol, @Nullable String appProtocol) {}
}
