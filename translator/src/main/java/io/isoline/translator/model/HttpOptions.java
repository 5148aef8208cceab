package io.isoline.translator.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done with requests, whatever their host. All values are final.
 *
 * @param trustedHops how many proxies in front of Envoy are trusted to have set X-Forwarded-For,
 *     -Proto, -Host and -Port; 0 replaces what a client sent
 * @param trustedHeaders which of {@link io.isoline.translator.ClientHeaders} are passed on all the
 *     same
 * @param headersWithUnderscores what happens to a request with such a header name
 * @param paths which spellings of a path are made one before it is matched
 * @param http1 what of HTTP/1 is spoken
 * @param http2 limits of HTTP/2 connections
 * @param interimResponses whether the first interim answer of a backend (100, 103) is passed on, and
 *     with it {@code Expect: 100-continue} to the backend; else Envoy answers that itself. With a
 *     limit of request bodies it does so in either case, as it holds a request back until it has all
 *     of the body
 * @param timeouts how long Envoy waits for clients
 * @param limits how much a client may send
 * @param accessLog null for none
 * @param compression null for none
 * @param explainErrors whether answers of Envoy itself have a body that says why
 */
public record HttpOptions(
    int trustedHops,
    List<String> trustedHeaders,
    HeadersWithUnderscores headersWithUnderscores,
    Paths paths,
    Http1 http1,
    Http2 http2,
    boolean interimResponses,
    Timeouts timeouts,
    Limits limits,
    @Nullable AccessLog accessLog,
    @Nullable Compression compression,
    boolean explainErrors) {

  /** Where the operator chose nothing. */
  public static final HttpOptions DEFAULTS =
      new HttpOptions(
          0,
          List.of(),
          HeadersWithUnderscores.REJECT,
          new Paths(Paths.EscapedSlashes.DECODE, true),
          new Http1(true, false),
          new Http2(128, 65_536, 1_048_576),
          true,
          new Timeouts(
              Duration.ofSeconds(30),
              Duration.ofMinutes(5),
              Duration.ofHours(1),
              Duration.ofSeconds(5)),
          new Limits(60, 100, 0),
          null,
          null,
          true);

  public HttpOptions {
    trustedHeaders = List.copyOf(trustedHeaders);
  }

  /** The same, with so many proxies in front of Envoy that are trusted. */
  public HttpOptions withTrustedHops(int hops) {
    return new HttpOptions(
        hops,
        trustedHeaders,
        headersWithUnderscores,
        paths,
        http1,
        http2,
        interimResponses,
        timeouts,
        limits,
        accessLog,
        compression,
        explainErrors);
  }

  /** The same, with something else that happens to such headers. */
  public HttpOptions with(HeadersWithUnderscores other) {
    return new HttpOptions(
        trustedHops,
        trustedHeaders,
        other,
        paths,
        http1,
        http2,
        interimResponses,
        timeouts,
        limits,
        accessLog,
        compression,
        explainErrors);
  }

  /**
   * HTTP/1.
   *
   * @param http10 whether clients of HTTP/1.0 are answered; else they get 426
   * @param trailers whether trailers of chunked messages are passed on, in both directions; else
   *     they are dropped, and with them the header {@code Trailer} that announces them
   */
  public record Http1(boolean http10, boolean trailers) {}

  /**
   * HTTP/2 with clients.
   *
   * @param maxConcurrentStreams per connection, 1 to 2^31-1
   * @param initialStreamWindowBytes 65,535 to 2^31-1
   * @param initialConnectionWindowBytes 65,535 to 2^31-1
   */
  public record Http2(
      int maxConcurrentStreams, int initialStreamWindowBytes, int initialConnectionWindowBytes) {}

  /**
   * Times that clients are given. A duration of zero switches the limit off.
   *
   * @param requestHeaders from the first byte of a request to the end of its headers
   * @param streamIdle without a byte in either direction, a request ends
   * @param connectionIdle a client's connection without requests is closed
   * @param drain from the first sign of closing a connection to its end
   */
  public record Timeouts(
      Duration requestHeaders, Duration streamIdle, Duration connectionIdle, Duration drain) {}

  /**
   * Sizes of requests.
   *
   * @param headerKilobytes all headers of a request, 1 to 8192
   * @param headerCount 1 to 10,000
   * @param bodyBytes 0 for no limit; else longer bodies get 413
   */
  public record Limits(int headerKilobytes, int headerCount, long bodyBytes) {}

  /**
   * A line for each request.
   *
   * @param path a file, {@code /dev/stdout} or {@code /dev/stderr}
   */
  public record AccessLog(Format format, String path) {
    /** How a line looks. */
    public enum Format {
      TEXT,
      JSON
    }
  }

  /**
   * Compression of responses for clients that accept it.
   *
   * @param algorithms in order of preference
   * @param minimumBytes shorter responses are left alone
   * @param contentTypes without parameters
   */
  public record Compression(
      List<Algorithm> algorithms, int minimumBytes, List<String> contentTypes) {
    public Compression {
      algorithms = List.copyOf(algorithms);
      contentTypes = List.copyOf(contentTypes);
    }

    /** A content coding. */
    public enum Algorithm {
      GZIP,
      BROTLI,
      ZSTD
    }
  }

  /**
   * What is made of slashes in the paths of requests, before they are matched and sent on.
   *
   * @param escapedSlashes what happens to {@code %2F} and {@code %5C}
   * @param mergeSlashes whether several slashes in a row become one; with {@link
   *     EscapedSlashes#REDIRECT} they do in any case, as a client that is redirected to a path with
   *     two at its start goes to another host
   */
  public record Paths(EscapedSlashes escapedSlashes, boolean mergeSlashes) {

    /** How an escaped slash is taken. */
    public enum EscapedSlashes {
      /** It stays, and counts as a slash where paths are matched. */
      KEEP,
      /** 400. */
      REJECT,
      /** 307 to the path with slashes. */
      REDIRECT,
      /** It becomes a slash. */
      DECODE
    }

    public boolean keepsEscapes() {
      return escapedSlashes == EscapedSlashes.KEEP;
    }

    public boolean merges() {
      return mergeSlashes || escapedSlashes == EscapedSlashes.REDIRECT;
    }

    /** Whether a backend may get a slash in more than one spelling. */
    public boolean leavesSlashes() {
      return keepsEscapes() || !merges();
    }
  }

  /** What happens to a request that has a header with an underscore in its name. */
  public enum HeadersWithUnderscores {
    REJECT,
    DROP,
    ALLOW
  }
}
