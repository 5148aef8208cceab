package io.isoline.controlplane.credentials;

import com.google.rpc.Code;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.stub.StreamObserver;
import io.isoline.translator.credentials.CheckContext;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC service that tells Envoy whether a request may pass.
 *
 * <p>A request that may not pass gets 401 with the realm. When that cannot be decided, for example
 * because the route brings no list, the request gets 503.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/service/auth/v3/external_auth.proto">Authorization
 *     Service</a>
 */
final class CredentialsService extends AuthorizationGrpc.AuthorizationImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(CredentialsService.class);
  private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final String AUTHORIZATION = "authorization";

  /** Lets a request pass, without its password: the backend does not get that, as with nginx. */
  private static final CheckResponse GRANTED =
      CheckResponse.newBuilder()
          .setStatus(status(Code.OK))
          .setOkResponse(OkHttpResponse.newBuilder().addHeadersToRemove(AUTHORIZATION))
          .build();

  private static final CheckResponse UNAVAILABLE =
      CheckResponse.newBuilder()
          .setStatus(status(Code.UNAVAILABLE))
          .setDeniedResponse(
              DeniedHttpResponse.newBuilder()
                  .setStatus(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable)))
          .build();

  private final Authenticator authenticator;
  private final AtomicLong busy = new AtomicLong();
  private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARNING_NANOS);

  CredentialsService(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
    Map<String, String> context = request.getAttributes().getContextExtensionsMap();
    String users = context.get(CheckContext.USERS);
    if (users == null) {
      answer(observer, UNAVAILABLE);
      return;
    }
    CheckResponse denied = denied(context.getOrDefault(CheckContext.REALM, ""));
    BasicCredentials credentials = BasicCredentials.parse(header(request));
    if (credentials == null) {
      answer(observer, denied);
      return;
    }
    var _ =
        authenticator
            .check(users, credentials)
            .thenAccept(
                answer ->
                    answer(
                        observer,
                        switch (answer) {
                          case GRANTED -> GRANTED;
                          case REFUSED -> denied;
                          case BUSY -> busy();
                        }))
            .exceptionally(
                failure -> {
                  // gRPC refuses an answer to a question that Envoy has given up; that is all.
                  LOG.debug("no answer: {}", failure.getClass().getName());
                  return null;
                });
  }

  private static @Nullable String header(CheckRequest request) {
    return request.getAttributes().getRequest().getHttp().getHeadersMap().get(AUTHORIZATION);
  }

  private static void answer(StreamObserver<CheckResponse> observer, CheckResponse response) {
    observer.onNext(response);
    observer.onCompleted();
  }

  private CheckResponse busy() {
    long count = busy.incrementAndGet();
    long last = lastWarning.get();
    long now = System.nanoTime();
    if (now - last >= WARNING_NANOS && lastWarning.compareAndSet(last, now)) {
      LOG.warn(
          "more passwords to compare than can be: 503 for {} requests so far. Somebody guesses"
              + " passwords, or hashes are of a high cost",
          count);
    }
    return UNAVAILABLE;
  }

  private static CheckResponse denied(String realm) {
    return CheckResponse.newBuilder()
        .setStatus(status(Code.UNAUTHENTICATED))
        .setDeniedResponse(
            DeniedHttpResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(StatusCode.Unauthorized))
                .addHeaders(
                    HeaderValueOption.newBuilder()
                        .setHeader(
                            HeaderValue.newBuilder()
                                .setKey("WWW-Authenticate")
                                .setValue("Basic realm=\"" + escaped(realm) + "\""))))
        .build();
  }

  /** The realm in a quoted string of RFC 9110, in which a control character cannot be. */
  private static String escaped(String realm) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < realm.length(); i++) {
      char c = realm.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(Character.isISOControl(c) ? ' ' : c);
    }
    return text.toString();
  }

  private static com.google.rpc.Status status(Code code) {
    return com.google.rpc.Status.newBuilder().setCode(code.getNumber()).build();
  }
}
