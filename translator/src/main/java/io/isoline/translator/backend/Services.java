package io.isoline.translator.backend;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.Verdict;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.kube.EndpointSliceRecord;
import io.isoline.translator.kube.ServiceRecord;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.EndpointSet.Endpoint;
import io.isoline.translator.model.EndpointSet;
import io.isoline.translator.model.Upstream.Protocol;
import io.isoline.translator.model.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Services and EndpointSlices that are known, and what follows from them. Owned by the thread
 * that owns the translator.
 */
public final class Services {

  /** How many endpoints of a slice that are not used are told one by one. */
  private static final int TOLD = 10;

  private static final String TCP = "TCP";

  private final Facts<ObjectRef, ServiceRecord> services;
  private final Facts<ObjectRef, EndpointSliceRecord> slices;
  private final Facts<ObjectRef, EndpointSliceRecord> slicesOf;

  /** Adds its stages, all of them facts. */
  public Services(Derivation derivation) {
    services = derivation.facts(Comparator.comparing(ServiceRecord::ref));
    slices = derivation.facts(Comparator.comparing(EndpointSliceRecord::ref));
    slicesOf = derivation.facts(Comparator.comparing(EndpointSliceRecord::ref));
  }

  public void put(ServiceRecord service) {
    services.put(service.ref(), service);
  }

  public void removeService(ObjectRef ref) {
    services.put(ref, null);
  }

  public void put(EndpointSliceRecord slice) {
    if (slice.equals(slices.first(slice.ref()))) {
      return;
    }
    removeSlice(slice.ref());
    slices.put(slice.ref(), slice);
    ObjectRef service = serviceOf(slice);
    if (service != null) {
      slicesOf.add(service, slice);
    }
  }

  public void removeSlice(ObjectRef ref) {
    EndpointSliceRecord old = slices.first(ref);
    ObjectRef service = old == null ? null : serviceOf(old);
    slices.put(ref, null);
    if (old != null && service != null) {
      slicesOf.remove(service, old);
    }
  }

  /** The Services that are known. */
  public Facts<ObjectRef, ServiceRecord> known() {
    return services;
  }

  /** The slices that are known. */
  public Facts<ObjectRef, EndpointSliceRecord> slices() {
    return slices;
  }

  /**
   * What a port of a Service leads to.
   *
   * @param portName the port's name, null when it is given by number
   * @param portNumber the port's number, where it has no name
   * @param options what a route asks otherwise than the Service says
   */
  public Resolution resolve(
      ObjectRef ref,
      @Nullable String portName,
      int portNumber,
      BackendOptions options,
      Settings settings) {
    ServiceRecord service = services.first(ref);
    if (service == null) {
      return new Resolution.Unresolved(
          Reason.BackendNotFound,
          ref + " does not exist",
          "create it in namespace " + ref.namespace() + ", or correct the name");
    }
    String transport = transport(options.protocol());
    ServiceRecord.Port port = port(service, portName, portNumber, transport);
    if (port != null && (port.number() < 1 || port.number() > 65_535)) {
      return new Resolution.Unresolved(
          Reason.BackendNotFound,
          ref + " has the port " + port.number() + ", which is not a port",
          "use a number from 1 to 65535");
    }
    if (service.externalName() != null) {
      int number = port == null ? portNumber : port.number();
      return external(ref, service.externalName(), number, port, options, settings);
    }
    if (port == null) {
      return new Resolution.Unresolved(
          Reason.BackendNotFound,
          ref
              + " has no port "
              + (portName == null ? portNumber : "\"" + portName + "\"")
              + "; it has "
              + list(service.ports()),
          "use one of the Service's own ports, not a targetPort");
    }
    if (!port.protocol().equals(transport)) {
      return new Resolution.Unresolved(
          Reason.Unsupported,
          "port " + port.number() + " of " + ref + " is " + port.protocol() + ", not " + transport,
          "use a " + transport + " port");
    }
    if (!port.equals(port(service, null, port.number(), transport))) {
      return new Resolution.Unresolved(
          Reason.InvalidValue,
          ref + " has port " + port.number() + " more than once, and this is not the first",
          "give each port of the Service a number of its own");
    }
    Spoken spoken = Spoken.of(port, options);
    Resolution.Difference unknown = spoken.isKnown() ? null : unknownProtocol(port, ref);
    if (!spoken.options().byClusterIp()) {
      return new Resolution.Found(endpoints(ref, port, spoken.protocol(), spoken.options()), unknown);
    }
    String address = service.clusterIp();
    String objection = objection(address, settings);
    return address != null && objection == null
        ? new Resolution.Found(
            new Upstream.ClusterIp(
                ref, address, port.number(), spoken.protocol(), spoken.options()),
            unknown)
        : new Resolution.Found(
            endpoints(ref, port, spoken.protocol(), spoken.options().withClusterIp(false)),
            new Resolution.Difference(
                ref + " has no cluster IP that can be used, " + objection + "; its endpoints get the"
                    + " requests",
                "remove service-upstream, or give the Service a cluster IP"));
  }

