package io.isoline.translator;

import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.TlsOptions;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.BackendSettings;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.IngressSettings.DefaultBackend;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.ListenerSettings;
import io.isoline.translator.settings.NetworkSettings;
import io.isoline.translator.settings.PortService.Transport;
import io.isoline.translator.settings.PortService;
import java.time.Duration;
import java.util.List;

/** Settings that differ from the defaults, by the names that golden cases use. */
final class SettingsVariants {

  private SettingsVariants() {}

  static PortService port(
      Transport transport,
      int port,
      String namespace,
      String service,
      int number,
      boolean readsProxy,
      boolean writesProxy) {
    return new PortService(
        transport,
        port,
        new DefaultBackend(namespace, service, null, number),
        readsProxy,
        writesProxy);
  }

  static Settings named(String name, Settings d) {
    return switch (name) {
      case "everything" ->
          new Settings(
              d.ingress(),
              new ListenerSettings(
                  new ListenerSettings.Place("0.0.0.0", 8080, 80, true),
                  new ListenerSettings.Place("0.0.0.0", 8443, 443, true),
                  new ListenerSettings.Tls(
                      TlsOptions.Version.TLSv1_3,
                      true,
                      d.listeners().tls().defaultCertificate(),
                      d.listeners().tls().defaultPrivateKey())),
              new HostSettings(true, new HostSettings.Hsts(Duration.ofDays(365), true, true)),
              new HttpOptions(
                  1,
                  List.of("cf-connecting-ip", "ssl-client-cert", "x-auth-request-*"),
                  HttpOptions.HeadersWithUnderscores.DROP,
                  new HttpOptions.Paths(HttpOptions.Paths.EscapedSlashes.KEEP, false),
                  new HttpOptions.Http1(false, true),
                  new HttpOptions.Http2(32, 65_535, 65_535),
                  false,
                  d.http().timeouts(),
                  new HttpOptions.Limits(16, 50, 1_048_576),
                  new HttpOptions.AccessLog(
                      HttpOptions.AccessLog.Format.JSON, "/var/log/access.log"),
                  new HttpOptions.Compression(
                      List.of(
                          HttpOptions.Compression.Algorithm.BROTLI,
                          HttpOptions.Compression.Algorithm.GZIP),
                      1024,
                      List.of("text/html", "application/json")),
                  false),
              new BackendSettings(
                  d.backends().connectTimeout(), d.backends().idleTimeout(), 32, 200),
              d.services().allowingExternalName(true),
              new NetworkSettings(true, 16_384),
              null);
      case "tracing" ->
          d.withTracing(
              new Tracing(
                  new Tracing.Collector(
                      new Tracing.Address("otel-collector.monitoring", 4317),
                      Tracing.Wire.GRPC,
                      null),
                  "isoline",
                  1_000,
                  false,
                  false));
      case "nginx-profile" ->
          d.with(
              d.ingress()
                  .with(
                      new IngressSettings.Classes(
                          List.of("isoline"),
                          "isoline.io/ingress-controller",
                          false,
                          List.of("nginx"))));
      case "passthrough" ->
          d.with(d.listeners().with(d.listeners().tls().passing(true)));
      case "allow-external-name" -> d.with(d.services().allowingExternalName(true));
      case "ports" ->
          d.with(
              d.listeners()
                  .with(
                      List.of(
                          port(Transport.TCP, 9000, "shop", "db", 5432, false, false),
                          port(Transport.TCP, 9001, "shop", "db", 5432, true, true),
                          port(Transport.TCP, 9002, "shop", "idle", 80, false, false),
                          port(Transport.TCP, 9003, "shop", "missing", 80, false, false),
                          port(Transport.TCP, 5300, "dns", "resolver", 53, true, false),
                          port(Transport.UDP, 5300, "dns", "resolver", 53, false, false))));
      default -> throw new IllegalArgumentException("no settings variant " + name);
    };
  }
}
