package io.isoline.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Unix socket on which an Envoy asks who may pass and what a client has under way. It is beside the
 * socket of the administration interface, so that who can drain an Envoy can answer it, too.
 */
public final class CredentialsSocket {

  /** The name of the static cluster that leads there with questions about who may pass. */
  public static final String CLUSTER = "isoline-credentials";

  /**
   * The name of the static cluster that leads there with requests to count, which last as long as these:
   * they take no room from the questions.
   */
  public static final String COUNTS_CLUSTER = "isoline-counts";

  /** As long as the usual name of the admin socket: the path of a socket must not be long. */
  private static final String FILE = "users.sock";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** How many questions there may be at a time: twice what the other side lets wait. */
  private static final UInt32Value MAX_QUESTIONS = UInt32Value.of(2_048);

  /** How many requests may be counted at a time: somewhat more than what the other side lets pass. */
  private static final UInt32Value MAX_COUNTED = UInt32Value.of(5_120);

  private CredentialsSocket() {}

  /**
   * Where the socket of an Envoy is; null when its administration interface is not a socket, for
   * then nobody answers.
   *
   * @throws IllegalArgumentException when its path would be too long
   */
  public static @Nullable Path beside(Address admin) {
    return admin instanceof Address.Pipe(Path path)
        ? new Address.Pipe(path.resolveSibling(FILE)).path()
        : null;
  }

  static List<Cluster> clusters(Path socket) {
    return List.of(
        cluster(CLUSTER, socket, MAX_QUESTIONS), cluster(COUNTS_CLUSTER, socket, MAX_COUNTED));
  }

  private static Cluster cluster(String name, Path socket, UInt32Value most) {
    HttpProtocolOptions.Builder http2 = HttpProtocolOptions.newBuilder();
    http2.getExplicitHttpConfigBuilder().getHttp2ProtocolOptionsBuilder();
    return Cluster.newBuilder()
        .setName(name)
        .setType(DiscoveryType.STATIC)
        .setConnectTimeout(Protos.duration(CONNECT_TIMEOUT))
        .setLoadAssignment(Protos.oneEndpoint(name, new Address.Pipe(socket)))
        .setCircuitBreakers(
            CircuitBreakers.newBuilder()
                .addThresholds(
                    CircuitBreakers.Thresholds.newBuilder()
                        .setMaxPendingRequests(most)
                        .setMaxRequests(most)))
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(http2.build()))
        .build();
  }
}
