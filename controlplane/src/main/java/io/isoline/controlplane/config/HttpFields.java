package io.isoline.controlplane.config;

import static java.util.Objects.requireNonNullElse;

import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.HttpOptions.AccessLog;
import io.isoline.translator.model.HttpOptions.Compression;
import io.isoline.translator.model.HttpOptions.Compression.Algorithm;
import io.isoline.translator.model.HttpOptions.HeadersWithUnderscores;
import io.isoline.translator.model.HttpOptions.Http1;
import io.isoline.translator.model.HttpOptions.Http2;
import io.isoline.translator.model.HttpOptions.Limits;
import io.isoline.translator.model.HttpOptions.Paths;
import io.isoline.translator.model.HttpOptions.Paths.EscapedSlashes;
import io.isoline.translator.model.HttpOptions.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The fields of {@link HttpOptions}. */
final class HttpFields {

  private static final FieldTable FIELDS = new FieldTable();

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

  static {
    FIELDS.section("http1", "HTTP/1 with clients and backends.");
  }

  private static final Field<Boolean> HTTP_10 =
      FIELDS.field(
          "http1.http10",
          "Whether clients of HTTP/1.0 are answered; else they get 426.",
          ValueType.flag(),
          s -> s.http().http1().http10());
  private static final Field<Boolean> TRAILERS =
      FIELDS.field(
          "http1.trailers",
          "Whether trailers are passed on, in both directions; else they are dropped, and with them"
              + "\nthe header Trailer.",
          ValueType.flag(),
          s -> s.http().http1().trailers());

  static {
    FIELDS.section("http2", "HTTP/2 with clients.");
  }

  private static final Field<Integer> STREAMS =
      FIELDS.field(
          "http2.maxConcurrentStreams",
          "Requests at the same time on one connection.",
          ValueType.number(1, Integer.MAX_VALUE),
          s -> s.http().http2().maxConcurrentStreams());
  private static final Field<Long> STREAM_WINDOW =
      FIELDS.field(
          "http2.initialStreamWindow",
          "What a client may send for one request before Envoy has passed it on; 65535 at least.",
          ValueType.size(65_535, Integer.MAX_VALUE, 1),
          s -> (long) s.http().http2().initialStreamWindowBytes());
  private static final Field<Long> CONNECTION_WINDOW =
      FIELDS.field(
          "http2.initialConnectionWindow",
          "The same for all requests of a connection together.",
          ValueType.size(65_535, Integer.MAX_VALUE, 1),
          s -> (long) s.http().http2().initialConnectionWindowBytes());

  private static final Field<Boolean> INTERIM_RESPONSES =
      FIELDS.field(
          "interimResponses",
          "Whether the first interim answer of a backend (103 Early Hints) is passed on. Then"
              + " the backend\n"
              + "answers Expect: 100-continue, else Envoy does; with limits.requestBody always Envoy.",
          ValueType.flag(),
          s -> s.http().interimResponses());

  static {
    FIELDS.section("timeouts", "How long Envoy waits: 30s, 5m, 1h30m; off for no limit.");
  }

  private static final Field<Duration> REQUEST_HEADERS =
      FIELDS.timeout(
          "timeouts.requestHeaders",
          "From the first byte of a request to the end of its headers.",
          true,
          s -> s.http().timeouts().requestHeaders());
  private static final Field<Duration> STREAM_IDLE =
      FIELDS.timeout(
          "timeouts.streamIdle",
          "A request ends after this time without a byte in either direction.",
          true,
          s -> s.http().timeouts().streamIdle());
  private static final Field<Duration> CONNECTION_IDLE =
      FIELDS.timeout(
          "timeouts.connectionIdle",
          "A client's connection is closed after this time without a request.",
          true,
          s -> s.http().timeouts().connectionIdle());
  private static final Field<Duration> DRAIN =
      FIELDS.timeout(
          "timeouts.drain",
          "From the first sign of closing a connection to its end.",
          true,
          s -> s.http().timeouts().drain());

  static {
    FIELDS.section(
        "limits", "How much a client or a backend may send: 64KiB, 10MiB, or a number of bytes.");
  }

  private static final Field<Long> HEADER_SIZE =
      FIELDS.field(
          "limits.requestHeaders",
          "All headers of a request together: 1KiB to 8MiB in whole KiB. Longer ones get 431,\n"
              + "over HTTP/2 their stream is reset.",
          ValueType.size(FieldTable.KIB, 8192 * FieldTable.KIB, FieldTable.KIB),
          s -> s.http().limits().headerKilobytes() * FieldTable.KIB);
  private static final Field<Integer> HEADER_COUNT =
      FIELDS.field(
          "limits.requestHeaderCount",
          "How many headers a request may have.",
          ValueType.number(1, 10_000),
          s -> s.http().limits().headerCount());
  private static final Field<Long> BODY =
      FIELDS.field(
          "limits.requestBody",
          "The body of a request; longer ones get 413. 0 for no limit.",
          ValueType.size(0, 1L << 40, 1),
          s -> s.http().limits().bodyBytes());
  private static final Section ACCESS_LOG =
      FIELDS.optional(
          "accessLog",
          "A line for each request. A lone text or json is the format.",
          s -> s.http().accessLog() != null,
          "format");
  private static final Field<AccessLog.Format> FORMAT =
      FIELDS.field(
          "accessLog.format",
          "text or json.",
          ValueType.oneOf(
              Map.entry("text", AccessLog.Format.TEXT), Map.entry("json", AccessLog.Format.JSON)),
          s -> requireNonNullElse(s.http().accessLog(), ACCESS_LOG_ON).format());
  private static final Field<String> LOG_PATH =
      FIELDS.field(
          "accessLog.path",
          "A file on Envoy's machine, or /dev/stdout.",
          ValueType.file(),
          s -> requireNonNullElse(s.http().accessLog(), ACCESS_LOG_ON).path());

