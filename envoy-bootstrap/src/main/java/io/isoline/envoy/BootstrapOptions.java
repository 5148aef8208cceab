package io.isoline.envoy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What differs from one Envoy to another. {@link #builder} gives defaults for everything but the
 * two addresses that only the caller knows.
 *
 * @param nodeId tells this Envoy from the others in the control plane's logs; not empty
 * @param nodeCluster the group of equal Envoys that it belongs to; not empty
 * @param locality where it runs, or null
 * @param xds the control plane; the port may not be 0
 * @param xdsTls how both sides prove themselves, or null for a connection without TLS
 * @param protocol delta or state of the world
 * @param admin Envoy's administration interface, which can stop Envoy and shows its secrets' names:
 *     a Unix socket or a loopback address, unless {@code adminOnAnyAddress}. Port 0 takes a free
 *     one, but then {@code stats} has to be null, as it forwards to the admin port. Draining closes
 *     idle connections, and basic authentication is answered, only with a socket
 * @param adminOnAnyAddress allows an admin address that others can reach
 * @param stats the listener that answers {@code GET /ready}, {@code GET /serving} (which, other than
 *     the first, goes on while Envoy drains) and {@code GET /stats/prometheus}, and nothing else, or
 *     null for none. Port 0 takes a free one
 * @param maxHeapBytes Envoy gives memory back from 95 % of it and refuses requests from 98 %; at
 *     least 64 MiB. Empty: no limit
 * @param maxDownstreamConnections connections from clients to all listeners together that Envoy
 *     accepts, at least 1; the stats listener and the admin interface do not count
 * @param maxRegexProgramSize the biggest compiled RE2 program that Envoy accepts, at least 1
 * @param initialFetchTimeout how long Envoy waits for its first clusters and its first listeners
 *     before it calls itself ready without them. Zero: as long as it takes, so that it is never
 *     ready without routes
 */
public record BootstrapOptions(
    String nodeId,
    String nodeCluster,
    @Nullable Locality locality,
    Address xds,
    @Nullable XdsTls xdsTls,
    XdsProtocol protocol,
    Address admin,
    boolean adminOnAnyAddress,
    Address.@Nullable Socket stats,
    OptionalLong maxHeapBytes,
    long maxDownstreamConnections,
    int maxRegexProgramSize,
    Duration initialFetchTimeout) {

  /** The smallest heap limit that leaves an idle Envoy room to work. */
  public static final long MIN_HEAP_BYTES = 64L << 20;

  /** The cluster name that Isoline's Envoys have unless told otherwise. */
  public static final String DEFAULT_NODE_CLUSTER = "isoline";

  /** Envoy's recommendation for an edge proxy. */
  public static final long DEFAULT_MAX_DOWNSTREAM_CONNECTIONS = 50_000;

  /** Room for long alternations; Envoy's own default of 100 refuses common patterns. */
  public static final int DEFAULT_MAX_REGEX_PROGRAM_SIZE = 1_000;

  public BootstrapOptions {
    requireText("node id", nodeId);
    requireText("node cluster", nodeCluster);
    CredentialsSocket.beside(admin);
    if (xds instanceof Address.Socket socket && socket.port() == 0) {
      throw new IllegalArgumentException("the control plane's address needs a port: " + xds);
    }
    if (admin instanceof Address.Socket socket) {
      if (!socket.isIp()) {
        throw new IllegalArgumentException(
            "the admin address needs an IP address, not a name: " + admin);
      }
      if (!adminOnAnyAddress && !socket.isLoopback()) {
        throw new IllegalArgumentException(
            ("the admin address %s can be reached from other machines, and whoever reaches it can"
                    + " stop Envoy: use a loopback address or a Unix socket, or allow it"
                    + " explicitly")
                .formatted(admin));
      }
      if (stats != null && socket.port() == 0) {
        throw new IllegalArgumentException(
            "the stats listener forwards to the admin interface, so admin needs a port of its own"
                + " or a Unix socket");
      }
    }
    if (stats != null && !stats.isIp()) {
      throw new IllegalArgumentException(
          "the stats listener needs an IP address, not a name: " + stats);
    }
    if (stats != null && stats.port() != 0 && stats.equals(admin)) {
      throw new IllegalArgumentException(
          "the stats listener and the admin interface have the same address: " + stats);
    }
    if (maxHeapBytes.isPresent() && maxHeapBytes.getAsLong() < MIN_HEAP_BYTES) {
      throw new IllegalArgumentException(
          "a heap limit of %d bytes is too small, the least is %d (64 MiB)"
              .formatted(maxHeapBytes.getAsLong(), MIN_HEAP_BYTES));
    }
    if (maxDownstreamConnections < 1) {
      throw new IllegalArgumentException(
          "the limit of connections must be at least 1, not " + maxDownstreamConnections);
    }
    if (maxRegexProgramSize < 1) {
      throw new IllegalArgumentException(
          "the limit of a regex program must be at least 1, not " + maxRegexProgramSize);
    }
    if (initialFetchTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "the initial fetch timeout is negative: " + initialFetchTimeout);
    }
  }

  private static void requireText(String what, String value) {
    if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the " + what + " is empty or holds control characters: \"" + value + "\"");
    }
  }

  /**
   * Defaults for the rest: delta xDS without TLS, no stats listener, no heap limit, 50,000
   * connections.
   */
  public static Builder builder(Address xds, Address admin) {
    return new Builder(xds, admin);
  }

  /** Collects options; {@link #build} checks them. Not for use by several threads. */
  public static final class Builder {
    private final Address xds;
    private final Address admin;
    private String nodeId = "envoy";
    private String nodeCluster = DEFAULT_NODE_CLUSTER;
    private @Nullable Locality locality;
    private @Nullable XdsTls xdsTls;
    private XdsProtocol protocol = XdsProtocol.DELTA;
    private boolean adminOnAnyAddress;
    private Address.@Nullable Socket stats;
    private OptionalLong maxHeapBytes = OptionalLong.empty();
    private long maxDownstreamConnections = DEFAULT_MAX_DOWNSTREAM_CONNECTIONS;
    private int maxRegexProgramSize = DEFAULT_MAX_REGEX_PROGRAM_SIZE;
    private Duration initialFetchTimeout = Duration.ZERO;

    private Builder(Address xds, Address admin) {
      this.xds = xds;
      this.admin = admin;
    }

    @CanIgnoreReturnValue
    public Builder nodeId(String value) {
      nodeId = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder nodeCluster(String value) {
      nodeCluster = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder locality(@Nullable Locality value) {
      locality = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder xdsTls(@Nullable XdsTls value) {
      xdsTls = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder protocol(XdsProtocol value) {
      protocol = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder adminOnAnyAddress(boolean value) {
      adminOnAnyAddress = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder stats(Address.@Nullable Socket value) {
      stats = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder maxHeapBytes(long value) {
      maxHeapBytes = OptionalLong.of(value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder maxDownstreamConnections(long value) {
      maxDownstreamConnections = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder maxRegexProgramSize(int value) {
      maxRegexProgramSize = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder initialFetchTimeout(Duration value) {
      initialFetchTimeout = value;
      return this;
    }

    /**
     * Checks and fixes the options.
     *
     * @throws IllegalArgumentException when a value is out of its range, with the reason
     */
    public BootstrapOptions build() {
      return new BootstrapOptions(
          nodeId,
          nodeCluster,
          locality,
          xds,
          xdsTls,
          protocol,
          admin,
          adminOnAnyAddress,
          stats,
          maxHeapBytes,
          maxDownstreamConnections,
          maxRegexProgramSize,
          initialFetchTimeout);
    }
  }
}
