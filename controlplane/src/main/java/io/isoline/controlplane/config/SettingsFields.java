package io.isoline.controlplane.config;

import io.isoline.translator.Settings.Classes;
import io.isoline.translator.Settings.DefaultBackend;
import io.isoline.translator.Settings.HostGrant;
import io.isoline.translator.Settings.Hsts;
import io.isoline.translator.Settings.Limits;
import io.isoline.translator.Settings.Listener;
import io.isoline.translator.Settings.Tenancy;
import io.isoline.translator.Settings.Timeouts;
import io.isoline.translator.Settings.Tls;
import io.isoline.translator.Settings;
import io.isoline.translator.model.HttpOptions.AccessLog;
import io.isoline.translator.model.HttpOptions.Compression.Algorithm;
import io.isoline.translator.model.HttpOptions.Compression;
import io.isoline.translator.model.HttpOptions.HeadersWithUnderscores;
import io.isoline.translator.model.HttpOptions.Http1;
import io.isoline.translator.model.HttpOptions.Http2;
import io.isoline.translator.model.HttpOptions.Paths.EscapedSlashes;
import io.isoline.translator.model.HttpOptions.Paths;
import io.isoline.translator.model.TlsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one table of what can be configured. Reading the file, printing it and its documentation all
 * come from it; {@link #settings} is the way back from values to {@link Settings}.
 */
final class SettingsFields {

  private static final List<Field<?>> FIELDS = new ArrayList<>();
  private static final Map<String, Section> SECTIONS = new LinkedHashMap<>();

  private static final Duration YEAR = Duration.ofDays(365);
  private static final long KIB = 1024;
  private static final Hsts HSTS_ON = new Hsts(YEAR, false, false);
  private static final AccessLog ACCESS_LOG_ON =
      new AccessLog(AccessLog.Format.TEXT, "/dev/stdout");
  private static final Compression COMPRESSION_ON =
      new Compression(
          List.of(Algorithm.BROTLI, Algorithm.GZIP),
          1024,
          List.of(
              "text/html",
              "text/css",
              "text/plain",
              "text/javascript",
              "application/javascript",
              "application/json",
              "application/xml",
              "image/svg+xml"));

  // Which Ingresses

  static {
    section("ingressClass", "Which Ingresses are served.");
  }

  private static final Field<List<String>> NAMES =
      field(
          "ingressClass.names",
          "Class names that are served even without an IngressClass object.",
          ValueType.listOf(ValueType.dnsName()),
          s -> s.classes().names());
  private static final Field<String> CONTROLLER =
      field(
          "ingressClass.controller",
          "spec.controller of the IngressClasses that are served.",
          ValueType.controller(),
          s -> s.classes().controller());
  private static final Field<Boolean> WITHOUT_CLASS =
      field(
          "ingressClass.withoutClass",
          "Whether Ingresses that name no class are served although no IngressClass is the"
              + " default.",
          ValueType.flag(),
          s -> s.classes().withoutClass());

  // Which hosts

  static {
    section("tenancy", "Which namespaces may have which hosts.");
  }

  private static final Field<Tenancy.Hosts> HOSTS_OF_OTHERS =
      field(
          "tenancy.hosts",
          "What other namespaces may do with a host that belongs to one: shared lets them add paths"
              + "\nto it, owned lets them do nothing.",
          ValueType.oneOf(
              Map.entry("shared", Tenancy.Hosts.SHARED), Map.entry("owned", Tenancy.Hosts.OWNED)),
          s -> s.tenancy().hosts());
  private static final Field<List<HostGrant>> GRANTS =
      field(
          "tenancy.grants",
          "Hosts that only the namespaces have that they are given to, as NAMESPACE/HOST:"
              + "\n[shop/shop.example.com, 'shop/*.shop.example.com', 'web/*']. The annotation"
              + " isoline.io/hosts"
              + "\nof a Namespace does the same.",
          ValueType.listOrNone(ValueType.hostGrant()),
          s -> s.tenancy().grants());
  private static final Field<Optional<DefaultBackend>> DEFAULT_BACKEND =
      field(
          "defaultBackend",
          "The Service for what no Ingress has a backend for, as NAMESPACE/SERVICE:PORT; off for"
              + " 404.",
          ValueType.defaultBackend(),
          s -> Optional.ofNullable(s.defaultBackend()));

  // Listeners

  private static final ListenerFields HTTP =
      new ListenerFields("http", "The listener for plain HTTP.", Settings::http);
  private static final ListenerFields HTTPS =
      new ListenerFields("https", "The listener for HTTPS.", Settings::https);

  /** The fields that both listeners have. */
  private static final class ListenerFields {
    private final Field<String> address;
    private final Field<Integer> port;
    private final Field<Integer> forwardedPort;
    private final Field<Boolean> proxyProtocol;

    ListenerFields(String name, String comment, Function<Settings, Listener> listener) {
      section(name, comment);
      address =
          field(
              name + ".address",
              "The IP address to listen on; 0.0.0.0 is all of them, and with ipv6 also all of"
                  + " IPv6.",
              ValueType.address(),
              s -> listener.apply(s).address());
      port =
          field(
              name + ".port",
              "1 to 65535; 0 leaves the listener out.",
              ValueType.number(0, 65_535),
              s -> listener.apply(s).port());
      forwardedPort =
          field(
              name + ".forwardedPort",
              "The port that backends see in X-Forwarded-Port; 0 for the listener's own.",
              ValueType.number(0, 65_535),
              s -> listener.apply(s).forwardedPort());
      proxyProtocol =
          field(
              name + ".proxyProtocol",
              "Whether each connection begins with a PROXY header, version 1 or 2.",
              ValueType.flag(),
              s -> listener.apply(s).proxyProtocol());
    }

    Listener read(ConfiguredValues values) {
      return new Listener(
          values.get(address),
          values.get(port),
          values.get(forwardedPort),
          values.get(proxyProtocol));
    }
  }

  static {
    section("tls", "TLS with clients.");
  }

  private static final Field<TlsOptions.Version> MIN_VERSION =
      field(
          "tls.minVersion",
          "The lowest version that is accepted: 1.2 or 1.3.",
          ValueType.oneOf(
              Map.entry("1.2", TlsOptions.Version.TLSv1_2), Map.entry("1.3", TlsOptions.Version.TLSv1_3)),
          s -> s.tls().minVersion());

  private static final Field<Boolean> REDIRECT =
      field(
          "redirectToHttps",
          "Whether plain HTTP for a host with a certificate of its own is redirected to HTTPS"
              + " (308);\n"
              + "/.well-known/acme-challenge/ stays on HTTP.",
          ValueType.flag(),
          Settings::redirectToHttps);

  private static final Section HSTS =
      optional(
          "hsts",
          "Strict-Transport-Security (RFC 6797) on HTTPS responses of hosts with a certificate of"
              + " their own.",
          s -> s.hsts() != null,
          null);
  private static final Field<Duration> MAX_AGE =
      field(
          "hsts.maxAge",
          "How long clients keep to HTTPS, in whole seconds.",
          wholeSeconds(ValueType.duration(Duration.ofSeconds(1), YEAR.multipliedBy(10), true)),
          s -> orElse(s.hsts(), HSTS_ON).maxAge());
  private static final Field<Boolean> SUBDOMAINS =
      field(
          "hsts.includeSubDomains",
          "Whether it holds for all names below the host.",
          ValueType.flag(),
          s -> orElse(s.hsts(), HSTS_ON).includeSubDomains());
  private static final Field<Boolean> PRELOAD =
      field(
          "hsts.preload",
          "Whether browsers may put the host into their built-in lists.",
          ValueType.flag(),
          s -> orElse(s.hsts(), HSTS_ON).preload());

  static {
    section("http1", "HTTP/1 with clients and backends.");
  }

  private static final Field<Boolean> HTTP_10 =
      field(
          "http1.http10",
          "Whether clients of HTTP/1.0 are answered; else they get 426.",
          ValueType.flag(),
          s -> s.http1().http10());
  private static final Field<Boolean> TRAILERS =
      field(
          "http1.trailers",
          "Whether trailers are passed on, in both directions; else they are dropped, and with them"
              + "\nthe header Trailer.",
          ValueType.flag(),
          s -> s.http1().trailers());

  static {
    section("http2", "HTTP/2 with clients.");
  }

  private static final Field<Integer> STREAMS =
      field(
          "http2.maxConcurrentStreams",
          "Requests at the same time on one connection.",
          ValueType.number(1, Integer.MAX_VALUE),
          s -> s.http2().maxConcurrentStreams());
  private static final Field<Long> STREAM_WINDOW =
      field(
          "http2.initialStreamWindow",
          "What a client may send for one request before Envoy has passed it on; 65535 at least.",
          ValueType.size(65_535, Integer.MAX_VALUE, 1),
          s -> (long) s.http2().initialStreamWindowBytes());
  private static final Field<Long> CONNECTION_WINDOW =
      field(
          "http2.initialConnectionWindow",
          "The same for all requests of a connection together.",
          ValueType.size(65_535, Integer.MAX_VALUE, 1),
          s -> (long) s.http2().initialConnectionWindowBytes());

  private static final Field<Boolean> INTERIM_RESPONSES =
      field(
          "interimResponses",
          "Whether the first interim answer of a backend (103 Early Hints) is passed on. Then"
              + " the backend\n"
              + "answers Expect: 100-continue, else Envoy does; with limits.requestBody always Envoy.",
          ValueType.flag(),
          Settings::interimResponses);

  static {
    section("timeouts", "How long Envoy waits: 30s, 5m, 1h30m; off for no limit.");
  }

  private static final Field<Duration> REQUEST_HEADERS =
      timeout(
          "timeouts.requestHeaders",
          "From the first byte of a request to the end of its headers.",
          true,
          s -> s.timeouts().requestHeaders());
  private static final Field<Duration> STREAM_IDLE =
      timeout(
          "timeouts.streamIdle",
          "A request ends after this time without a byte in either direction.",
          true,
          s -> s.timeouts().streamIdle());
  private static final Field<Duration> CONNECTION_IDLE =
      timeout(
          "timeouts.connectionIdle",
          "A client's connection is closed after this time without a request.",
          true,
          s -> s.timeouts().connectionIdle());
  private static final Field<Duration> BACKEND_IDLE =
      timeout(
          "timeouts.backendIdle",
          "A connection to a backend is closed after this time without a request; should be less"
              + " than\n"
              + "the time after which backends close it, or a POST meets a closed one and is 503.",
          true,
          s -> s.timeouts().backendIdle());
  private static final Field<Duration> CONNECT =
      timeout(
          "timeouts.connect",
          "To connect to a backend's endpoint; cannot be off.",
          false,
          s -> s.timeouts().connect());
  private static final Field<Duration> DRAIN =
      timeout(
          "timeouts.drain",
          "From the first sign of closing a connection to its end.",
          true,
          s -> s.timeouts().drain());

  static {
    section("limits", "How much a client or a backend may send: 64KiB, 10MiB, or a number of bytes.");
  }

  private static final Field<Long> HEADER_SIZE =
      field(
          "limits.requestHeaders",
          "All headers of a request together: 1KiB to 8MiB in whole KiB. Longer ones get 431,\n"
              + "over HTTP/2 their stream is reset.",
          ValueType.size(KIB, 8192 * KIB, KIB),
          s -> s.limits().requestHeaderKilobytes() * KIB);
  private static final Field<Integer> HEADER_COUNT =
      field(
          "limits.requestHeaderCount",
          "How many headers a request may have.",
          ValueType.number(1, 10_000),
          s -> s.limits().requestHeaderCount());
  private static final Field<Long> BODY =
      field(
          "limits.requestBody",
          "The body of a request; longer ones get 413. 0 for no limit.",
          ValueType.size(0, 1L << 40, 1),
          s -> s.limits().requestBodyBytes());
  private static final Field<Long> RESPONSE_HEADER_SIZE =
      field(
          "limits.responseHeaders",
          "All headers of a backend's answer: 1KiB to 8MiB in whole KiB. Longer ones become 502.",
          ValueType.size(KIB, 8192 * KIB, KIB),
          s -> s.limits().responseHeaderKilobytes() * KIB);
  private static final Field<Integer> RESPONSE_HEADER_COUNT =
      field(
          "limits.responseHeaderCount",
          "How many header lines a backend's answer may have; one with more becomes 502.",
          ValueType.number(1, 10_000),
          s -> s.limits().responseHeaderCount());
  private static final Field<Long> BUFFER =
      field(
          "limits.connectionBuffer",
          "What Envoy buffers for a connection before it stops reading.",
          ValueType.size(KIB, 1L << 30, 1),
          s -> (long) s.limits().connectionBufferBytes());

  private static final Section ACCESS_LOG =
      optional(
          "accessLog",
          "A line for each request. A lone text or json is the format.",
          s -> s.accessLog() != null,
          "format");
  private static final Field<AccessLog.Format> FORMAT =
      field(
          "accessLog.format",
          "text or json.",
          ValueType.oneOf(
              Map.entry("text", AccessLog.Format.TEXT), Map.entry("json", AccessLog.Format.JSON)),
          s -> orElse(s.accessLog(), ACCESS_LOG_ON).format());
  private static final Field<String> LOG_PATH =
      field(
          "accessLog.path",
          "A file on Envoy's machine, or /dev/stdout.",
          ValueType.file(),
          s -> orElse(s.accessLog(), ACCESS_LOG_ON).path());

  private static final Section COMPRESSION =
      optional(
          "compression",
          "Compression of responses for clients that accept it.",
          s -> s.compression() != null,
          null);
  private static final Field<List<Algorithm>> ALGORITHMS =
      field(
          "compression.algorithms",
          "In order of preference: brotli, gzip, zstd.",
          ValueType.listOf(
              ValueType.oneOf(
                  Map.entry("brotli", Algorithm.BROTLI),
                  Map.entry("gzip", Algorithm.GZIP),
                  Map.entry("zstd", Algorithm.ZSTD))),
          s -> orElse(s.compression(), COMPRESSION_ON).algorithms());
  private static final Field<Long> MINIMUM_SIZE =
      field(
          "compression.minimumSize",
          "Shorter responses are left alone.",
          ValueType.size(1, 1L << 30, 1),
          s -> (long) orElse(s.compression(), COMPRESSION_ON).minimumBytes());
  private static final Field<List<String>> CONTENT_TYPES =
      field(
          "compression.contentTypes",
          "Which content types are compressed.",
          ValueType.listOf(ValueType.contentType()),
          s -> orElse(s.compression(), COMPRESSION_ON).contentTypes());

  private static final Field<Integer> TRUSTED_HOPS =
      field(
          "trustedHops",
          "How many proxies in front of Envoy are trusted to have set X-Forwarded-For, -Proto,"
              + " -Host\n"
              + "and -Port; 0 replaces what a client sent.",
          ValueType.number(0, 100),
          Settings::trustedHops);
  static {
    section("paths", "Slashes in the paths of requests, before they are matched and sent on.");
  }

  private static final Field<EscapedSlashes> ESCAPED_SLASHES =
      field(
          "paths.escapedSlashes",
          "What happens to %2F and %5C: decode them, redirect the client to the path with slashes"
              + " (307),\nkeep them, or reject the request (400). Kept ones count as slashes for"
              + " rules.",
          ValueType.oneOf(
              Map.entry("decode", EscapedSlashes.DECODE),
              Map.entry("redirect", EscapedSlashes.REDIRECT),
              Map.entry("keep", EscapedSlashes.KEEP),
              Map.entry("reject", EscapedSlashes.REJECT)),
          s -> s.paths().escapedSlashes());
  private static final Field<Boolean> MERGE_SLASHES =
      field(
          "paths.mergeSlashes",
          "Whether several slashes in a row become one; with redirect they always do.",
          ValueType.flag(),
          s -> s.paths().mergeSlashes());

  private static final Field<HeadersWithUnderscores> UNDERSCORES =
      field(
          "headersWithUnderscores",
          "What happens to a request with an underscore in the name of a header:"
              + "\nreject the request, drop the header, or allow it.",
          ValueType.oneOf(
              Map.entry("reject", HeadersWithUnderscores.REJECT),
              Map.entry("drop", HeadersWithUnderscores.DROP),
              Map.entry("allow", HeadersWithUnderscores.ALLOW)),
          Settings::headersWithUnderscores);
  private static final Field<List<String>> TRUSTED_HEADERS =
      field(
          "trustedHeaders",
          "Request headers that are passed on although they name an identity, a scheme, an address"
              + " or\nanother path, and are dropped otherwise: [x-auth-request-user, ssl-client-*]."
              + "\nThe list is in docs/ingress.md.",
          ValueType.listOrNone(ValueType.clientHeader()),
          Settings::trustedHeaders);
  private static final Field<Boolean> EXPLAIN_ERRORS =
      field(
          "explainErrors",
          "Whether the answers of Envoy itself, 404 and 503 for example, have a short body that"
              + " says why:\nas text, HTML or JSON, as the client accepts it.",
          ValueType.flag(),
          Settings::explainErrors);
  private static final Field<Boolean> EXTERNAL_NAME =
      field(
          "allowExternalName",
          "Whether Services of type ExternalName are used as backends.",
          ValueType.flag(),
          Settings::allowExternalName);
  private static final Field<Boolean> LOOPBACK_ENDPOINTS =
      field(
          "allowLoopbackEndpoints",
          "Whether EndpointSlices may name this machine, 127.0.0.0/8 or ::1. Whoever may write one"
              + "\nreaches Envoy's own admin interface then.",
          ValueType.flag(),
          Settings::allowLoopbackEndpoints);
  private static final Field<String> CLUSTER_DOMAIN =
      field(
          "clusterDomain",
          "The cluster's DNS domain; names below it are never used as ExternalName.",
          ValueType.dnsName(),
          Settings::clusterDomain);
  private static final Field<Boolean> IPV6 =
      field(
          "ipv6",
          "Whether to listen on IPv6 as well, and to resolve the names of backends to it.",
          ValueType.flag(),
          Settings::ipv6);

  private SettingsFields() {}

  /** All fields, those of a section in a row. */
  static List<Field<?>> fields() {
    return List.copyOf(FIELDS);
  }

  static @Nullable Section section(String name) {
    return SECTIONS.get(name);
  }

  static List<Section> optionalSections() {
    return SECTIONS.values().stream().filter(section -> section.isOn() != null).toList();
  }

  static Set<String> sections() {
    return SECTIONS.keySet();
  }

  /** The settings that a file asks for. */
  static Settings settings(ConfiguredValues values) {
    Settings base = values.base();
    return new Settings(
        new Classes(values.get(NAMES), values.get(CONTROLLER), values.get(WITHOUT_CLASS)),
        new Tenancy(values.get(HOSTS_OF_OTHERS), values.get(GRANTS)),
        values.get(DEFAULT_BACKEND).orElse(null),
        HTTP.read(values),
        HTTPS.read(values),
        new Tls(
            values.get(MIN_VERSION),
            base.tls().defaultCertificate(),
            base.tls().defaultPrivateKey()),
        values.get(REDIRECT),
        values.isOn(HSTS)
            ? new Hsts(values.get(MAX_AGE), values.get(SUBDOMAINS), values.get(PRELOAD))
            : null,
        new Http1(values.get(HTTP_10), values.get(TRAILERS)),
        new Http2(
            values.get(STREAMS),
            values.get(STREAM_WINDOW).intValue(),
            values.get(CONNECTION_WINDOW).intValue()),
        values.get(INTERIM_RESPONSES),
        new Timeouts(
            values.get(REQUEST_HEADERS),
            values.get(STREAM_IDLE),
            values.get(CONNECTION_IDLE),
            values.get(BACKEND_IDLE),
            values.get(CONNECT),
            values.get(DRAIN)),
        new Limits(
            (int) (values.get(HEADER_SIZE) / KIB),
            values.get(HEADER_COUNT),
            values.get(BODY),
            (int) (values.get(RESPONSE_HEADER_SIZE) / KIB),
            values.get(RESPONSE_HEADER_COUNT),
            values.get(BUFFER).intValue()),
        values.isOn(ACCESS_LOG) ? new AccessLog(values.get(FORMAT), values.get(LOG_PATH)) : null,
        values.isOn(COMPRESSION)
            ? new Compression(
                values.get(ALGORITHMS),
                values.get(MINIMUM_SIZE).intValue(),
                values.get(CONTENT_TYPES))
            : null,
        values.get(TRUSTED_HOPS),
        new Paths(values.get(ESCAPED_SLASHES), values.get(MERGE_SLASHES)),
        values.get(UNDERSCORES),
        values.get(TRUSTED_HEADERS),
        values.get(EXPLAIN_ERRORS),
        values.get(EXTERNAL_NAME),
        values.get(LOOPBACK_ENDPOINTS),
        values.get(CLUSTER_DOMAIN),
        values.get(IPV6));
  }

  private static Section section(String name, String comment) {
    return register(new Section(name, comment, null, null));
  }

  private static Section optional(
      String name, String comment, Predicate<Settings> isOn, @Nullable String shorthand) {
    return register(new Section(name, comment, isOn, shorthand));
  }

  private static Section register(Section section) {
    SECTIONS.put(section.name(), section);
    return section;
  }

  private static <T> Field<T> field(
      String path, String comment, ValueType<T> type, Function<Settings, T> current) {
    Field<T> field = new Field<>(path, comment, type, current);
    FIELDS.add(field);
    return field;
  }

  private static Field<Duration> timeout(
      String path, String comment, boolean canBeOff, Function<Settings, Duration> current) {
    return field(path, comment, ValueType.duration(Duration.ofMillis(1), YEAR, canBeOff), current);
  }

  private static ValueType<Duration> wholeSeconds(ValueType<Duration> type) {
    return new ValueType<>(
        false,
        texts -> {
          Duration duration = type.reader().read(texts);
          if (duration.toMillis() % 1000 != 0) {
            throw new InvalidValueException(
                "%s is not a number of whole seconds".formatted(texts.getFirst().shown()));
          }
          return duration;
        },
        type.printer());
  }

  private static <T> T orElse(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
