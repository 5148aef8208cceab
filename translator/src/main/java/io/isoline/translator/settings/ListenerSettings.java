package io.isoline.translator.settings;

import com.google.protobuf.ByteString;
import io.isoline.translator.model.TlsOptions;
import java.util.List;

/**
 * Where Envoy takes connections of clients.
 *
 * @param http for plain HTTP
 * @param https for HTTPS
 * @param tls TLS with clients
 * @param ports that are passed on to Services as they are
 */
public record ListenerSettings(Place http, Place https, Tls tls, List<PortService> ports) {

  public ListenerSettings {
    ports = List.copyOf(ports);
  }

  /** Without ports that are passed on. */
  public ListenerSettings(Place http, Place https, Tls tls) {
    this(http, https, tls, List.of());
  }

  /** The same with other ports that are passed on. */
  public ListenerSettings with(List<PortService> other) {
    return new ListenerSettings(http, https, tls, other);
  }

  /** The same with other TLS. */
  public ListenerSettings with(Tls other) {
    return new ListenerSettings(http, https, other, ports);
  }

  /** Returns these settings with another place for plain HTTP. */
  public ListenerSettings withHttp(Place other) {
    return new ListenerSettings(other, https, tls, ports);
  }

  /** Returns these settings with another place for HTTPS. */
  public ListenerSettings withHttps(Place other) {
    return new ListenerSettings(http, other, tls, ports);
  }

  /**
   * Where Envoy listens.
   *
   * @param address an IP address; {@code 0.0.0.0} with {@link NetworkSettings#ipv6} means all of both
   *     families
   * @param port 1 to 65535; 0 leaves the listener out
   * @param forwardedPort what backends see in X-Forwarded-Port, 0 for the port itself
   * @param proxyProtocol whether each connection starts with a PROXY header (version 1 or 2)
   */
  public record Place(String address, int port, int forwardedPort, boolean proxyProtocol) {}

  /**
   * TLS with clients.
   *
   * @param minVersion the lowest version that is accepted
   * @param passthrough whether owners of hosts may have connections passed on to their backends as
   *     they are
   * @param defaultCertificate served where no Ingress gives a valid one: the chain in PEM
   * @param defaultPrivateKey its key in PEM
   */
  public record Tls(
      TlsOptions.Version minVersion,
      boolean passthrough,
      ByteString defaultCertificate,
      ByteString defaultPrivateKey) {

    /** Without passing any on. */
    public Tls(
        TlsOptions.Version minVersion, ByteString defaultCertificate, ByteString defaultPrivateKey) {
      this(minVersion, false, defaultCertificate, defaultPrivateKey);
    }

    /** The same, and connections may be passed on or not. */
    public Tls passing(boolean on) {
      return new Tls(minVersion, on, defaultCertificate, defaultPrivateKey);
    }

    /** Leaves the key out, so that no log shows it. */
    @Override
    public String toString() {
      return "Tls[minVersion=" + minVersion + "]";
    }
  }
}
