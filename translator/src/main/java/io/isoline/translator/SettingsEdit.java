package io.isoline.translator;

import org.jspecify.annotations.Nullable;

/**
 * Settings with parts replaced: the one place that copies the others. Not safe for use by several
 * threads.
 */
public final class SettingsEdit {

  private final Settings base;
  private Settings.Classes classes;
  private Settings.Tenancy tenancy;
  private Settings.@Nullable DefaultBackend defaultBackend;
  private Settings.Listener http;
  private Settings.Listener https;
  private boolean redirectToHttps;
  private Settings.@Nullable Hsts hsts;
  private int trustedHops;
  private boolean allowExternalName;
  private boolean allowLoopbackEndpoints;

  /** Everything as it is in {@code base}. */
  public SettingsEdit(Settings base) {
    this.base = base;
    classes = base.classes();
    tenancy = base.tenancy();
    defaultBackend = base.defaultBackend();
    http = base.http();
    https = base.https();
    redirectToHttps = base.redirectToHttps();
    hsts = base.hsts();
    trustedHops = base.trustedHops();
    allowExternalName = base.allowExternalName();
    allowLoopbackEndpoints = base.allowLoopbackEndpoints();
  }

  public SettingsEdit classes(Settings.Classes value) {
    classes = value;
    return this;
  }

  public SettingsEdit tenancy(Settings.Tenancy value) {
    tenancy = value;
    return this;
  }

  public SettingsEdit defaultBackend(Settings.@Nullable DefaultBackend value) {
    defaultBackend = value;
    return this;
  }

  public SettingsEdit http(Settings.Listener value) {
    http = value;
    return this;
  }

  public SettingsEdit https(Settings.Listener value) {
    https = value;
    return this;
  }

  public SettingsEdit redirectToHttps(boolean value) {
    redirectToHttps = value;
    return this;
  }

  public SettingsEdit hsts(Settings.@Nullable Hsts value) {
    hsts = value;
    return this;
  }

  public SettingsEdit trustedHops(int value) {
    trustedHops = value;
    return this;
  }

  public SettingsEdit allowExternalName(boolean value) {
    allowExternalName = value;
    return this;
  }

  public SettingsEdit allowLoopbackEndpoints(boolean value) {
    allowLoopbackEndpoints = value;
    return this;
  }

  /** What came out. */
  public Settings settings() {
    return new Settings(
        classes,
        tenancy,
        defaultBackend,
        http,
        https,
        base.tls(),
        redirectToHttps,
        hsts,
        base.http1(),
        base.http2(),
        base.interimResponses(),
        base.timeouts(),
        base.limits(),
        base.accessLog(),
        base.compression(),
        trustedHops,
        base.paths(),
        base.headersWithUnderscores(),
        base.trustedHeaders(),
        base.explainErrors(),
        allowExternalName,
        allowLoopbackEndpoints,
        base.clusterDomain(),
        base.ipv6());
  }
}
