package io.isoline.controlplane.manifest;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The EndpointSlices that a cluster makes of Endpoints which somebody wrote by hand: one for each
 * subset and family of addresses.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/">EndpointSlice
 *     mirroring</a>
 */
final class EndpointsMirror {

  private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
  private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

  private EndpointsMirror() {}

  /** The slices; their names are ones that no object of a file can have. */
  static List<EndpointSlice> slices(Endpoints endpoints) {
    List<EndpointSlice> slices = new ArrayList<>();
    for (EndpointSubset subset : endpoints.getSubsets()) {
      for (String type : List.of("IPv4", "IPv6")) {
        List<Endpoint> ofType = new ArrayList<>();
        add(ofType, subset.getAddresses(), type, true);
        add(ofType, subset.getNotReadyAddresses(), type, false);
        if (!ofType.isEmpty()) {
          slices.add(slice(endpoints, slices.size(), type, subset, ofType));
        }
      }
    }
    return slices;
  }

  private static void add(
      List<Endpoint> endpoints, List<EndpointAddress> addresses, String type, boolean ready) {
    for (EndpointAddress address : addresses) {
      String ip = address.getIp();
      if (ip != null && type.equals(ip.indexOf(':') >= 0 ? "IPv6" : "IPv4")) {
        endpoints.add(
            new EndpointBuilder()
                .withAddresses(ip)
                .withNewConditions()
                .withReady(ready)
                .endConditions()
                .build());
      }
    }
  }

  private static EndpointSlice slice(
      Endpoints endpoints, int number, String type, EndpointSubset subset, List<Endpoint> ofType) {
    String name = endpoints.getMetadata().getName();
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(endpoints.getMetadata().getNamespace())
        .withName(name + ":" + number)
        .withLabels(Map.of("kubernetes.io/service-name", name))
        .endMetadata()
        .withAddressType(type)
        .withPorts(subset.getPorts().stream().map(EndpointsMirror::port).toList())
        .withEndpoints(ofType)
        .build();
  }

  private static io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort port(EndpointPort port) {
    return new EndpointPortBuilder()
        .withName(port.getName() == null ? "" : port.getName())
        .withPort(port.getPort())
        .withProtocol(port.getProtocol() == null ? "TCP" : port.getProtocol())
        .withAppProtocol(port.getAppProtocol())
        .build();
  }

  /** Why a cluster mirrors none of it, by what stands in the Endpoints; null when it does. */
  static @Nullable String excluded(Endpoints endpoints) {
    Map<String, String> labels = endpoints.getMetadata().getLabels();
    Map<String, String> annotations = endpoints.getMetadata().getAnnotations();
    if (labels != null && "true".equals(labels.get(SKIP))) {
      return "its label " + SKIP + " says so";
    }
    return annotations != null && annotations.containsKey(LEADER)
        ? "it has the annotation " + LEADER
        : null;
  }

  /** The verdict on Endpoints that are not mirrored. */
  static Verdict ignored(ObjectRef endpoints, String why) {
    return new Verdict(
        endpoints,
        "",
        Outcome.NO_EFFECT,
        Reason.IgnoredKind,
        "a cluster makes no EndpointSlices of it: " + why,
        "");
  }

  /**
   * Why a cluster mirrors none of it, by its Service; null when it does.
   *
   * @param service null when there is none
   */
  static @Nullable String excluded(@Nullable Service service) {
    if (service == null) {
      return "there is no Service of its name in the files";
    }
    Map<String, String> selector =
        service.getSpec() == null ? null : service.getSpec().getSelector();
    return selector == null || selector.isEmpty()
        ? null
        : "its Service has a selector, so that the cluster makes the endpoints";
  }
}
