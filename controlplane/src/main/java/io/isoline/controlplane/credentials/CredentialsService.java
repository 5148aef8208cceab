package io.isoline.controlplane.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.rpc.Code;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.isoline.controlplane.access.AskedRequest;
import io.isoline.controlplane.access.Cancellation;
import io.isoline.controlplane.access.ExternalAuthority;
import io.isoline.translator.credentials.CheckContext;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.credentials.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
  private static final String SET_COOKIE = "Set-Cookie";

  /** The text of the checks that are kept in parsed form, which takes some times as much. */
  private static final int CHECK_CHARACTERS = 1 << 20;

  private final Authenticator authenticator;
  private final ExternalAuthority authority;
  private final Cache<String, ExternalCheck> checks =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(CHECK_CHARACTERS)
          .<String, ExternalCheck>weigher((text, check) -> text.length())
          .build();
  private final AtomicLong busy = new AtomicLong();
  private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARNING_NANOS);

  CredentialsService(Authenticator authenticator, ExternalAuthority authority) {
    this.authenticator = authenticator;
    this.authority = authority;
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
    Map<String, String> context = request.getAttributes().getContextExtensionsMap();
    AskedRequest asked = AskedRequest.of(request.getAttributes());
    Cancellation cancellation = new Cancellation();
    if (observer instanceof ServerCallStreamObserver<CheckResponse> call) {
      call.setOnCancelHandler(cancellation::cancel);
    }
    ExternalCheck external = null;
    String text = context.get(CheckContext.EXTERNAL);
    if (text != null) {
      try {
        external = checks.get(text, ExternalCheck::parse);
      } catch (IllegalArgumentException e) {
        // Of another version: nobody knows what it asks for.
        LOG.warn("a route has a check that cannot be read: {}", e.getMessage());
        answer(observer, response(CheckDecision.Deny.BUSY, asked, null));
        return;
      }
    }
    ExternalCheck check = external;
    var _ =
        decide(context, asked, check, cancellation)
            .thenAccept(decision -> answer(observer, response(decision, asked, check)))
            .exceptionally(
                failure -> {
                  // gRPC refuses an answer to a question that Envoy has given up; that is all.
                  LOG.debug("no answer: {}", failure.getClass().getName());
                  return null;
                });
  }

  private CompletableFuture<CheckDecision> decide(
      Map<String, String> context,
      AskedRequest asked,
      @Nullable ExternalCheck check,
      Cancellation cancellation) {
    String users = context.get(CheckContext.USERS);
    if (users == null) {
      return check == null
          ? CompletableFuture.completedFuture(CheckDecision.Deny.BUSY)
          : ask(context, asked, check, cancellation);
    }
    CompletableFuture<CheckDecision> byPassword =
        byPassword(users, context.getOrDefault(CheckContext.REALM, ""), asked);
    if (check == null) {
      return byPassword;
    }
    boolean any = context.containsKey(CheckContext.ANY);
    return byPassword.thenCompose(
        password ->
            any == password instanceof CheckDecision.Pass
                ? CompletableFuture.completedFuture(password)
                : ask(context, asked, check, cancellation)
                    .thenApply(service -> together(password, service)));
  }

  /** What comes of it when the password alone did not decide. */
  private static CheckDecision together(CheckDecision password, CheckDecision service) {
    return switch (service) {
      case CheckDecision.Pass pass -> pass.withoutPassword();
      case CheckDecision.Deny deny ->
          password instanceof CheckDecision.Deny first
              ? CheckDecision.neither(first, deny)
              : deny;
    };
  }

  private CompletableFuture<CheckDecision> ask(
      Map<String, String> context,
      AskedRequest asked,
      ExternalCheck check,
      Cancellation cancellation) {
    return authority
        .ask(
            context.getOrDefault(CheckContext.EXTERNAL, ""),
            check,
            context.containsKey(CheckContext.LOOPBACK),
            asked,
            cancellation)
        .thenApply(CheckDecision::of);
  }

  private CompletableFuture<CheckDecision> byPassword(
      String users, String realm, AskedRequest asked) {
    CheckDecision refused =
        new CheckDecision.Deny(401, "Basic realm=\"" + escaped(realm) + "\"", List.of());
    BasicCredentials credentials =
        BasicCredentials.parse(asked.header(CheckDecision.AUTHORIZATION));
    if (credentials == null) {
      return CompletableFuture.completedFuture(refused);
    }
    return authenticator
        .check(users, credentials)
        .thenApply(
            answer ->
                switch (answer) {
                  case GRANTED -> CheckDecision.Pass.BY_PASSWORD;
                  case REFUSED -> refused;
                  case BUSY -> {
                    warn();
                    yield CheckDecision.Deny.BUSY;
                  }
                });
  }

  private static void answer(StreamObserver<CheckResponse> observer, CheckResponse response) {
    observer.onNext(response);
    observer.onCompleted();
  }

  private void warn() {
    long count = busy.incrementAndGet();
    long last = lastWarning.get();
    long now = System.nanoTime();
    if (now - last >= WARNING_NANOS && lastWarning.compareAndSet(last, now)) {
      LOG.warn(
          "more passwords to compare than can be: 503 for {} requests so far. Somebody guesses"
              + " passwords, or hashes are of a high cost",
          count);
    }
  }

  private static CheckResponse response(
      CheckDecision decision, AskedRequest asked, @Nullable ExternalCheck check) {
    return switch (decision) {
      case CheckDecision.Pass pass -> passed(pass);
      case CheckDecision.Deny deny -> {
        Template page = check == null || deny.status() != 401 ? null : check.signIn();
        yield check == null || page == null
            ? denied(deny)
            : sent(ExternalAuthority.signIn(check, page, asked), deny);
      }
    };
  }

  private static CheckResponse passed(CheckDecision.Pass pass) {
    OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
    pass.headers().forEach(header -> ok.addHeaders(header(header.name(), header.value(), false)));
    ok.addAllHeadersToRemove(pass.removed());
    pass.cookies()
        .forEach(cookie -> ok.addResponseHeadersToAdd(header(SET_COOKIE, cookie, true)));
    return CheckResponse.newBuilder().setStatus(status(Code.OK)).setOkResponse(ok).build();
  }

  private static CheckResponse denied(CheckDecision.Deny deny) {
    DeniedHttpResponse.Builder denied =
        DeniedHttpResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCodeValue(deny.status()))
            .setBody(
                switch (deny.status()) {
                  case 401 -> "the request does not say who may have it";
                  case 403 -> "the authentication service does not let the request pass";
                  case 500 -> "the authentication service does not answer as it should";
                  default -> "nobody can say now whether the request may pass";
                });
    if (deny.challenge() != null) {
      denied.addHeaders(header("WWW-Authenticate", deny.challenge(), false));
    }
    return refusal(denied);
  }

  private static CheckResponse sent(String location, CheckDecision.Deny deny) {
    DeniedHttpResponse.Builder denied =
        DeniedHttpResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCode(StatusCode.Found))
            .addHeaders(header("Location", location, false));
    // Of an answer of its own, Envoy takes each line for one more.
    deny.cookies().forEach(cookie -> denied.addHeaders(header(SET_COOKIE, cookie, false)));
    return refusal(denied);
  }

  private static CheckResponse refusal(DeniedHttpResponse.Builder denied) {
    return CheckResponse.newBuilder()
        .setStatus(status(Code.PERMISSION_DENIED))
        .setDeniedResponse(denied)
        .build();
  }

  private static HeaderValueOption header(String name, String value, boolean append) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(text(value)))
        .setAppendAction(
            append
                ? HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD
                : HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** The characters of bytes that are each a character; what is no UTF-8 stays as it is. */
  private static String text(String bytes) {
    String text =
        new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return text.indexOf('\ufffd') < 0 ? text : bytes;
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
