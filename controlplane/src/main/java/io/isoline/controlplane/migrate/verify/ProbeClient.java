package io.isoline.controlplane.migrate.verify;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Sends requests by HTTP/1.1 to a controller at a given address, whatever the names that they are
 * for. Certificates are compared but not verified, as the controller is reached by its address. For
 * any thread.
 */
final class ProbeClient implements AutoCloseable {

  /** So much of a body is read; the rest is left. */
  static final int MOST_BODY_BYTES = 64 << 10;

  private final Target target;
  private final Duration timeout;
  private final Vertx vertx;
  private final HttpClient client;

  /**
   * A client for one side.
   *
   * @param timeout for a request and its answer together
   */
  ProbeClient(Vertx vertx, Target target, Duration timeout, int connections) {
    this.vertx = vertx;
    this.target = target;
    this.timeout = timeout;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setTrustAll(true)
                .setVerifyHost(false)
                .setForceSni(true)
                .setMaxPoolSize(connections)
                .setKeepAliveTimeout(1)
                .setMaxHeaderSize(64 << 10)
                .setMaxInitialLineLength(16 << 10)
                .setConnectTimeout((int) timeout.toMillis()));
  }

  /** Sends a request; the future always has an answer. */
  CompletableFuture<Answer> send(Probe probe) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Target.Address address = target.address(probe.tls());
    if (address == null) {
      throw new IllegalArgumentException(target.name() + " has no address for " + probe);
    }
    RequestOptions options =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(address.port(), address.host()))
            .setSsl(probe.tls())
            .setHost(probe.host())
            .setPort(probe.tls() ? 443 : 80)
            .setMethod(HttpMethod.valueOf(probe.method()))
            .setURI(probe.target());
    options.putHeader("User-Agent", "isoline-migrate-verify");
    options.putHeader("Accept", "*/*");
    probe.headers().forEach(header -> options.putHeader(header.name(), header.value()));
    if (!probe.isSafe()) {
      options.putHeader("Content-Length", "0");
    }
    client
        .request(options)
        .onFailure(thrown -> answer.complete(none(thrown, false)))
        .onSuccess(request -> send(request, answer));
    long timer =
        vertx.setTimer(
            timeout.toMillis(), any -> answer.complete(new Answer.None("timed out", true)));
    return answer.whenComplete((any, thrown) -> vertx.cancelTimer(timer));
  }

  private static void send(HttpClientRequest request, CompletableFuture<Answer> answer) {
    var _ =
        answer.thenAccept(
            given -> {
              if (given instanceof Answer.None) {
                request.reset(); // Nobody wants an answer that comes now.
              }
            });
    request
        .response()
        .onFailure(thrown -> answer.complete(none(thrown, true)))
        .onSuccess(response -> read(response, answer));
    request.end().onFailure(thrown -> answer.complete(none(thrown, true)));
  }

  private static void read(HttpClientResponse response, CompletableFuture<Answer> answer) {
    Buffer body = Buffer.buffer();
    response.exceptionHandler(thrown -> answer.complete(none(thrown, true)));
    response.handler(
        chunk -> {
          int room = MOST_BODY_BYTES - body.length();
          body.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
          if (body.length() == MOST_BODY_BYTES) {
            answer.complete(response(response, body));
            response.request().reset();
          }
        });
    response.endHandler(end -> answer.complete(response(response, body)));
  }

  private static Answer response(HttpClientResponse response, Buffer body) {
    SortedMap<String, List<String>> headers = new TreeMap<>();
    response
        .headers()
        .forEach(
            (name, value) ->
                headers
                    .computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new ArrayList<>())
                    .add(value));
    return new Answer.Response(
        response.statusCode(),
        headers,
        new String(body.getBytes(), StandardCharsets.ISO_8859_1),
        certificate(response));
  }

  private static String certificate(HttpClientResponse response) {
    try {
      if (!response.request().connection().isSsl()) {
        return "";
      }
      List<Certificate> chain = response.request().connection().peerCertificates();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain.getFirst().getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (SSLPeerUnverifiedException
        | CertificateEncodingException
        | NoSuchAlgorithmException e) {
      return "";
    }
  }

  private static Answer.None none(Throwable thrown, boolean connected) {
    return new Answer.None(
        switch (thrown) {
          case UnknownHostException _ -> "its address is not known";
          case ConnectException e when String.valueOf(e.getMessage()).contains("refused") ->
              "connection refused";
          case ConnectException _ -> "it cannot be reached";
          case TimeoutException _ -> "timed out";
          case SSLException _ -> "TLS failed";
          default -> connected ? "the connection was closed" : "no connection";
        },
        connected || thrown instanceof SSLException);
  }

  @Override
  public void close() {
    var _ = client.close();
  }
}
