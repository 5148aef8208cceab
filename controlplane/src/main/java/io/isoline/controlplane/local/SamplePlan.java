package io.isoline.controlplane.local;

import io.fabric8.kubernetes.api.model.Service;
import io.isoline.controlplane.manifest.ManifestObject;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.manifest.Workload;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which Services of manifests get sample backends, and how many. Those that have an EndpointSlice
 * or are of type ExternalName get none. A Service has as many pods as the workloads that it
 * selects have replicas, or two when it selects none.
 *
 * @param services in the order of the files
 * @param notes ports without a sample backend, in words for the user
 */
public record SamplePlan(List<SampleService> services, List<String> notes) {

  private static final int PODS_WITHOUT_WORKLOAD = 2;

  /** What Envoy speaks to a backend as plain HTTP/1.1, as the sample backends do. */
  private static final Set<String> PLAIN_HTTP =
      Set.of("", "http", "kubernetes.io/ws", "ws");

  public SamplePlan {
    services = List.copyOf(services);
    notes = List.copyOf(notes);
  }

  /** The plan for these manifests. */
  public static SamplePlan of(Manifests manifests) {
    Set<ObjectRef> withSlices = new HashSet<>();
    for (ManifestObject object : manifests.objects()) {
      if (object.projection() instanceof EndpointSliceRecord slice && slice.service() != null) {
        withSlices.add(ObjectRef.service(slice.ref().namespace(), slice.service()));
      }
    }
    List<SampleService> services = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (ManifestObject object : manifests.objects()) {
      if (object.projection() instanceof ServiceRecord service
          && service.externalName() == null
          && !withSlices.contains(service.ref())) {
        List<ServiceRecord.Port> ports = ports(service, notes);
        if (!ports.isEmpty()) {
          services.add(new SampleService(service.ref(), ports, pods(object, manifests)));
        }
      }
    }
    return new SamplePlan(services, notes);
  }

  private static List<ServiceRecord.Port> ports(ServiceRecord service, List<String> notes) {
    List<ServiceRecord.Port> ports = new ArrayList<>();
    for (ServiceRecord.Port port : service.ports()) {
      String protocol = port.appProtocol() == null ? "" : port.appProtocol();
      if (!port.protocol().equals("TCP")) {
        continue;
      }
      if (PLAIN_HTTP.contains(protocol)) {
        ports.add(port);
      } else {
        notes.add(
            "%s: port %d speaks %s, which sample backends do not: no backend"
                .formatted(service.ref(), port.number(), protocol));
      }
    }
    return ports;
  }

  private static List<String> pods(ManifestObject object, Manifests manifests) {
    ObjectRef service = object.ref();
    Map<String, String> selector = selector(object);
    List<String> pods = new ArrayList<>();
    boolean selected = false;
    for (Workload workload : manifests.workloads()) {
      if (workload.ref().namespace().equals(service.namespace())
          && workload.selectedBy(selector)) {
        selected = true;
        addPods(pods, workload.ref().name(), workload.replicas());
      }
    }
    if (!selected) {
      addPods(pods, service.name(), PODS_WITHOUT_WORKLOAD);
    }
    return pods.stream().distinct().toList();
  }

  private static void addPods(List<String> pods, String owner, int count) {
    for (int i = 1; i <= count; i++) {
      pods.add(owner + "-" + i);
    }
  }

  private static Map<String, String> selector(ManifestObject object) {
    if (object.model() instanceof Service service
        && service.getSpec() != null
        && service.getSpec().getSelector() != null) {
      return service.getSpec().getSelector();
    }
    return Map.of();
  }
}
