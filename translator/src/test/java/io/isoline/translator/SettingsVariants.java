package io.isoline.translator;

import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.TlsOptions;
import java.time.Duration;
import java.util.List;

/** Settings that differ from the defaults, by the names that golden cases use. */
final class SettingsVariants {

  private SettingsVariants() {}

  static Settings named(String name, Settings d) {
    return switch (name) {
      case "everything" ->
          new Settings(
              d.classes(),
              d.tenancy(),
              d.defaultBackend(),
              new Settings.Listener("0.0.0.0", 8080, 80, true),
              new Settings.Listener("0.0.0.0", 8443, 443, true),
              new Settings.Tls(
                  TlsOptions.Version.TLSv1_3,
                  d.tls().defaultCertificate(),
                  d.tls().defaultPrivateKey()),
              true,
              new Settings.Hsts(Duration.ofDays(365), true, true),
              new HttpOptions.Http1(false, true),
              new HttpOptions.Http2(32, 65_535, 65_535),
              false,
              d.timeouts(),
              new Settings.Limits(16, 50, 1_048_576, 32, 200, 16_384),
              new HttpOptions.AccessLog(HttpOptions.AccessLog.Format.JSON, "/var/log/access.log"),
              new HttpOptions.Compression(
                  List.of(
                      HttpOptions.Compression.Algorithm.BROTLI, HttpOptions.Compression.Algorithm.GZIP),
                  1024,
                  List.of("text/html", "application/json")),
              1,
              new HttpOptions.Paths(HttpOptions.Paths.EscapedSlashes.KEEP, false),
              HttpOptions.HeadersWithUnderscores.DROP,
              List.of("cf-connecting-ip", "ssl-client-cert", "x-auth-request-*"),
              false,
              true,
              false,
              "cluster.local",
              true);
      case "allow-external-name" -> new SettingsEdit(d).allowExternalName(true).settings();
      default -> throw new IllegalArgumentException("no settings variant " + name);
    };
  }
}
