package io.isoline.translator;

import com.google.protobuf.ByteString;
import io.isoline.translator.model.HttpOptions.AccessLog;
import io.isoline.translator.model.HttpOptions.Compression;
import io.isoline.translator.model.HttpOptions.HeadersWithUnderscores;
import io.isoline.translator.model.HttpOptions.Http1;
import io.isoline.translator.model.HttpOptions.Http2;
import io.isoline.translator.model.HttpOptions.Paths;
import io.isoline.translator.model.TlsOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator of Isoline chooses, as opposed to the authors of Ingresses.
 *
 * @param classes which Ingresses are ours
 * @param tenancy who may have which hosts
 * @param defaultBackend the backend for what no Ingress has one for; null for 404
 * @param http the listener for plain HTTP
 * @param https the listener for HTTPS
 * @param tls TLS with clients
 * @param redirectToHttps answer plain HTTP for a host that has a certificate of its own by 308 to
 *     HTTPS; {@code /.well-known/acme-challenge/} stays on HTTP
 * @param hsts the Strict-Transport-Security header, null for none
 * @param http1 what of HTTP/1 is spoken
 * @param http2 limits of HTTP/2 connections with clients
 * @param interimResponses whether the first interim answer of a backend (100, 103) is passed on, and
 *     with it {@code Expect: 100-continue} to the backend; else Envoy answers that itself. With a
 *     limit of request bodies it does so in either case, as it holds a request back until it has all
 *     of the body
 * @param timeouts how long Envoy waits for whom
 * @param limits how much a client and a backend may send
 * @param accessLog null for none
 * @param compression null for none
 * @param trustedHops how many proxies in front of Envoy are trusted to have set X-Forwarded-For,
 *     -Proto, -Host and -Port; 0 replaces what a client sent
 * @param paths which spellings of a path are made one before it is matched
 * @param headersWithUnderscores what happens to a request with such a header name
 * @param trustedHeaders which of {@link ClientHeaders} are passed on all the same
 * @param explainErrors whether answers of Envoy itself have a body that says why
 * @param allowExternalName whether Services of type ExternalName are used as backends
 * @param allowLoopbackEndpoints whether an endpoint may be this machine itself, 127.0.0.0/8 or ::1:
 *     whoever may write an EndpointSlice reaches Envoy's own admin interface then
 * @param clusterDomain the cluster's DNS domain: names below it are never used as ExternalName
 * @param ipv6 whether the listeners also listen on IPv6, and DNS names resolve to it
 */
