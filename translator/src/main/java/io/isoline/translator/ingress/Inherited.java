package io.isoline.translator.ingress;

import io.isoline.translator.Settings;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Bind;
import io.isoline.translator.model.Connections;
import io.isoline.translator.model.HostTls;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.HttpOptions.HeadersWithUnderscores;
import io.isoline.translator.model.KeyPair;
import io.isoline.translator.model.Listener;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.model.TlsOptions;
import io.isoline.translator.settings.ListenerSettings;
import io.isoline.translator.settings.PortService;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What rows of the model have from the settings of the operator, as no object says otherwise: the
 * listeners of Ingresses and the space of their hosts, and how backends are connected to.
 */
final class Inherited {

  /** The name of the listener for plain HTTP. */
  static final String HTTP = "http";

  /** The name of the listener for HTTPS. */
  static final String HTTPS = "https";

  private static final int DEFAULT_HTTPS_PORT = 443;

  private Inherited() {}

  /** The listeners by name; empty where the settings leave one out. */
  static SortedMap<String, Optional<Listener>> listeners(Settings settings) {
    ListenerSettings places = settings.listeners();
    SortedMap<String, Optional<Listener>> listeners = new TreeMap<>();
    listeners.put(
        HTTP, listener(HTTP, places.http(), settings, new Listener.PlainHttp(toHttp(settings))));
    listeners.put(
        HTTPS,
        listener(
            HTTPS,
            places.https(),
            settings,
            new Listener.Tls(tls(settings, HostTls.NONE), toHttps(settings))));
    return listeners;
  }

  private static Optional<Listener> listener(
      String name, ListenerSettings.Place where, Settings settings, Listener.Traffic traffic) {
    return where.port() == 0
        ? Optional.empty()
        : Optional.of(
            new Listener(
                name,
                bind(where.address(), where.port(), where.proxyProtocol(), settings),
                traffic));
  }

  private static Bind bind(String address, int port, boolean proxyProtocol, Settings settings) {
    return new Bind(
        address,
        port,
        settings.network().ipv6(),
        proxyProtocol,
        settings.network().connectionBufferBytes());
  }

  /** Where a port is listened on that is passed on to a Service: at the address of HTTP. */
  static Bind bind(PortService port, Settings settings) {
    return bind(
        settings.listeners().http().address(), port.port(), port.readsProxy(), settings);
  }

  /** Where the requests of HTTPS go. */
  static Listener.ToHttp toHttps(Settings settings) {
    return new Listener.ToHttp(
        space(settings),
        http(settings),
        settings.listeners().https().forwardedPort(),
        settings.hosts().hsts() != null || settings.ingress().classes().hasNginx(),
        settings.ingress().classes().areAllNginx());
  }

  private static Listener.ToHttp toHttp(Settings settings) {
    return new Listener.ToHttp(
        space(settings),
        http(settings),
        settings.listeners().http().forwardedPort(),
        false,
        settings.ingress().classes().areAllNginx());
  }

  /** With ingress-nginx, a header that is not let through costs nobody the whole request. */
  private static HttpOptions http(Settings settings) {
    HttpOptions http = settings.http();
    return settings.ingress().classes().areAllNginx()
            && http.headersWithUnderscores() == HeadersWithUnderscores.REJECT
        ? http.with(HeadersWithUnderscores.DROP)
        : http;
  }

  /** The space of all hosts of Ingresses. */
  static RouteSpace space(Settings settings) {
    int port = settings.listeners().https().forwardedPort();
    if (port == 0) {
      port = settings.listeners().https().port();
    }
    return new RouteSpace(
        RouteSpace.INGRESS,
        settings.http().trustedHops() > 0,
        settings.http().trustedHeaders(),
        settings.http().http1().trailers(),
        settings.http().paths(),
        settings.http().explainErrors(),
        settings.ingress().classes().areAllNginx(),
        HostRouting.ofNobody(settings),
        port == 0 ? DEFAULT_HTTPS_PORT : port,
        settings.tracing());
  }

  /** How TLS is spoken with clients of hosts that have this otherwise than all. */
  static TlsOptions tls(Settings settings, HostTls ofHosts) {
    return new TlsOptions(settings.listeners().tls().minVersion(), ofHosts);
  }

  /** What is served where there is no better certificate. */
  static KeyPair defaultCertificate(Settings settings) {
    ListenerSettings.Tls tls = settings.listeners().tls();
    return new KeyPair(tls.defaultCertificate(), tls.defaultPrivateKey());
  }

  /**
   * How a backend is connected to.
   *
   * @param options what an object says otherwise
   */
  static Connections connections(Settings settings, BackendOptions options) {
    return new Connections(
        Objects.requireNonNullElse(options.connectTimeout(), settings.backends().connectTimeout()),
        settings.backends().idleTimeout(),
        settings.backends().responseHeaderKilobytes(),
        settings.backends().responseHeaderCount(),
        settings.network().connectionBufferBytes(),
        settings.http().http1().trailers(),
        settings.network().ipv6());
  }
}
