package io.isoline.controlplane.config;

import static java.util.Objects.requireNonNullElse;

import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.HostSettings.Hsts;
import java.time.Duration;

/** The fields of {@link HostSettings}. */
final class HostFields {

  private static final FieldTable FIELDS = new FieldTable();

  private static final Hsts HSTS_ON = new Hsts(FieldTable.YEAR, false, false);

  private static final Field<Boolean> REDIRECT =
      FIELDS.field(
          "redirectToHttps",
          "Whether plain HTTP for a host with a certificate of its own is redirected to HTTPS"
              + " (308);\n"
              + "/.well-known/acme-challenge/ stays on HTTP.",
          ValueType.flag(),
          s -> s.hosts().redirectToHttps());

  private static final Section HSTS =
      FIELDS.optional(
          "hsts",
          "Strict-Transport-Security (RFC 6797) on HTTPS responses of hosts with a certificate of"
              + " their own.",
          s -> s.hosts().hsts() != null,
          null);
  private static final Field<Duration> MAX_AGE =
      FIELDS.field(
          "hsts.maxAge",
          "How long clients keep to HTTPS, in whole seconds.",
          FieldTable.wholeSeconds(
              ValueType.duration(
                  Duration.ofSeconds(1), FieldTable.YEAR.multipliedBy(10), true)),
          s -> requireNonNullElse(s.hosts().hsts(), HSTS_ON).maxAge());
  private static final Field<Boolean> SUBDOMAINS =
      FIELDS.field(
          "hsts.includeSubDomains",
          "Whether it holds for all names below the host.",
          ValueType.flag(),
          s -> requireNonNullElse(s.hosts().hsts(), HSTS_ON).includeSubDomains());
  private static final Field<Boolean> PRELOAD =
      FIELDS.field(
          "hsts.preload",
          "Whether browsers may put the host into their built-in lists.",
          ValueType.flag(),
          s -> requireNonNullElse(s.hosts().hsts(), HSTS_ON).preload());

  private HostFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link HostSettings} that a file asks for. */
  static HostSettings read(ConfiguredValues values) {
    return new HostSettings(
        values.get(REDIRECT),
        values.isOn(HSTS)
            ? new Hsts(values.get(MAX_AGE), values.get(SUBDOMAINS), values.get(PRELOAD))
            : null);
  }
}
