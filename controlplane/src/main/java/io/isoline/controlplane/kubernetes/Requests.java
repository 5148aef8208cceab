package io.isoline.controlplane.kubernetes;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Sends GET requests to an API server, once each, and tells the ways apart in which they fail. */
final class Requests {

  private static final int MAX_ERROR_BYTES = 64 << 10;

  private final HttpClient client;
  private final String address;
  private final Duration patience;

  /**
   * Requests with the credentials of a server.
   *
   * @param patience how long an answer may take to begin
   */
  Requests(ApiServer server, Duration patience) {
    var never =
        new RequestConfigBuilder(server.client().getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .build();
    this.client = server.client().getHttpClient().newBuilder().tag(never).build();
    this.address = server.address();
    this.patience = patience;
  }

  /**
   * Sends a request and waits for the head of its answer.
   *
   * @param path the path and the query of the URL
   * @param silence after this time without anything new, reading the body fails
   * @return the body of an answer 200, which the caller closes
   */
  ResponseBody get(String path, Duration silence) throws ReadFailure, InterruptedException {
    ResponseBody body = new ResponseBody(silence);
    CompletableFuture<HttpResponse<AsyncBody>> answer =
        client.consumeBytes(
            client
                .newHttpRequestBuilder()
                .uri(address + path)
                .header("Accept", "application/json")
                .build(),
            body);
    HttpResponse<AsyncBody> response = await(answer);
    body.attach(response.body());
    if (response.code() != 200) {
      try (body) {
        throw refusal(response, body);
      }
    }
    return body;
  }

  private HttpResponse<AsyncBody> await(CompletableFuture<HttpResponse<AsyncBody>> answer)
      throws ReadFailure, InterruptedException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      abandon(answer);
      throw ReadFailure.unreachable("no answer within " + patience.toSeconds() + " s");
    } catch (InterruptedException e) {
      abandon(answer);
      throw e;
    } catch (ExecutionException | CancellationException e) {
      throw failure(e);
    }
  }

  /** Gives up an answer that nobody wants any more. */
  private static void abandon(CompletableFuture<HttpResponse<AsyncBody>> answer) {
    var _ = answer.thenAccept(response -> response.body().cancel());
  }

  private static ReadFailure failure(Throwable thrown) {
    String message = ServerConfig.rootMessage(thrown);
    boolean untrusted = false;
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      // A connection that breaks during the handshake is an SSLException, too, but not at bottom.
      untrusted |=
          e instanceof GeneralSecurityException
              || (e instanceof SSLException && e.getCause() == null);
    }
    return untrusted
        ? new ReadFailure(ReadFailure.Cause.UNTRUSTED, 0, message, Duration.ZERO)
        : ReadFailure.unreachable(message);
  }

  private static ReadFailure refusal(HttpResponse<AsyncBody> response, ResponseBody body) {
    String text = "";
    try {
      text = new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // The status says enough.
    }
    Duration retryAfter = Duration.ZERO;
    String header = response.header("Retry-After");
    if (header != null && header.matches("[0-9]{1,4}")) {
      retryAfter = Duration.ofSeconds(Integer.parseInt(header));
    }
    return ReadFailure.ofStatus(
        response.code(), message(response.code(), text), retryAfter);
  }

  /** What a {@code Status} object says; of any other answer its code. */
  private static String message(int code, String text) {
    try {
      JsonNode status = ItemReader.JSON.readTree(text);
      String message = status.path("message").asText("");
      if (!message.isEmpty()) {
        return message.lines().findFirst().orElse(message) + " (" + code + ")";
      }
    } catch (JacksonException e) {
      // An answer of something that is not an API server.
    }
    return "it answers " + code;
  }
}
