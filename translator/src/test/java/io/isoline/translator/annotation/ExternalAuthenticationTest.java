package io.isoline.translator.annotation;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import io.isoline.translator.IngressBuilder;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.World;
import io.isoline.translator.credentials.CheckContext;
import io.isoline.translator.credentials.ExternalCheck;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.ConfigMapRecord;
import io.isoline.translator.kube.SecretRecord;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which service is asked about which routes, and what is said where none can be. */
final class ExternalAuthenticationTest {

  private static final String NGINX = Annotations.NGINX_PREFIX;
  private static final String URL = "http://auth.default.svc.cluster.local/check";

  private static IngressBuilder annotated(String... keysAndValues) {
    IngressBuilder ingress = ingress("a").host("a.test").prefix("/", "svc", 80);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      ingress.annotation(NGINX + keysAndValues[i], keysAndValues[i + 1]);
    }
    return ingress;
  }

  private static World world(String... keysAndValues) {
    return World.of(service("svc", 80), annotated(keysAndValues).build());
  }

  private static Map<String, Any> filters(World world) {
    return Objects.requireNonNull(world.routes().route("http", "a.test", "/"))
        .getTypedPerFilterConfigMap();
  }

  private static Map<String, String> context(World world) {
    Any config = filters(world).get("isoline.access");
    try {
      return config == null
          ? Map.of()
          : config.unpack(ExtAuthzPerRoute.class).getCheckSettings().getContextExtensionsMap();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static RBAC addresses(World world) throws InvalidProtocolBufferException {
    return Objects.requireNonNull(filters(world).get("isoline.addresses"))
        .unpack(RBACPerRoute.class)
        .getRbac();
  }

  private static ExternalCheck check(World world) {
    return ExternalCheck.parse(Objects.requireNonNull(context(world).get(CheckContext.EXTERNAL)));
  }

  private static Verdict verdict(World world, String key) {
    return world.verdict("a", "metadata.annotations[" + NGINX + key + "]");
  }

  @Test
  void authUrl_alone_asksAsNginxDoes() {
    World world = world("auth-url", URL);
    assertEquals("default/svc/80", world.request("a.test", "/"));
    ExternalCheck check = check(world);
    assertEquals("default/a", check.owner());
    assertEquals(URL, check.url().text());
    assertEquals("", check.method());
    assertNull(check.signIn());
    assertNull(check.cacheKey());
    assertEquals(List.of(CheckContext.EXTERNAL), List.copyOf(context(world).keySet()));
    assertEquals(Outcome.APPLIED, verdict(world, "auth-url").outcome());
  }

  @Test
  void allOfThem_areInTheCheck() {
    World world =
        world(
            "auth-url", URL,
            "auth-method", "POST",
            "auth-response-headers", "X-User,X-Groups , x-user",
            "auth-request-redirect", "/home",
            "auth-cache-key", "$remote_user$http_authorization",
            "auth-cache-duration", "200 1m");
    ExternalCheck check = check(world);
    assertEquals("POST", check.method());
    assertEquals(List.of("x-user", "x-groups"), check.responseHeaders());
    assertEquals("/home", check.requestRedirect());
    assertEquals(60, check.cacheTimes().getFirst().seconds());
    assertNotNull(check.cacheKey());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://l.example/s | | https://l.example/s?rd=$pass_access_scheme://$http_host$escaped_request_uri",
        "https://l.example/s?a=b | | https://l.example/s?a=b&rd=$pass_access_scheme://$http_host$escaped_request_uri",
        "https://l.example/s?rd=/x | | https://l.example/s?rd=/x",
        "https://l.example/s?rd= | | https://l.example/s?rd=&rd=$pass_access_scheme://$http_host$escaped_request_uri",
        "https://l.example/s?rd=/x | next | https://l.example/s?rd=/x&next=$pass_access_scheme://$http_host$escaped_request_uri",
        "/start | | /start?rd=$pass_access_scheme://$http_host$escaped_request_uri",
      })
  void signin_getsTheWayBackUnlessItHasOne(String page, String parameter, String expected) {
    World world =
        parameter == null
            ? world("auth-url", URL, "auth-signin", page)
            : world("auth-url", URL, "auth-signin", page, "auth-signin-redirect-param", parameter);
    assertEquals(expected, Objects.requireNonNull(check(world).signIn()).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://l.example/{x}", "//evil.example/", "javascript:x", "https://l/\nX: y", "https://l/$nosuch"})
  void signin_thatIsNoPage_leavesThe401(String page) {
    World world = world("auth-url", URL, "auth-signin", page);
    assertNull(check(world).signIn());
    assertEquals(Outcome.REFUSED, verdict(world, "auth-signin").outcome());
  }

  /** Of patterns with a choice in them, each character of a text takes a piece of the stack. */
  @ParameterizedTest
  @ValueSource(strings = {"auth-url", "auth-signin", "auth-cache-key", "auth-cache-duration"})
  void valueOfAnyLength_isRefused(String key) {
    for (String text : List.of("a", "%41", "http://a/", "$host", "1m ")) {
      World world = world("auth-url", URL, key, "https://l.example/" + text.repeat(100_000));
      assertEquals(Outcome.REFUSED, verdict(world, key).outcome());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth-url | ftp://auth/",
        "auth-url | http://auth/{a}",
        "auth-url | http://auth/$nosuch",
        "auth-url | http://169.254.169.254/latest",
        "auth-url | http://0.0.0.0/",
        "auth-method | FETCH",
        "auth-method | post",
        "auth-method | CONNECT",
        "auth-response-headers | X-User;",
        "auth-response-headers | Host",
        "auth-response-headers | X-Envoy-Peer",
        "auth-proxy-set-headers | other/headers",
        "auth-proxy-set-headers | headers",
        "auth-snippet | proxy_set_header X y;",
      })
  void valueThatCannotBePutInForce_closes(String key, String value) {
    World world = world("auth-url", URL, key, value);
    assertEquals("503", world.request("a.test", "/"));
    Verdict verdict = verdict(world, key);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("get 503"), verdict.message());
    assertFalse(verdict.fix().isEmpty());
  }

  /** With ingress-nginx, the first two of them let everybody in. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth-cache-duration | '\"; junk {'",
        "auth-request-redirect | /back#x",
        "auth-always-set-cookie | maybe",
        "auth-cache-key | a b;",
        "auth-cache-key | $nosuch",
        "auth-signin-redirect-param | a=b",
        "auth-keepalive | x",
      })
  void valueThatIsRefused_leavesTheQuestion(String key, String value) {
    World world = world("auth-url", URL, "auth-cache-key", "$host", key, value);
    assertEquals(URL, check(world).url().text());
    assertEquals(Outcome.REFUSED, verdict(world, key).outcome());
    if (key.startsWith("auth-cache")) {
      assertNull(check(world).cacheKey());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1/", "http://localhost:80/", "http://x.localhost/"})
  void thisMachine_isSaid(String url) {
    World world = world("auth-url", url);
    assertFalse(context(world).containsKey(CheckContext.LOOPBACK));
    Verdict verdict = verdict(world, "auth-url");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().contains("allowLoopbackEndpoints"), verdict.message());
    world.configure(
        World.DEFAULTS.with(World.DEFAULTS.services().allowingLoopbackEndpoints(true)));
    assertTrue(context(world).containsKey(CheckContext.LOOPBACK));
  }

  @Test
  void hostOfTheRequest_isAskedWhereHostsAreNamed() {
    assertEquals("https://$host/auth", check(world("auth-url", "https://$host/auth")).url().text());
  }

  /** A client would name a service of its own. */
  @Test
  void hostOfTheRequest_whereHostsMayBeAny_isClosed() {
    World world = new World();
    world.apply(
        service("svc", 80),
        ingress("a").host(null).prefix("/", "svc", 80).annotation(NGINX + "auth-url", "http://$host/").build());
    assertEquals("503", world.request("evil.test", "/"));
    assertEquals(Outcome.REFUSED, verdict(world, "auth-url").outcome());
    world.apply(annotated("auth-url", "http://$host/").defaultBackend("svc", 80).build());
    assertEquals("503", world.request("evil.test", "/"));
    assertEquals("503", world.request("a.test", "/"));
  }

  private static ClusterObject headers(String... keysAndValues) {
    TreeMap<String, String> data = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      data.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new ConfigMapRecord(ObjectRef.configMap("default", "headers"), data, false);
  }

  @Test
  void setHeaders_ofTheConfigMap_areInTheCheck() {
    World world = world("auth-url", URL, "auth-proxy-set-headers", "default/headers");
    assertEquals("503", world.request("a.test", "/"));
    world.apply(headers("X-Host", "$host", "X-Plain", "a %b"));
    assertEquals(
        List.of("x-host $host", "x-plain a %b"),
        check(world).headers().stream().map(h -> h.name() + " " + h.value().text()).toList());
    assertEquals(Outcome.APPLIED, verdict(world, "auth-proxy-set-headers").outcome());
    world.apply(headers("X-Host", "$nosuch"));
    assertEquals("503", world.request("a.test", "/"));
    assertTrue(
        verdict(world, "auth-proxy-set-headers").message().contains("no variable $nosuch"));
  }

  @ParameterizedTest
  @CsvSource({"any, true", "all, false", "either, false", ", false"})
  void satisfy_any_isInTheQuestion(@Nullable String satisfy, boolean any) {
    World world =
        satisfy == null ? world("auth-url", URL) : world("auth-url", URL, "satisfy", satisfy);
    assertEquals(any, context(world).containsKey(CheckContext.ANY));
  }

  /** Who is let in by address is asked nothing; the list alone must not decide. */
  @ParameterizedTest
  @CsvSource({"any, false", "all, true"})
  void satisfy_withAnAddressList_itDecidesOnlyWhereAllIsAsked(String satisfy, boolean decides)
      throws Exception {
    World world =
        world("auth-url", URL, "satisfy", satisfy, "allowlist-source-range", "10.0.0.0/8");
    var rbac = addresses(world);
    assertEquals(decides, rbac.hasMatcher());
    assertEquals(!decides, rbac.hasShadowMatcher());
  }

  /** With nothing else asked for, the list stays what it is. */
  @Test
  void satisfyAny_withAnAddressListAlone_itDecides() throws Exception {
    World world = world("satisfy", "any", "allowlist-source-range", "10.0.0.0/8");
    var rbac = addresses(world);
    assertTrue(rbac.hasMatcher());
    assertFalse(rbac.hasShadowMatcher());
    assertEquals(Map.of(), context(world));
  }

  @Test
  void passwordAndService_areInOneQuestion() {
    World world =
        World.of(
            service("svc", 80),
            new SecretRecord(
                ObjectRef.secret("default", "users"),
                "Opaque",
                new TreeMap<>(Map.of("auth", ByteString.copyFromUtf8("ada:{PLAIN}pw\n")))),
            annotated("auth-url", URL, "auth-type", "basic", "auth-secret", "users").build());
    assertEquals("ada:{PLAIN}pw\n", context(world).get(CheckContext.USERS));
    assertEquals(URL, check(world).url().text());
  }

  @Test
  void enableGlobalAuth_changesNothing() {
    for (String value : List.of("true", "false")) {
      World world = world("enable-global-auth", value);
      assertEquals(Map.of(), context(world));
      assertEquals(Outcome.APPLIED, verdict(world, "enable-global-auth").outcome());
    }
  }

  @Test
  void othersWithoutAuthUrl_meanNothing() {
    World world = world("auth-signin", "https://l.example/", "auth-method", "POST");
    assertEquals(Map.of(), context(world));
    assertEquals("without auth-url it means nothing", verdict(world, "auth-signin").message());
  }
}
