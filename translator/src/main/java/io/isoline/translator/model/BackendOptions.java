package io.isoline.translator.model;

import io.isoline.translator.Sha256;
import io.isoline.translator.model.Upstream.Protocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks of its backend otherwise than the Service and the settings say. Each variant of a
 * Service's port is a cluster of its own, with connections of its own.
 *
 * <p>Texts of users in it have neither blanks nor commas, so that no two are printed alike.
 *
 * @param protocol null for that of the Service's port
 * @param connectTimeout how long is waited for a connection, more than zero; null for what the
 *     settings say
 * @param balancing who of the endpoints gets a request
 * @param byClusterIp whether requests go to the cluster IP of the Service, not to its endpoints
 * @param tls how TLS is spoken; {@link BackendTls#NONE} where it is not
 * @param copies whether all that it gets are copies of requests to others
 */
public record BackendOptions(
    @Nullable Protocol protocol,
    @Nullable Duration connectTimeout,
    Balancing balancing,
    boolean byClusterIp,
    BackendTls tls,
    boolean copies) {

  /** As the Service and the settings say. */
  public static final BackendOptions NONE =
      new BackendOptions(null, null, Balancing.ROUND_ROBIN, false, BackendTls.NONE, false);

  /** Who of the endpoints of a port gets a request. */
  public enum Balancing {
    /** They take turns. */
    ROUND_ROBIN,
    /** Of two that are drawn, the one with fewer requests under way. */
    LEAST_REQUEST,
    /** The same one for the same hash of a request, of which the route says what is hashed. */
    HASH
  }

  public BackendOptions withProtocol(@Nullable Protocol other) {
    return new BackendOptions(other, connectTimeout, balancing, byClusterIp, tls, copies);
  }

  public BackendOptions withConnectTimeout(Duration other) {
    return new BackendOptions(protocol, other, balancing, byClusterIp, tls, copies);
  }

  public BackendOptions withBalancing(Balancing other) {
    return new BackendOptions(protocol, connectTimeout, other, byClusterIp, tls, copies);
  }

  public BackendOptions withClusterIp(boolean other) {
    return new BackendOptions(protocol, connectTimeout, balancing, other, tls, copies);
  }

  public BackendOptions withTls(BackendTls other) {
    return new BackendOptions(protocol, connectTimeout, balancing, byClusterIp, other, copies);
  }

  /** The same for copies. */
  public BackendOptions ofCopies() {
    return new BackendOptions(protocol, connectTimeout, balancing, byClusterIp, tls, true);
  }

  /**
   * What tells a cluster with these from others of the same port; empty for {@link #NONE}. All of
   * them count, whatever they are, so that no two share a cluster.
   */
  public String variant() {
    if (equals(NONE)) {
      return "";
    }
    if (protocol != null && equals(NONE.withProtocol(protocol))) {
      return protocol.name().toLowerCase(Locale.ROOT);
    }
    byte[] all = toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.digest().digest(all), 0, 16);
  }
}
