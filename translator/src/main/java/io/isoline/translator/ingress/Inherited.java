package io.isoline.translator.ingress;

import io.isoline.translator.Settings;
import io.isoline.translator.model.Bind;
import io.isoline.translator.model.Connections;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.KeyPair;
import io.isoline.translator.model.Listener;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.model.TlsOptions;
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
    SortedMap<String, Optional<Listener>> listeners = new TreeMap<>();
    listeners.put(
        HTTP,
        listener(HTTP, settings.http(), settings, new Listener.PlainHttp(toHttp(settings))));
    listeners.put(
        HTTPS,
        listener(
            HTTPS, settings.https(), settings, new Listener.Tls(tls(settings), toHttps(settings))));
    return listeners;
  }

  private static Optional<Listener> listener(
      String name, Settings.Listener where, Settings settings, Listener.Traffic traffic) {
    return where.port() == 0
        ? Optional.empty()
        : Optional.of(
            new Listener(
                name,
                new Bind(
                    where.address(),
                    where.port(),
                    settings.ipv6(),
                    where.proxyProtocol(),
                    settings.limits().connectionBufferBytes()),
                traffic));
  }

  /** Where the requests of HTTPS go. */
  static Listener.ToHttp toHttps(Settings settings) {
    return new Listener.ToHttp(
        space(settings), options(settings, settings.https(), settings.hsts() != null));
  }

  private static Listener.ToHttp toHttp(Settings settings) {
    return new Listener.ToHttp(space(settings), options(settings, settings.http(), false));
  }

  /** The space of all hosts of Ingresses. */
  static RouteSpace space(Settings settings) {
    int port = settings.https().forwardedPort();
    if (port == 0) {
      port = settings.https().port();
    }
    return new RouteSpace(
        RouteSpace.INGRESS,
        settings.trustedHops() > 0,
        settings.trustedHeaders(),
        settings.http1().trailers(),
        settings.paths(),
        settings.explainErrors(),
        port == 0 ? DEFAULT_HTTPS_PORT : port);
  }

  /** How TLS is spoken where no object says otherwise. */
  static TlsOptions tls(Settings settings) {
    return new TlsOptions(settings.tls().minVersion());
  }

  /** What is served where there is no better certificate. */
  static KeyPair defaultCertificate(Settings settings) {
    return new KeyPair(
        settings.tls().defaultCertificate(), settings.tls().defaultPrivateKey());
  }

  /** How backends are connected to where no object says otherwise. */
  static Connections connections(Settings settings) {
    return new Connections(
        settings.timeouts().connect(),
        settings.timeouts().backendIdle(),
        settings.limits().responseHeaderKilobytes(),
        settings.limits().responseHeaderCount(),
        settings.limits().connectionBufferBytes(),
        settings.http1().trailers(),
        settings.ipv6());
  }

  private static HttpOptions options(
      Settings settings, Settings.Listener listener, boolean strictTransportSecurity) {
    Settings.Timeouts timeouts = settings.timeouts();
    Settings.Limits limits = settings.limits();
    return new HttpOptions(
        listener.forwardedPort(),
        settings.trustedHops(),
        settings.trustedHeaders(),
        settings.headersWithUnderscores(),
        settings.paths(),
        settings.http1(),
        settings.http2(),
        settings.interimResponses(),
        new HttpOptions.Timeouts(
            timeouts.requestHeaders(),
            timeouts.streamIdle(),
            timeouts.connectionIdle(),
            timeouts.drain()),
        new HttpOptions.Limits(
            limits.requestHeaderKilobytes(),
            limits.requestHeaderCount(),
            limits.requestBodyBytes()),
        settings.accessLog(),
        settings.compression(),
        settings.explainErrors(),
        strictTransportSecurity);
  }
}
