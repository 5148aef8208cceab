package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.derive.Value;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Listener;
import io.isoline.translator.model.Upstream.Protocol;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.settings.IngressSettings.DefaultBackend;
import io.isoline.translator.settings.PortService;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ports that the operator passes on to Services, and the listener of each. A port whose Service is
 * not there has none, so that clients are refused and load balancers see it.
 */
final class PassedPorts {

  private static final Comparator<PortService> ORDER =
      Comparator.comparing(PortService::transport)
          .thenComparingInt(PortService::port)
          .thenComparing(PortService::toString);

  private final Services services;
  private final Value<Settings> settings;

  /** By the name of the listener. */
  private final Facts<String, PortService> ports;

  /** By the Service that they lead to. */
  private final Facts<ObjectRef, PortService> ofServices;

  private Map<String, PortService> configured = Map.of();

  /**
   * Adds its stages.
   *
   * @param different is told of each listener that is different
   */
  PassedPorts(
      Derivation derivation,
      Services services,
      Value<Settings> settings,
      Derived.Listener<String, Listener> different) {
    this.services = services;
    this.settings = settings;
    ports = derivation.facts(ORDER);
    ofServices = derivation.facts(ORDER);
    derivation.derived(ports, this::listener).tell(different);
  }

  /** Enters what the operator wants. */
  void configure(List<PortService> wanted) {
    Map<String, PortService> now = new HashMap<>();
    // Of two of one port, which no configuration file has, the first.
    wanted.forEach(port -> now.putIfAbsent(name(port), port));
    configured.forEach(
        (name, port) -> {
          if (!port.equals(now.get(name))) {
            ports.put(name, null);
            ofServices.remove(service(port), port);
          }
        });
    now.forEach(
        (name, port) -> {
          if (!port.equals(configured.get(name))) {
            ports.put(name, port);
            ofServices.add(service(port), port);
          }
        });
    configured = now;
  }

  /** The ports of each Service that the operator names, whether it exists or not. */
  Facts<ObjectRef, PortService> ofServices() {
    return ofServices;
  }

  /** The Service that a listener leads to; null for a listener of another kind. */
  @Nullable ObjectRef serviceOf(String listener) {
    PortService port = configured.get(listener);
    return port == null ? null : service(port);
  }

  /** What a port leads to as things are. */
  Resolution resolve(PortService port) {
    DefaultBackend backend = port.backend();
    return services.resolve(
        service(port),
        backend.portName(),
        backend.portNumber(),
        BackendOptions.NONE.withProtocol(protocol(port)),
        settings.get());
  }

  private @Nullable Listener listener(String name) {
    PortService port = ports.first(name);
    return port != null && resolve(port) instanceof Resolution.Found found
        ? new Listener(
            name, Inherited.bind(port, settings.get()), traffic(port, found.upstream()))
        : null;
  }

  private static Listener.Traffic traffic(PortService port, Upstream upstream) {
    return switch (port.transport()) {
      case TCP -> new Listener.Tcp(upstream);
      case UDP -> new Listener.Udp(upstream);
    };
  }

  private static Protocol protocol(PortService port) {
    return switch (port.transport()) {
      case TCP -> port.writesProxy() ? Protocol.TCP_WITH_PROXY : Protocol.TCP;
      case UDP -> Protocol.UDP;
    };
  }

  /** The name of a listener, which none for HTTP has. */
  private static String name(PortService port) {
    return port.transport().name().toLowerCase(Locale.ROOT) + "-" + port.port();
  }

  private static ObjectRef service(PortService port) {
    return ObjectRef.service(port.backend().namespace(), port.backend().service());
  }
}
