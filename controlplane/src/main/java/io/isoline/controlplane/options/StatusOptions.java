package io.isoline.controlplane.options;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.peers.PeerTls;
import io.isoline.controlplane.status.Election;
import io.isoline.controlplane.status.Publication;
import io.isoline.controlplane.status.StatusSettings;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.translator.text.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is written to the API server, and by which replica. */
public final class StatusOptions {

  private static final String LEASE = "isoline-leader";

  /** Names of namespaces, and, as they are no longer than that in practice, of objects. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private static final Pattern IPV4 = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  @Option(
      names = "--publish-service",
      paramLabel = "NAMESPACE/NAME",
      description =
          "The addresses of this Service are written to the status of Ingresses, and follow it.")
  private @Nullable String service;

  @Option(
      names = "--publish-status-address",
      paramLabel = "ADDRESS",
      description =
          "This IP address or host name is written to the status of Ingresses instead; may be"
              + " given several times.")
  private @Nullable List<String> addresses;

  @Option(
      names = "--leader-election",
      negatable = true,
      description = {
        "Several replicas choose one that writes to the API server. Default: yes. Without it,"
            + " each replica writes."
      })
  private @Nullable Boolean election;

  @Option(
      names = "--lease",
      paramLabel = "NAMESPACE/NAME",
      description = {
        "The Lease by which replicas choose the one that writes. Default: "
            + LEASE
            + " in our namespace."
      })
  private @Nullable String lease;

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      description = "The name of this replica. Default: that of the pod or the host.")
  private @Nullable String identity;

  @Option(
      names = "--advertise",
      paramLabel = "HOST",
      description =
          "Where other replicas reach the xDS port of this one. Default: the host of --listen;"
              + " where that is all addresses, the variable POD_IP, or the address by which this"
              + " machine reaches the API server.")
  private @Nullable String advertise;

  /**
   * What the surroundings say where the options do not.
   *
   * @param namespace ours, or that of the kubeconfig; null when there is none
   * @param apiServer where the API server is
   * @param listen where the xDS server is to listen
   */
  public record Surroundings(
      Map<String, String> environment,
      @Nullable String namespace,
      InetSocketAddress apiServer,
      InetAddress listen) {}

  /**
   * Reads the options.
   *
   * @param controller our {@code spec.controller}
   * @param tls that of the xDS port; null when it has none
   */
  public StatusSettings read(Surroundings surroundings, String controller, @Nullable PeerTls tls)
      throws Failure {
    return new StatusSettings(
        publication(),
        Objects.equals(election, false) ? null : election(surroundings),
        controller,
        tls);
  }

  private Publication publication() throws Failure {
    if (service != null && addresses != null) {
      throw new Failure(
          "--publish-service and --publish-status-address exclude each other; leave one out");
    }
    if (service != null) {
      String[] parts = path("--publish-service", service);
      return new Publication.OfService(parts[0], parts[1]);
    }
    if (addresses == null) {
      return new Publication.Nothing();
    }
    List<PublishedAddress> published = new ArrayList<>();
    for (String address : new LinkedHashSet<>(addresses)) {
      published.add(address(address));
    }
    return new Publication.Fixed(published);
  }

  private static PublishedAddress address(String text) throws Failure {
    if (IPV4.matcher(text).matches() || text.contains(":")) {
      if (IpAddress.parse(text) == null) {
        throw new Failure("--publish-status-address: %s is not an IP address".formatted(text));
      }
      return new PublishedAddress(text, null);
    }
    if (!NAME.matcher(text).matches()) {
      throw new Failure(
          "--publish-status-address: expected an IP address, or a host name in lower case, not %s"
              .formatted(text));
    }
    return new PublishedAddress(null, text);
  }

  private Election election(Surroundings surroundings) throws Failure {
    String[] path = leasePath(surroundings.namespace());
    return new Election(path[0], path[1], identity(surroundings), host(surroundings));
  }

  private String[] leasePath(@Nullable String ownNamespace) throws Failure {
    if (lease != null) {
      return path("--lease", lease);
    }
    if (ownNamespace == null || ownNamespace.isEmpty()) {
      throw new Failure(
          "--lease: the namespace of this process is not known; give --lease NAMESPACE/NAME, or"
              + " --no-leader-election when there is only one replica");
    }
    return new String[] {ownNamespace, LEASE};
  }

  private String identity(Surroundings surroundings) throws Failure {
    String name = identity;
    if (name == null) {
      name = surroundings.environment().get("POD_NAME");
    }
    if (name == null) {
      name = surroundings.environment().get("HOSTNAME");
    }
    if (name == null || name.isEmpty()) {
      try {
        name = InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        throw new Failure("--identity: this host has no name; give one", e);
      }
    }
    if (name.isEmpty() || name.length() > 253 || name.contains("@") || name.contains(" ")) {
      throw new Failure("--identity: expected a name without @ and blanks, not \"" + name + "\"");
    }
    return name;
  }

  private String host(Surroundings surroundings) throws Failure {
    if (advertise != null) {
      if (advertise.isEmpty() || advertise.contains("@") || advertise.contains("/")) {
        throw new Failure("--advertise: expected an IP address or a host name, not " + advertise);
      }
      return advertise;
    }
    if (!surroundings.listen().isAnyLocalAddress()) {
      return surroundings.listen().getHostAddress();
    }
    String podIp = surroundings.environment().get("POD_IP");
    if (podIp != null && !podIp.isEmpty()) {
      return podIp;
    }
    return addressTowards(surroundings.apiServer());
  }

  /** The address of this machine that packets to another one come from; sends none. */
  private static String addressTowards(InetSocketAddress other) throws Failure {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(other);
      return socket.getLocalAddress().getHostAddress();
    } catch (IOException | UncheckedIOException e) {
      throw new Failure(
          "--advertise: the address of this replica is not known (%s); give it"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static String[] path(String option, String text) throws Failure {
    String[] parts = text.split("/", -1);
    if (parts.length != 2
        || !NAME.matcher(parts[0]).matches()
        || !NAME.matcher(parts[1]).matches()) {
      throw new Failure("%s: expected NAMESPACE/NAME, not %s".formatted(option, text));
    }
    return parts;
  }
}