  private static final Section COMPRESSION =
      FIELDS.optional(
          "compression",
          "Compression of responses for clients that accept it.",
          s -> s.http().compression() != null,
          null);
  private static final Field<List<Algorithm>> ALGORITHMS =
      FIELDS.field(
          "compression.algorithms",
          "In order of preference: brotli, gzip, zstd.",
          ValueType.listOf(
              ValueType.oneOf(
                  Map.entry("brotli", Algorithm.BROTLI),
                  Map.entry("gzip", Algorithm.GZIP),
                  Map.entry("zstd", Algorithm.ZSTD))),
          s -> requireNonNullElse(s.http().compression(), COMPRESSION_ON).algorithms());
  private static final Field<Long> MINIMUM_SIZE =
      FIELDS.field(
          "compression.minimumSize",
          "Shorter responses are left alone.",
          ValueType.size(1, 1L << 30, 1),
          s -> (long) requireNonNullElse(s.http().compression(), COMPRESSION_ON).minimumBytes());
  private static final Field<List<String>> CONTENT_TYPES =
      FIELDS.field(
          "compression.contentTypes",
          "Which content types are compressed.",
          ValueType.listOf(ValueType.contentType()),
          s -> requireNonNullElse(s.http().compression(), COMPRESSION_ON).contentTypes());

  private static final Field<Integer> TRUSTED_HOPS =
      FIELDS.field(
          "trustedHops",
          "How many proxies in front of Envoy are trusted to have set X-Forwarded-For, -Proto,"
              + " -Host\n"
              + "and -Port; 0 replaces what a client sent.",
          ValueType.number(0, 100),
          s -> s.http().trustedHops());
  static {
    FIELDS.section(
        "paths", "Slashes in the paths of requests, before they are matched and sent on.");
  }

  private static final Field<EscapedSlashes> ESCAPED_SLASHES =
      FIELDS.field(
          "paths.escapedSlashes",
          "What happens to %2F and %5C: decode them, redirect the client to the path with slashes"
              + " (307),\nkeep them, or reject the request (400). Kept ones count as slashes for"
              + " rules.",
          ValueType.oneOf(
              Map.entry("decode", EscapedSlashes.DECODE),
              Map.entry("redirect", EscapedSlashes.REDIRECT),
              Map.entry("keep", EscapedSlashes.KEEP),
              Map.entry("reject", EscapedSlashes.REJECT)),
          s -> s.http().paths().escapedSlashes());
  private static final Field<Boolean> MERGE_SLASHES =
      FIELDS.field(
          "paths.mergeSlashes",
          "Whether several slashes in a row become one; with redirect they always do.",
          ValueType.flag(),
          s -> s.http().paths().mergeSlashes());

  private static final Field<HeadersWithUnderscores> UNDERSCORES =
      FIELDS.field(
          "headersWithUnderscores",
          "What happens to a request with an underscore in the name of a header:"
              + "\nreject the request, drop the header, or allow it. For the controller of"
              + " ingress-nginx, reject\ndrops it, as there.",
          ValueType.oneOf(
              Map.entry("reject", HeadersWithUnderscores.REJECT),
              Map.entry("drop", HeadersWithUnderscores.DROP),
              Map.entry("allow", HeadersWithUnderscores.ALLOW)),
          s -> s.http().headersWithUnderscores());
  private static final Field<List<String>> TRUSTED_HEADERS =
      FIELDS.field(
          "trustedHeaders",
          "Request headers that are passed on although they name an identity, a scheme, an address"
              + " or\nanother path, and are dropped otherwise: [x-auth-request-user, ssl-client-*]."
              + "\nThe list is in docs/ingress.md.",
          ValueType.listOrNone(ValueType.clientHeader()),
          s -> s.http().trustedHeaders());
  private static final Field<Boolean> EXPLAIN_ERRORS =
      FIELDS.field(
          "explainErrors",
          "Whether the answers of Envoy itself, 404 and 503 for example, have a short body that"
              + " says why:\nas text, HTML or JSON, as the client accepts it.",
          ValueType.flag(),
          s -> s.http().explainErrors());

  private HttpFields() {}

  static FieldTable table() {
    return FIELDS;
  }

  /** Makes the {@link HttpOptions} that a file asks for. */
  static HttpOptions read(ConfiguredValues values) {
    return new HttpOptions(
        values.get(TRUSTED_HOPS),
        values.get(TRUSTED_HEADERS),
        values.get(UNDERSCORES),
        new Paths(values.get(ESCAPED_SLASHES), values.get(MERGE_SLASHES)),
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
            values.get(DRAIN)),
        new Limits(
            (int) (values.get(HEADER_SIZE) / FieldTable.KIB),
            values.get(HEADER_COUNT),
            values.get(BODY)),
        values.isOn(ACCESS_LOG) ? new AccessLog(values.get(FORMAT), values.get(LOG_PATH)) : null,
        values.isOn(COMPRESSION)
            ? new Compression(
                values.get(ALGORITHMS),
                values.get(MINIMUM_SIZE).intValue(),
                values.get(CONTENT_TYPES))
            : null,
        values.get(EXPLAIN_ERRORS));
  }
}