public record Settings(
    Classes classes,
    Tenancy tenancy,
    @Nullable DefaultBackend defaultBackend,
    Listener http,
    Listener https,
    Tls tls,
    boolean redirectToHttps,
    @Nullable Hsts hsts,
    Http1 http1,
    Http2 http2,
    boolean interimResponses,
    Timeouts timeouts,
    Limits limits,
    @Nullable AccessLog accessLog,
    @Nullable Compression compression,
    int trustedHops,
    Paths paths,
    HeadersWithUnderscores headersWithUnderscores,
    List<String> trustedHeaders,
    boolean explainErrors,
    boolean allowExternalName,
    boolean allowLoopbackEndpoints,
    String clusterDomain,
    boolean ipv6) {

  public Settings {
    trustedHeaders = List.copyOf(trustedHeaders);
  }

  /**
   * Which Ingresses are ours: those of an IngressClass whose controller is ours, and those that
   * name one of our class names, also where no IngressClass object exists.
   *
   * @param names class names that are ours even without an IngressClass object
   * @param controller {@code spec.controller} of our IngressClasses
   * @param withoutClass whether Ingresses that name no class are ours although no IngressClass is
   *     marked as the default
   */
  public record Classes(List<String> names, String controller, boolean withoutClass) {
    public Classes {
      names = List.copyOf(names);
    }
  }

  /**
   * Who may have which hosts. A host belongs to the namespace of the oldest Ingress that has a rule
   * for it.
   *
   * @param hosts what other namespaces may do with it
   * @param grants the hosts that the operator gives to namespaces, beside those that annotations of
   *     Namespaces give
   */
  public record Tenancy(Hosts hosts, List<HostGrant> grants) {
    public Tenancy {
      grants = List.copyOf(grants);
    }

    /** What namespaces may do with a host that belongs to another. */
    public enum Hosts {
      /** Add paths to it. */
      SHARED,
      /** Nothing. */
      OWNED
    }
  }

  /**
   * A host that a namespace is given: then only those have it that are given it.
   *
   * @param host a name, {@code *.example.com} for all names below at any depth, or {@code *} for
   *     the right to serve hosts that nobody names
   */
  public record HostGrant(String namespace, String host) {
    @Override
    public String toString() {
      return namespace + "/" + host;
    }
  }

  /**
   * A port of a Service.
   *
   * @param portName null when the port is given by number
   * @param portNumber 1 to 65535; 0 when the port is given by name
   */
  public record DefaultBackend(
      String namespace, String service, @Nullable String portName, int portNumber) {
    @Override
    public String toString() {
      return namespace + "/" + service + ":" + (portName == null ? portNumber : portName);
    }
  }

  /**
   * Where Envoy listens.
   *
   * @param address an IP address; {@code 0.0.0.0} with {@link Settings#ipv6} means all of both
   *     families
   * @param port 1 to 65535; 0 leaves the listener out
   * @param forwardedPort what backends see in X-Forwarded-Port, 0 for the port itself
   * @param proxyProtocol whether each connection starts with a PROXY header (version 1 or 2)
   */
  public record Listener(String address, int port, int forwardedPort, boolean proxyProtocol) {}

  /**
   * TLS with clients.
   *
   * @param minVersion the lowest version that is accepted
   * @param defaultCertificate served where no Ingress gives a valid one: the chain in PEM
   * @param defaultPrivateKey its key in PEM
   */
  public record Tls(
      TlsOptions.Version minVersion, ByteString defaultCertificate, ByteString defaultPrivateKey) {
    /** Leaves the key out, so that no log shows it. */
    @Override
    public String toString() {
      return "Tls[minVersion=" + minVersion + "]";
    }
  }

  /**
   * RFC 6797, on HTTPS responses of hosts that have a certificate of their own.
   *
   * @param maxAge whole seconds
   */
  public record Hsts(Duration maxAge, boolean includeSubDomains, boolean preload) {}

  /**
   * Times. A duration of zero switches the limit off, but for {@code connect}.
   *
   * @param requestHeaders from the first byte of a request to the end of its headers
   * @param streamIdle without a byte in either direction, a request ends
   * @param connectionIdle a client's connection without requests is closed
   * @param backendIdle a connection to a backend without requests is closed
   * @param connect to a backend's endpoint
   * @param drain from the first sign of closing a connection to its end
   */
  public record Timeouts(
      Duration requestHeaders,
      Duration streamIdle,
      Duration connectionIdle,
      Duration backendIdle,
      Duration connect,
      Duration drain) {}

  /**
   * Sizes.
   *
   * @param requestHeaderKilobytes all headers of a request, 1 to 8192
   * @param requestHeaderCount 1 to 10,000
   * @param requestBodyBytes 0 for no limit; else longer bodies get 413
   * @param responseHeaderKilobytes all headers of a backend's answer, 1 to 8192; longer ones are 502
   * @param responseHeaderCount 1 to 10,000; more lines are 502
   * @param connectionBufferBytes what Envoy buffers for a connection before it stops reading
   */
  public record Limits(
      int requestHeaderKilobytes,
      int requestHeaderCount,
      long requestBodyBytes,
      int responseHeaderKilobytes,
      int responseHeaderCount,
      int connectionBufferBytes) {}

  /**
   * The defaults: our class is {@code isoline}, the ports are 8080 and 8443 on all IPv4 addresses,
   * and everything optional is off.
   *
   * @param defaultCertificate the chain in PEM
   * @param defaultPrivateKey its key in PEM
   */
  public static Settings defaults(ByteString defaultCertificate, ByteString defaultPrivateKey) {
    return new Settings(
        new Classes(List.of("isoline"), "isoline.io/ingress-controller", false),
        new Tenancy(Tenancy.Hosts.SHARED, List.of()),
        null,
        new Listener("0.0.0.0", 8080, 0, false),
        new Listener("0.0.0.0", 8443, 0, false),
        new Tls(TlsOptions.Version.TLSv1_2, defaultCertificate, defaultPrivateKey),
        false,
        null,
        new Http1(true, false),
        new Http2(128, 65_536, 1_048_576),
        true,
        new Timeouts(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            // Usual servers keep an idle connection for 60 s and more.
            Duration.ofSeconds(50),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5)),
        new Limits(60, 100, 0, 60, 1000, 32_768),
        null,
        null,
        0,
        new Paths(Paths.EscapedSlashes.DECODE, true),
        HeadersWithUnderscores.REJECT,
        List.of(),
        true,
        false,
        false,
        "cluster.local",
        false);
  }
}