  private static Upstream endpoints(
      ObjectRef service, ServiceRecord.Port port, Protocol protocol, BackendOptions options) {
    return new Upstream.Endpoints(service, port.name(), port.number(), protocol, options);
  }

  /** Why an address cannot be used as cluster IP; null when it can. */
  private static @Nullable String objection(@Nullable String address, Settings settings) {
    if (address == null) {
      return "as it is headless";
    }
    if (!EndpointAddresses.isAddress(address)) {
      return "as \"" + address + "\" is not an IP address";
    }
    String objection =
        EndpointAddresses.objection(address, settings.services().allowLoopbackEndpoints());
    return objection == null ? null : "as of " + address + ": " + objection;
  }

  /** The number of the first port of a Service for TCP; 0 when it has none or does not exist. */
  public int firstPort(ObjectRef ref) {
    ServiceRecord service = services.first(ref);
    if (service != null) {
      for (ServiceRecord.Port port : service.ports()) {
        if (port.protocol().equals(TCP)) {
          return port.number();
        }
      }
    }
    return 0;
  }

  /** The endpoints of a port; empty too when the Service does not exist. */
  public EndpointSet endpoints(Upstream.Endpoints upstream, Settings settings) {
    boolean loopback = settings.services().allowLoopbackEndpoints();
    ServiceRecord service = services.first(upstream.service());
    List<EndpointSliceRecord> known = slicesOf.of(upstream.service());
    if (service == null) {
      return EndpointSet.EMPTY;
    }
    if (service.ipFamilies().size() > 1) {
      // The same pods are in slices of both families: one of them is enough.
      for (String family : service.ipFamilies()) {
        EndpointSet set =
            endpoints(
                upstream,
                known.stream().filter(s -> s.addressType().equals(family)).toList(),
                loopback);
        if (!set.endpoints().isEmpty()) {
          return set;
        }
      }
      return EndpointSet.EMPTY;
    }
    return endpoints(upstream, known, loopback);
  }

  /**
   * What a Service lacks.
   *
   * @param portsWithoutEndpoints the numbers of these, for TCP
   * @param refused the first slice of it of which an address is refused; null when there is none,
   *     or when each port has an endpoint
   */
  public record Gaps(Set<Integer> portsWithoutEndpoints, @Nullable ObjectRef refused) {}

  /** What a Service lacks; nothing when it does not exist. */
  public Gaps gaps(ObjectRef ref, Settings settings) {
    Set<Integer> without = new HashSet<>();
    ServiceRecord service = services.first(ref);
    if (service != null) {
      for (ServiceRecord.Port port : service.ports()) {
        Upstream.Endpoints upstream =
            new Upstream.Endpoints(
                ref, port.name(), port.number(), Protocol.HTTP1, BackendOptions.NONE);
        if (port.equals(port(service, null, port.number(), TCP))
            && endpoints(upstream, settings).endpoints().isEmpty()) {
          without.add(port.number());
        }
      }
    }
    return new Gaps(without, without.isEmpty() ? null : sliceWithRefusedAddress(ref, settings));
  }

