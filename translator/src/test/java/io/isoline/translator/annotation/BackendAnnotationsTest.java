package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.annotation.Policy.TlsOfHost;
import io.isoline.translator.annotation.SessionAffinity.SameSite;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.BackendOptions.Balancing;
import io.isoline.translator.model.HashBy;
import io.isoline.translator.model.HashBy.Part;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.SessionCookie;
import io.isoline.translator.settings.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What annotations ask of backends. */
final class BackendAnnotationsTest {

  private static final String NGINX = Annotations.NGINX_PREFIX;

  private final List<Verdict> verdicts = new ArrayList<>();

  private Policy read(String... keysAndValues) {
    verdicts.clear();
    Map<String, String> annotations = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      annotations.put(NGINX + keysAndValues[i], keysAndValues[i + 1]);
    }
    return Annotations.read(
        ObjectRef.ingress("default", "web"), annotations, Profile.STRICT, verdicts);
  }

  private BackendPolicy backend(String... keysAndValues) {
    return read(keysAndValues).backend();
  }

  private @Nullable HashBy hash(String... keysAndValues) {
    return read(keysAndValues).options(false, TlsOfHost.NONE).get(HashBy.class);
  }

  private Verdict on(String key) {
    return verdicts.stream()
        .filter(verdict -> verdict.field().equals("metadata.annotations[" + NGINX + key + "]"))
        .findFirst()
        .orElseThrow();
  }

  // proxy-connect-timeout, proxy-http-version, service-upstream, backend-protocol

  @ParameterizedTest
  @CsvSource({"10, 10", "+1, 1", "31536000, 31536000", "0, ", "-1, ", "5s, ", "1.5, ", "99999999999, "})
  void proxyConnectTimeout(String value, @Nullable Long seconds) {
    assertEquals(
        seconds == null ? null : Duration.ofSeconds(seconds),
        backend("proxy-connect-timeout", value).options().connectTimeout());
    assertEquals(
        seconds == null ? Outcome.REFUSED : Outcome.APPLIED,
        on("proxy-connect-timeout").outcome());
  }

  @ParameterizedTest
  @CsvSource({"1.1, APPLIED", "1.0, REFUSED", "2, REFUSED"})
  void proxyHttpVersion(String value, Outcome outcome) {
    assertEquals(BackendPolicy.NONE, backend("proxy-http-version", value));
    assertEquals(outcome, on("proxy-http-version").outcome());
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false", "yes, false"})
  void serviceUpstream(String value, boolean expected) {
    assertEquals(expected, backend("service-upstream", value).options().byClusterIp());
  }

  @ParameterizedTest
  @CsvSource({"AUTO_HTTP, true, APPLIED", "auto_http, true, APPLIED", "FCGI, false, REFUSED"})
  void backendProtocol_thatIsNoProtocol(String value, boolean asTheClient, Outcome outcome) {
    BackendPolicy policy = backend("backend-protocol", value);
    assertEquals(asTheClient, policy.asTheClient());
    assertNull(policy.options().protocol());
    assertEquals(outcome, on("backend-protocol").outcome());
  }

  @ParameterizedTest
  @CsvSource({"FCGI, true", "fcgi, true", "' FCGI ', true", "HTTP, false", "FCGI2, false"})
  void backendProtocol_fastCgi_isNotSpokenAtAll(String value, boolean unspoken) {
    assertEquals(unspoken, backend("backend-protocol", value).isUnspoken());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fastcgi-index | index.php | FCGI | NO_EFFECT",
        "fastcgi-index | index.php | HTTP | APPLIED",
        "fastcgi-index | '\"; junk {' | FCGI | REFUSED",
        "fastcgi-params-configmap | t/params | FCGI | NO_EFFECT",
        "fastcgi-params-configmap | $t | FCGI | REFUSED",
      })
  void fastCgi_parts_meanNothing(String key, String value, String protocol, Outcome outcome) {
    backend(key, value, "backend-protocol", protocol);
    assertEquals(outcome, on(key).outcome());
  }

  // load-balance

  @ParameterizedTest
  @CsvSource({
    "round_robin, ROUND_ROBIN, APPLIED",
    "' ewma ', LEAST_REQUEST, APPLIED_WITH_DIFFERENCE",
    "chash, ROUND_ROBIN, REFUSED",
    "sticky_balanced, ROUND_ROBIN, REFUSED",
    "least_conn, ROUND_ROBIN, REFUSED"
  })
  void loadBalance(String value, Balancing balancing, Outcome outcome) {
    assertEquals(balancing, backend("load-balance", value).options().balancing());
    assertEquals(outcome, on("load-balance").outcome());
  }

  @ParameterizedTest
  @CsvSource({"upstream-hash-by, $host", "affinity, cookie"})
  void loadBalance_besideWhatHashes_yields(String key, String value) {
    assertEquals(
        Balancing.HASH, backend("load-balance", "ewma", key, value).options().balancing());
    assertEquals(key + " goes before it", on("load-balance").message());
  }

  // upstream-hash-by

  @Test
  void upstreamHashBy_variables_areParts() {
    assertEquals(
        new HashBy(
            List.of(
                new Part.Header(":path"),
                new Part.Header(":authority"),
                new Part.Header("x-user-id"),
                new Part.Cookie("Session_1"),
                new Part.Parameter("q"),
                new Part.ClientAddress(),
                new Part.Path(),
                new Part.Query())),
        hash(
            "upstream-hash-by",
            "${request_uri}a-$host-$http_X_User_ID$cookie_Session_1$arg_q$remote_addr$uri$args$host"));
    assertEquals(Balancing.HASH, backend("upstream-hash-by", "$host").options().balancing());
    assertEquals(new HashBy(List.of()), hash("upstream-hash-by", "constant"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$no_such_variable",
        "$",
        "${}",
        "${host",
        "$http_",
        "$arg_",
        "$cookie_",
        "a b;",
        "%REQ(x)%",
        "$host\n",
        "$1",
        "$http_a$http_b$http_c$http_d$http_e$http_f$http_g$http_h$http_i"
      })
  void upstreamHashBy_whatIsUnknown_isRefused(String value) {
    assertNull(hash("upstream-hash-by", value));
    assertEquals(BackendPolicy.NONE, backend("upstream-hash-by", value));
    Verdict verdict = on("upstream-hash-by");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertFalse(verdict.message().contains("\n"));
  }

  @Test
  void upstreamHashBy_noVariableOfIngressNginx_countsAsEmptyInItsClassesAlone() {
    for (String value : List.of("$no_such_variable", "$no_such_variable$host", "${nope}")) {
      verdicts.clear();
      Policy policy =
          Annotations.read(
              ObjectRef.ingress("default", "web"),
              Map.of(NGINX + "upstream-hash-by", value),
              Profile.NGINX,
              verdicts);
      assertEquals(
          new HashBy(
              value.endsWith("$host") ? List.of(new Part.Header(":authority")) : List.of()),
          policy.options(false, TlsOfHost.NONE).get(HashBy.class));
      assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, on("upstream-hash-by").outcome());
      assertNull(hash("upstream-hash-by", value));
    }
    assertNull(
        Annotations.read(
                ObjectRef.ingress("default", "web"),
                Map.of(NGINX + "upstream-hash-by", "$ssl_client_fingerprint"),
                Profile.NGINX,
                verdicts)
            .options(false, TlsOfHost.NONE)
            .get(HashBy.class));
  }

  @Test
  void upstreamHashBy_besideAffinity_isRefused() {
    assertNull(hash("upstream-hash-by", "$host", "affinity", "cookie"));
    assertEquals(Outcome.REFUSED, on("upstream-hash-by").outcome());
  }

  @Test
  void upstreamHashBySubset_isOneEndpointAllTheSame() {
    read("upstream-hash-by", "$host", "upstream-hash-by-subset", "true");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, on("upstream-hash-by-subset").outcome());
  }

  // affinity

  private SessionAffinity affinity(String... keysAndValues) {
    String[] all = new String[keysAndValues.length + 2];
    all[0] = "affinity";
    all[1] = "cookie";
    System.arraycopy(keysAndValues, 0, all, 2, keysAndValues.length);
    SessionAffinity affinity = backend(all).affinity();
    if (affinity == null) {
      throw new AssertionError("no affinity");
    }
    return affinity;
  }

  private static String attributes(SessionCookie cookie) {
    StringBuilder text = new StringBuilder();
    cookie.attributes().forEach(a -> text.append(a.name()).append('=').append(a.value()).append(' '));
    return text.toString().strip();
  }

  @Test
  void affinity_byDefault_isAsInNginx() {
    SessionAffinity affinity = affinity();
    assertEquals("INGRESSCOOKIE", affinity.name());
    assertFalse(affinity.pinned());
    assertTrue(affinity.withCanary());
    PathMatch shop = new PathMatch.Prefix("/shop");
    assertEquals("Path=/shop", attributes(affinity.cookie(shop, false, true)));
    assertEquals("Path=/shop Secure=", attributes(affinity.cookie(shop, true, true)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ip", "cookies", "", "cookie\ncookie"})
  void affinity_otherValue_isNone(String value) {
    assertNull(backend("affinity", value).affinity());
  }

  @Test
  void affinity_pathThatIsNoCookiePath_isTheRoot() {
    for (PathMatch path :
        List.of(
            new PathMatch.Expression("/foo/.*", "/foo/.*", 5),
            new PathMatch.Prefix("/a;b"),
            new PathMatch.Exact("/ä"))) {
      assertEquals("Path=/", attributes(affinity().cookie(path, false, true)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "session-cookie-name | a;b",
        "session-cookie-name | a b",
        "session-cookie-name | a\"",
        "session-cookie-path | /;Secure",
        "session-cookie-path | /%2e",
        "session-cookie-domain | a.example;b",
        "session-cookie-domain | a b",
        "session-cookie-samesite | Laxer",
        "session-cookie-expires | 1h",
        "session-cookie-max-age | abc",
        "session-cookie-max-age | 99999999999",
        "session-cookie-secure | yes",
        "affinity-mode | foo",
        "affinity-canary-behavior | foo",
      })
  void sessionCookie_valueThatBreaksTheRule_isAsWithoutIt(String key, String value) {
    assertEquals(affinity(), affinity(key, value));
    affinity(key, value);
    assertEquals(Outcome.REFUSED, on(key).outcome());
  }

  @Test
  void sessionCookie_all() {
    SessionAffinity affinity =
        affinity(
            "session-cookie-name",
            "route",
            "session-cookie-path",
            "/p",
            "session-cookie-domain",
            "example.com",
            "session-cookie-max-age",
            "-1",
            "session-cookie-expires",
            "60",
            "session-cookie-samesite",
            "strict",
            "session-cookie-secure",
            "true");
    assertEquals(SameSite.STRICT, affinity.sameSite());
    assertEquals("session-cookie-max-age goes before it", on("session-cookie-expires").message());
    assertEquals(
        "Max-Age=-1 Domain=example.com Path=/p Secure= SameSite=Strict",
        attributes(affinity.cookie(PathMatch.ALL, false, true)));
  }

  @ParameterizedTest
  @CsvSource({
    "balanced, false, APPLIED",
    "balanced, true, APPLIED_WITH_DIFFERENCE",
    "persistent, true, APPLIED",
    "persistent, false, APPLIED_WITH_DIFFERENCE"
  })
  void changeOnFailure_isAsTheModeHasIt(String mode, String value, Outcome outcome) {
    affinity("affinity-mode", mode, "session-cookie-change-on-failure", value);
    assertEquals(outcome, on("session-cookie-change-on-failure").outcome());
  }

  @Test
  void canaryBehavior_ofPersistentSessions_isLegacy() {
    assertFalse(affinity("affinity-mode", "persistent").withCanary());
    affinity("affinity-mode", "persistent", "affinity-canary-behavior", "sticky");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, on("affinity-canary-behavior").outcome());
    assertFalse(affinity("affinity-canary-behavior", "legacy").withCanary());
  }

  // BackendOptions

  @Test
  void variant_anyDifference_isAnotherOne() {
    List<BackendOptions> all =
        List.of(
            BackendOptions.NONE,
            backend("backend-protocol", "HTTPS").options(),
            backend("backend-protocol", "GRPC").options(),
            backend("proxy-connect-timeout", "1").options(),
            backend("proxy-connect-timeout", "2").options(),
            backend("proxy-connect-timeout", "2", "backend-protocol", "HTTPS").options(),
            backend("service-upstream", "true").options(),
            backend("load-balance", "ewma").options(),
            backend("affinity", "cookie").options());
    assertEquals(
        all.size(), all.stream().map(BackendOptions::variant).distinct().count(), all::toString);
    assertEquals("", BackendOptions.NONE.variant());
    assertEquals("http1_tls", backend("backend-protocol", "HTTPS").options().variant());
    assertEquals(
        backend("upstream-hash-by", "$host").options().variant(),
        backend("affinity", "cookie").options().variant());
  }
}
