package io.isoline.translator;

import com.google.protobuf.ByteString;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.TlsOptions;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.settings.BackendSettings;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.ListenerSettings;
import io.isoline.translator.settings.NetworkSettings;
import io.isoline.translator.settings.ServiceSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator of Isoline chooses, as opposed to the authors of Ingresses: a record for each
 * part of the program that reads it.
 *
 * @param ingress which Ingresses are ours, and who may have which hosts
 * @param listeners where Envoy takes connections
 * @param hosts what holds for hosts with a certificate
 * @param http what is done with requests, whatever their host
 * @param backends how connections to backends are kept
 * @param services which Services and endpoints are used
 * @param network what holds for all connections
 * @param tracing where spans of requests are sent, and of which; null for nowhere
 */
public record Settings(
    IngressSettings ingress,
    ListenerSettings listeners,
    HostSettings hosts,
    HttpOptions http,
    BackendSettings backends,
    ServiceSettings services,
    NetworkSettings network,
    @Nullable Tracing tracing) {

  /** Returns these settings with other {@link IngressSettings}. */
  public Settings with(IngressSettings other) {
    return new Settings(other, listeners, hosts, http, backends, services, network, tracing);
  }

  /** Returns these settings with other {@link ListenerSettings}. */
  public Settings with(ListenerSettings other) {
    return new Settings(ingress, other, hosts, http, backends, services, network, tracing);
  }

  /** Returns these settings with other {@link HostSettings}. */
  public Settings with(HostSettings other) {
    return new Settings(ingress, listeners, other, http, backends, services, network, tracing);
  }

  /** Returns these settings with other {@link HttpOptions}. */
  public Settings with(HttpOptions other) {
    return new Settings(ingress, listeners, hosts, other, backends, services, network, tracing);
  }

  /** Returns these settings with other {@link ServiceSettings}. */
  public Settings with(ServiceSettings other) {
    return new Settings(ingress, listeners, hosts, http, backends, other, network, tracing);
  }

  /** Returns these settings with other {@link Tracing}. */
  public Settings withTracing(@Nullable Tracing other) {
    return new Settings(ingress, listeners, hosts, http, backends, services, network, other);
  }

  /**
   * The defaults: our class is {@code isoline}, the ports are 8080 and 8443 on all IPv4 addresses,
   * and everything optional is off.
   *
   * @param defaultCertificate the chain in PEM
   * @param defaultPrivateKey its key in PEM
   */
  public static Settings defaults(ByteString defaultCertificate, ByteString defaultPrivateKey) {
    return new Settings(
        new IngressSettings(
            new IngressSettings.Classes(
                List.of("isoline"), "isoline.io/ingress-controller", false),
            new IngressSettings.Tenancy(IngressSettings.Tenancy.Hosts.SHARED, List.of()),
            null),
        new ListenerSettings(
            new ListenerSettings.Place("0.0.0.0", 8080, 0, false),
            new ListenerSettings.Place("0.0.0.0", 8443, 0, false),
            new ListenerSettings.Tls(
                TlsOptions.Version.TLSv1_2, defaultCertificate, defaultPrivateKey)),
        new HostSettings(false, null),
        HttpOptions.DEFAULTS,
        new BackendSettings(
            Duration.ofSeconds(5),
            // Usual servers keep an idle connection for 60 s and more.
            Duration.ofSeconds(50),
            60,
            1000),
        new ServiceSettings(false, false, "cluster.local"),
        new NetworkSettings(false, 32_768),
        null);
  }
}