  /** The verdicts on a slice. */
  public List<Verdict> verdicts(ObjectRef ref, Settings settings) {
    EndpointSliceRecord slice = slices.first(ref);
    if (slice == null) {
      return List.of();
    }
    if (slice.service() == null) {
      return List.of(
          new Verdict(
              ref,
              "metadata.labels",
              Outcome.NO_EFFECT,
              Reason.InvalidValue,
              "it has no label kubernetes.io/service-name, so it belongs to no Service",
              "add the label"));
    }
    if (slice.addressType().equals("FQDN")) {
      return List.of(
          new Verdict(
              ref,
              "addressType",
              Outcome.REFUSED,
              Reason.Unsupported,
              "addresses of type FQDN are not used",
              "use IPv4 or IPv6, or a Service of type ExternalName"));
    }
    List<Verdict> verdicts = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < slice.endpoints().size(); i++) {
      Verdict verdict =
          verdict(slice, i, slice.endpoints().get(i), settings.services().allowLoopbackEndpoints());
      if (verdict != null && ++refused <= TOLD) {
        verdicts.add(verdict);
      }
    }
    if (refused > TOLD) {
      verdicts.add(
          new Verdict(
              ref,
              "endpoints",
              Outcome.REFUSED,
              Reason.InvalidValue,
              refused + " of " + slice.endpoints().size() + " endpoints are not used",
              "give each an address of type " + slice.addressType() + " that a pod can have"));
    }
    return verdicts.isEmpty()
        ? List.of(
            new Verdict(
                ref, "", Outcome.APPLIED, Reason.Accepted, "endpoints of " + serviceOf(slice), ""))
        : List.copyOf(verdicts);
  }

  private static @Nullable Verdict verdict(
      EndpointSliceRecord slice, int index, EndpointSliceRecord.Endpoint endpoint, boolean loopback) {
    List<String> addresses = endpoint.addresses();
    String message;
    String fix = "give an address of type " + slice.addressType();
    if (addresses.isEmpty()) {
      message = "the list is empty";
    } else if (!EndpointAddresses.isAddress(addresses.getFirst())) {
      message = "\"" + addresses.getFirst() + "\" is not an IP address";
    } else {
      String objection = EndpointAddresses.objection(addresses.getFirst(), loopback);
      if (objection == null) {
        return null;
      }
      message = addresses.getFirst() + " is not used: " + objection;
      fix =
          EndpointAddresses.objection(addresses.getFirst(), true) == null
              ? "give the address of a pod, or set allowLoopbackEndpoints where all who write"
                  + " EndpointSlices may reach this machine"
              : "give the address of a pod";
    }
    return new Verdict(
        slice.ref(),
        "endpoints[" + index + "].addresses",
        Outcome.REFUSED,
        Reason.InvalidValue,
        message,
        fix);
  }

  private static EndpointSet endpoints(
      Upstream.Endpoints upstream, Collection<EndpointSliceRecord> slices, boolean loopback) {
    SortedSet<Endpoint> ready = new TreeSet<>();
    SortedSet<Endpoint> draining = new TreeSet<>();
    for (EndpointSliceRecord slice : slices) {
      if (slice.addressType().equals("FQDN")) {
        continue;
      }
      for (EndpointSliceRecord.Port port : slice.ports()) {
        Integer number = port.number();
        if (number == null
            || number < 1
            || number > 65_535
            || !port.name().equals(upstream.portName())
            || !port.protocol().equals(transport(upstream.protocol()))) {
          continue;
        }
        for (EndpointSliceRecord.Endpoint endpoint : slice.endpoints()) {
          if (!isUsed(endpoint, loopback)) {
            continue;
          }
          Endpoint target = new Endpoint(endpoint.addresses().getFirst(), number);
          if (endpoint.ready()) {
            ready.add(target);
          } else if (endpoint.serving() && endpoint.terminating()) {
            draining.add(target);
          }
        }
      }
    }
    return new EndpointSet(ready.isEmpty() ? draining : ready);
  }

  private static boolean isUsed(EndpointSliceRecord.Endpoint endpoint, boolean loopback) {
    if (endpoint.addresses().isEmpty()) {
      return false;
    }
    String address = endpoint.addresses().getFirst();
    return EndpointAddresses.isAddress(address)
        && EndpointAddresses.objection(address, loopback) == null;
  }

  /** The first slice of a Service of which an address is refused; null when there is none. */
  public @Nullable ObjectRef sliceWithRefusedAddress(ObjectRef service, Settings settings) {
    boolean loopback = settings.services().allowLoopbackEndpoints();
    for (EndpointSliceRecord slice : slicesOf.of(service)) {
      for (EndpointSliceRecord.Endpoint endpoint : slice.endpoints()) {
        if (!isUsed(endpoint, loopback)) {
          return slice.ref();
        }
      }
    }
    return null;
  }

  /**
   * What a host leads to that an Ingress names, which is no Service.
   *
   * @param host in lower case without a dot at its end
   */
  public static Resolution outside(
      ObjectRef ingress,
      String host,
      int port,
      Protocol protocol,
      BackendOptions options,
      Settings settings) {
    boolean isAddress = EndpointAddresses.isAddress(host);
    String objection =
        isAddress
            ? EndpointAddresses.objection(host, settings.services().allowLoopbackEndpoints())
            : ExternalNames.objection(host, settings.services().clusterDomain());
    if (objection != null) {
      return new Resolution.Unresolved(
          Reason.Unsupported,
          host + " is not used: " + objection,
          "name a Service of namespace "
              + ingress.namespace()
              + ", as in http://NAME."
              + ingress.namespace()
              + ".svc."
              + settings.services().clusterDomain());
    }
    if (!settings.services().allowExternalName()) {
      return new Resolution.Unresolved(
          Reason.Unsupported,
          host
              + " is no Service of namespace "
              + ingress.namespace()
              + ", and other hosts are not allowed here",
          "name a Service of the namespace, or start Isoline with --allow-external-name");
    }
    return new Resolution.Found(
        new Upstream.Outside(ingress, host, isAddress, port, protocol, options), null);
  }

  private static Resolution external(
      ObjectRef ref,
      String externalName,
      int number,
      ServiceRecord.@Nullable Port port,
      BackendOptions options,
      Settings settings) {
    if (!settings.services().allowExternalName()) {
      return new Resolution.Unresolved(
          Reason.Unsupported,
          ref + " is of type ExternalName, which is not allowed here",
          "start Isoline with --allow-external-name, or use EndpointSlices");
    }
    String name = ExternalNames.normalized(externalName);
    String objection = ExternalNames.objection(name, settings.services().clusterDomain());
    if (objection != null) {
      return new Resolution.Unresolved(
          Reason.Unsupported,
          ref + " has the externalName \"" + externalName + "\": " + objection,
          "use a public DNS name, or refer to the Service itself");
    }
    if (number == 0) {
      return new Resolution.Unresolved(
          Reason.BackendNotFound,
          ref + " is of type ExternalName and has no port of that name",
          "give the port by number, or add it to the Service");
    }
    Spoken spoken = Spoken.of(port, options.withClusterIp(false));
    return new Resolution.Found(
        new Upstream.Dns(ref, name, number, spoken.protocol(), spoken.options()),
        port == null || spoken.isKnown() ? null : unknownProtocol(port, ref));
  }

  /**
   * What is spoken to a port.
   *
   * @param isKnown false when the port names a protocol that Isoline does not know
   * @param options without what the Service says itself
   */
  private record Spoken(Protocol protocol, boolean isKnown, BackendOptions options) {
    static Spoken of(ServiceRecord.@Nullable Port port, BackendOptions options) {
      Protocol named = port == null ? Protocol.HTTP1 : Services.protocol(port);
      Protocol bySelf = named == null ? Protocol.HTTP1 : named;
      Protocol asked = options.protocol();
      Protocol protocol = asked == null ? bySelf : asked;
      BackendOptions own =
          (asked == null || asked == bySelf ? options.withProtocol(null) : options)
              .withTls(protocol.tls() ? options.tls() : BackendTls.NONE);
      return new Spoken(protocol, named != null || asked != null, own);
    }
  }

  /** By which protocol of the network a port is reached, as Kubernetes calls it. */
  private static String transport(@Nullable Protocol protocol) {
    return protocol == Protocol.UDP ? "UDP" : TCP;
  }

  private static ServiceRecord.@Nullable Port port(
      ServiceRecord service, @Nullable String name, int number, String transport) {
    ServiceRecord.Port found = null;
    for (ServiceRecord.Port port : service.ports()) {
      boolean matches = name == null ? port.number() == number : port.name().equals(name);
      // One number can be there twice, for TCP and UDP.
      if (matches && port.protocol().equals(transport)) {
        return port;
      }
      if (matches && found == null) {
        found = port;
      }
    }
    return found;
  }

  /** As the API's list of values says, and {@code grpc}; null for what is not on it. */
  private static @Nullable Protocol protocol(ServiceRecord.Port port) {
    String name = port.appProtocol();
    return switch (name == null ? "" : name) {
      case "", "http", "kubernetes.io/ws" -> Protocol.HTTP1;
      case "https", "kubernetes.io/wss" -> Protocol.HTTP1_TLS;
      case "kubernetes.io/h2c" -> Protocol.HTTP2;
      case "grpc" -> Protocol.GRPC;
      case "grpcs" -> Protocol.GRPC_TLS;
      default -> null;
    };
  }

  private static Resolution.Difference unknownProtocol(ServiceRecord.Port port, ObjectRef ref) {
    return new Resolution.Difference(
        "appProtocol \""
            + port.appProtocol()
            + "\" of "
            + ref
            + " is not known; HTTP/1.1 is spoken to it",
        "use http, https, kubernetes.io/h2c, kubernetes.io/ws, kubernetes.io/wss or grpc");
  }

  private static @Nullable ObjectRef serviceOf(EndpointSliceRecord slice) {
    return slice.service() == null
        ? null
        : ObjectRef.service(slice.ref().namespace(), slice.service());
  }

  private static String list(List<ServiceRecord.Port> ports) {
    return ports.isEmpty()
        ? "none"
        : ports.stream()
            .map(p -> p.name().isEmpty() ? "" + p.number() : p.number() + " (" + p.name() + ")")
            .collect(Collectors.joining(", "));
  }
}
