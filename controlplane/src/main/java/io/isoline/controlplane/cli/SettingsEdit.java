package io.isoline.controlplane.cli;

import io.isoline.translator.Settings;

/**
 * Settings with parts replaced.
 *
 * @param settings what came out
 */
record SettingsEdit(Settings settings) {

  SettingsEdit classes(Settings.Classes value) {
    return with(
        value,
        settings.http(),
        settings.https(),
        settings.trustedHops(),
        settings.allowExternalName());
  }

  SettingsEdit http(Settings.Listener value) {
    return with(
        settings.classes(),
        value,
        settings.https(),
        settings.trustedHops(),
        settings.allowExternalName());
  }

  SettingsEdit https(Settings.Listener value) {
    return with(
        settings.classes(),
        settings.http(),
        value,
        settings.trustedHops(),
        settings.allowExternalName());
  }

  SettingsEdit trustedHops(int value) {
    return with(
        settings.classes(),
        settings.http(),
        settings.https(),
        value,
        settings.allowExternalName());
  }

  SettingsEdit allowExternalName(boolean value) {
    return with(
        settings.classes(), settings.http(), settings.https(), settings.trustedHops(), value);
  }

  private SettingsEdit with(
      Settings.Classes classes,
      Settings.Listener http,
      Settings.Listener https,
      int trustedHops,
      boolean allowExternalName) {
    return new SettingsEdit(
        new Settings(
            classes,
            http,
            https,
            settings.tls(),
            settings.redirectToHttps(),
            settings.hsts(),
            settings.http2(),
            settings.timeouts(),
            settings.limits(),
            settings.accessLog(),
            settings.compression(),
            trustedHops,
            settings.headersWithUnderscores(),
            allowExternalName,
            settings.clusterDomain(),
            settings.ipv6()));
  }
}
