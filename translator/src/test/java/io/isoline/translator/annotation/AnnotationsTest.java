package io.isoline.translator.annotation;

import static io.isoline.translator.IngressBuilder.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.IngressBuilder;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.World;
import io.isoline.translator.annotation.Policy.HttpsRedirect;
import io.isoline.translator.model.BodyLimit;
import io.isoline.translator.model.CookieRewrite;
import io.isoline.translator.model.Cors;
import io.isoline.translator.model.LocationPrefix;
import io.isoline.translator.model.ReadTimeout;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteOption;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.model.UpstreamHost;
import io.isoline.translator.model.Upstream.Protocol;
import io.isoline.translator.settings.Profile;
import io.isoline.tries.Tries;
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

final class AnnotationsTest {

  private static final String NGINX = Annotations.NGINX_PREFIX;
  private static final String OWN = Annotations.OWN_PREFIX;

  private static final Tracing TRACING =
      new Tracing(
          new Tracing.Collector(
              new Tracing.Address("collector", 4317), Tracing.Wire.GRPC, null),
          "isoline",
          Tracing.EVERY,
          false,
          false);

  /** What came of the annotations of one Ingress. */
  private record Read(Policy policy, List<Verdict> verdicts) {
    static Read of(String... namesAndValues) {
      Map<String, String> annotations = new TreeMap<>();
      for (int i = 0; i < namesAndValues.length; i += 2) {
        annotations.put(namesAndValues[i], namesAndValues[i + 1]);
      }
      return of(annotations);
    }

    static Read of(Map<String, String> annotations) {
      List<Verdict> verdicts = new ArrayList<>();
      ObjectRef web = ObjectRef.ingress("default", "web");
      return new Read(
          Annotations.read(web, annotations, Profile.STRICT, TRACING, verdicts), verdicts);
    }

    <O extends RouteOption> @Nullable O option(Class<O> kind) {
      return policy.options(false, Policy.TlsOfHost.NONE).get(kind);
    }

    Verdict on(String name) {
      return verdicts.stream()
          .filter(verdict -> verdict.field().equals("metadata.annotations[" + name + "]"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** What else it takes. */
  private static final Map<String, Annotation<?>> NEEDS =
      Map.of("auth-type", BasicAuthentication.AUTH_SECRET);

  @Test
  void all_eachExample_isInForceUnderBothPrefixes() {
    for (Annotation<?> annotation : Annotations.all()) {
      for (String prefix : annotation.prefixes()) {
        Map<String, String> annotations = new TreeMap<>();
        for (Annotation<?> each = annotation; each != null; each = each.within()) {
          annotations.put(prefix + each.key(), each.example());
          Annotation<?> needed = NEEDS.get(each.key());
          if (needed != null) {
            annotations.put(prefix + needed.key(), needed.example());
          }
        }
        Read read = Read.of(annotations);
        Verdict verdict = read.on(prefix + annotation.key());
        assertEquals(Outcome.APPLIED, verdict.outcome(), verdict.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\n", "\"", "$request_uri", "#", "{}", "%00", "true\n", " true", "a;b", "\u0000"
      })
  void all_hostileValue_isRefusedOrALiteral(String value) {
    for (Annotation<?> annotation : Annotations.all()) {
      Read read = Read.of(NGINX + annotation.key(), value);
      for (Verdict verdict : read.verdicts()) {
        assertFalse(verdict.message().contains("\n"), verdict::toString);
      }
      assertNull(read.policy().redirect());
      assertNull(read.option(Cors.class));
    }
  }

  @Test
  void all_aMegabyte_isRefusedInFewWords() {
    String value = "a".repeat(1 << 20);
    for (Annotation<?> annotation : Annotations.all()) {
      for (Verdict verdict : Read.of(NGINX + annotation.key(), value).verdicts()) {
        assertTrue(verdict.message().length() < 500, annotation::key);
      }
    }
  }

  @Test
  void read_bothPrefixes_ourOwnGoesBeforeAndTheOtherIsTold() {
    Read read = Read.of(OWN + "ssl-redirect", "true", NGINX + "ssl-redirect", "false");
    assertEquals(HttpsRedirect.WITH_CERTIFICATE, read.policy().httpsRedirect());
    assertEquals(Outcome.APPLIED, read.on(OWN + "ssl-redirect").outcome());
    Verdict other = read.on(NGINX + "ssl-redirect");
    assertEquals(Outcome.NO_EFFECT, other.outcome());
    assertTrue(other.message().contains(OWN + "ssl-redirect"), other.message());
  }

  @Test
  void read_badValueOfOurOwn_doesNotBringTheOtherIntoForce() {
    Read read = Read.of(OWN + "ssl-redirect", "maybe", NGINX + "ssl-redirect", "true");
    assertEquals(HttpsRedirect.BY_SETTINGS, read.policy().httpsRedirect());
    assertEquals(Outcome.REFUSED, read.on(OWN + "ssl-redirect").outcome());
  }

  @Test
  void read_nothingOfOurs_isNoPolicyAndNoVerdict() {
    Read read = Read.of("example.com/ssl-redirect", "true");
    assertEquals(Policy.NONE, read.policy());
    assertEquals(List.of(), read.verdicts());
  }

  @ParameterizedTest
  @CsvSource({
    "true, , WITH_CERTIFICATE",
    "false, , NEVER",
    "T, false, WITH_CERTIFICATE",
    ", true, ALWAYS",
    "false, true, ALWAYS",
    ", false, BY_SETTINGS",
    "yes, , BY_SETTINGS"
  })
  void httpsRedirect(String redirect, String force, HttpsRedirect expected) {
    List<String> annotations = new ArrayList<>();
    if (redirect != null) {
      annotations.addAll(List.of(NGINX + "ssl-redirect", redirect));
    }
    if (force != null) {
      annotations.addAll(List.of(NGINX + "force-ssl-redirect", force));
    }
    assertEquals(
        expected, Read.of(annotations.toArray(String[]::new)).policy().httpsRedirect());
  }

  /** The words of Go's strconv.ParseBool, and no others. */
  @ParameterizedTest
  @CsvSource({
    "1, WITH_CERTIFICATE",
    "t, WITH_CERTIFICATE",
    "T, WITH_CERTIFICATE",
    "true, WITH_CERTIFICATE",
    "TRUE, WITH_CERTIFICATE",
    "True, WITH_CERTIFICATE",
    "0, NEVER",
    "f, NEVER",
    "F, NEVER",
    "false, NEVER",
    "FALSE, NEVER",
    "False, NEVER",
    "tRUE, BY_SETTINGS",
    "on, BY_SETTINGS",
    "' true', BY_SETTINGS"
  })
  void flag_anyWord_isWhatGoReads(String word, HttpsRedirect expected) {
    assertEquals(expected, Read.of(NGINX + "ssl-redirect", word).policy().httpsRedirect());
  }

  @ParameterizedTest
  @CsvSource({"false, APPLIED_WITH_DIFFERENCE", "true, APPLIED"})
  void sslRedirect_besideForceSslRedirect_isToldWhereItSaysAnotherThing(
      String redirect, Outcome outcome) {
    Read read = Read.of(NGINX + "ssl-redirect", redirect, NGINX + "force-ssl-redirect", "true");
    assertEquals(outcome, read.on(NGINX + "ssl-redirect").outcome());
    assertEquals(Outcome.APPLIED, read.on(NGINX + "force-ssl-redirect").outcome());
  }

  @ParameterizedTest
  @CsvSource({
    ", 301", "308, 308", "+307, 307", "304, 304", "309, 301", "abc, 301", "99, 301", "'', 301"
  })
  void permanentRedirect_code(String code, int expected) {
    List<String> annotations =
        new ArrayList<>(List.of(NGINX + "permanent-redirect", "https://a.test/x?y=1"));
    if (code != null) {
      annotations.addAll(List.of(NGINX + "permanent-redirect-code", code));
    }
    assertEquals(
        new RouteAction.Redirect("https://a.test/x?y=1", expected),
        Read.of(annotations.toArray(String[]::new)).policy().redirect());
  }

  @Test
  void permanentRedirectCode_alone_meansNothing() {
    Read read = Read.of(NGINX + "permanent-redirect-code", "308");
    assertNull(read.policy().redirect());
    Verdict verdict = read.on(NGINX + "permanent-redirect-code");
    assertEquals(Outcome.APPLIED, verdict.outcome());
    assertEquals("without permanent-redirect it means nothing", verdict.message());
  }

  @Test
  void permanentRedirectCode_thatIsNoRedirect_isSentAndSaysSo() {
    Read read =
        Read.of(
            NGINX + "permanent-redirect", "https://a.test", NGINX + "permanent-redirect-code", "304");
    assertEquals(
        "304 is sent, which clients do not follow",
        read.on(NGINX + "permanent-redirect-code").message());
    assertEquals(
        "requests get 304 without a Location", read.on(NGINX + "permanent-redirect").message());
  }

  @Test
  void permanentRedirectCode_outOfRange_isRefusedAndSaysWhatIsSent() {
    Read read =
        Read.of(
            NGINX + "permanent-redirect", "https://a.test", NGINX + "permanent-redirect-code", "404");
    Verdict verdict = read.on(NGINX + "permanent-redirect-code");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals("404 is not from 300 to 308; 301 is sent", verdict.message());
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.test/x, , 302",
    "https://a.test/x, 301, 301",
    "https://a.test/x, 307, 307",
    "https://a.test/x, 308, 302",
    "https://a.test/x, abc, 302",
    "/local, 301, ",
    "a.test, , ",
    "ftp://a.test, , ",
    "https://a.test/#x, , ",
    "https://a.test/$uri, , "
  })
  void temporalRedirect(String location, String code, Integer expected) {
    List<String> annotations = new ArrayList<>(List.of(NGINX + "temporal-redirect", location));
    if (code != null) {
      annotations.addAll(List.of(NGINX + "temporal-redirect-code", code));
    }
    Read read = Read.of(annotations.toArray(String[]::new));
    assertEquals(
        expected == null ? null : new RouteAction.Redirect(location, expected),
        read.policy().redirect());
    assertEquals(
        expected == null ? Outcome.REFUSED : Outcome.APPLIED,
        read.on(NGINX + "temporal-redirect").outcome());
  }

  @Test
  void temporalRedirect_besidePermanentRedirect_goesBefore() {
    Read read =
        Read.of(
            NGINX + "temporal-redirect",
            "https://t.test",
            NGINX + "permanent-redirect",
            "https://p.test",
            NGINX + "permanent-redirect-code",
            "308");
    assertEquals(new RouteAction.Redirect("https://t.test", 302), read.policy().redirect());
    assertEquals(
        Outcome.APPLIED_WITH_DIFFERENCE, read.on(NGINX + "permanent-redirect").outcome());
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.test/x/, /z/, true, APPLIED",
    "http://a.test/x/, , false, APPLIED",
    "http://a.test/x/, off, false, APPLIED",
    "off, /z/, false, APPLIED",
    "default, /z/, false, APPLIED",
    "~http, /z/, false, REFUSED",
    "'~*(x', /z/, false, REFUSED",
    "a\\Eb, /z/, false, REFUSED",
    "/a, 'http://x y', false, APPLIED",
    "/a, \\1, false, APPLIED",
    "'\"; junk {', /z/, false, REFUSED"
  })
  void proxyRedirect(String from, String to, boolean replaces, Outcome outcome) {
    List<String> annotations = new ArrayList<>(List.of(NGINX + "proxy-redirect-from", from));
    if (to != null) {
      annotations.addAll(List.of(NGINX + "proxy-redirect-to", to));
    }
    Read read = Read.of(annotations.toArray(String[]::new));
    assertEquals(outcome, read.on(NGINX + "proxy-redirect-from").outcome());
    assertEquals(
        replaces ? new LocationPrefix(from, to) : null, read.option(LocationPrefix.class));
  }

  @ParameterizedTest
  @CsvSource({
    "inner.test, APPLIED, inner.test",
    "inner.test:8080, APPLIED, inner.test:8080",
    "[fd00::1]:80, APPLIED, [fd00::1]:80",
    "$host, APPLIED, ",
    "$no_such, REFUSED, ",
    "a.test$host, REFUSED, ",
    "inner test;, REFUSED, ",
    "a.test:123456, REFUSED, ",
    "a.test/x, REFUSED, "
  })
  void upstreamVhost(String value, Outcome outcome, String host) {
    Read read = Read.of(NGINX + "upstream-vhost", value);
    assertEquals(outcome, read.on(NGINX + "upstream-vhost").outcome());
    assertEquals(
        host == null ? null : new UpstreamHost(host), read.option(UpstreamHost.class));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP, HTTP1",
    "https, HTTP1_TLS",
    "' GRPC ', GRPC",
    "grpcs, GRPC_TLS",
    "FCGI, ",
    "HTTP2, "
  })
  void backendProtocol(String value, Protocol expected) {
    Read read = Read.of(NGINX + "backend-protocol", value);
    assertEquals(expected, read.policy().backend().options().protocol());
    assertEquals(
        expected == null ? Outcome.REFUSED : Outcome.APPLIED,
        read.on(NGINX + "backend-protocol").outcome());
  }

  @ParameterizedTest
  @CsvSource({
    "60, 60",
    "+5, 5",
    "1, 1",
    "31536000, 31536000",
    "31536001, ",
    "0, ",
    "-1, ",
    "60s, ",
    "1.5, ",
    "99999999999, "
  })
  void proxyReadTimeout(String value, Long seconds) {
    assertEquals(
        seconds == null ? null : new ReadTimeout(Duration.ofSeconds(seconds)),
        Read.of(NGINX + "proxy-read-timeout", value).option(ReadTimeout.class));
  }

  @Test
  void proxyCookies_areOneOption() {
    Read read =
        Read.of(NGINX + "proxy-cookie-path", "/a/ /", NGINX + "proxy-cookie-domain", " .A.test B.test");
    assertEquals(
        new CookieRewrite(
            new CookieRewrite.Replacement("/a/", "/"),
            new CookieRewrite.Replacement("a.test", "B.test")),
        read.option(CookieRewrite.class));
  }

  @ParameterizedTest
  @CsvSource({"60, 60, APPLIED", "30, 60, APPLIED_WITH_DIFFERENCE"})
  void proxySendTimeout_besideProxyReadTimeout(String send, String read, Outcome outcome) {
    Read both = Read.of(NGINX + "proxy-send-timeout", send, NGINX + "proxy-read-timeout", read);
    assertEquals(outcome, both.on(NGINX + "proxy-send-timeout").outcome());
    assertEquals(
        new ReadTimeout(Duration.ofSeconds(Long.parseLong(read))), both.option(ReadTimeout.class));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "8m, 8388608",
    "' 100K ', 102400",
    "1G, 1073741824",
    "5368709120, 0",
    "4g, 0",
    "4294967295, 4294967295",
    "100b, ",
    "8Mi, ",
    "8 m, ",
    "-1, ",
    "99999999999g, ",
    "1.5m, ",
  })
  void proxyBodySize(String value, Long bytes) {
    assertEquals(
        bytes == null ? null : new BodyLimit(bytes),
        Read.of(NGINX + "proxy-body-size", value).option(BodyLimit.class));
  }

  @ParameterizedTest
  @CsvSource({
    "proxy-body-size, 4g, APPLIED_WITH_DIFFERENCE",
    "proxy-body-size, 8Mi, REFUSED",
    "proxy-buffering, off, APPLIED",
    "proxy-buffering, ' On', APPLIED_WITH_DIFFERENCE",
    "proxy-request-buffering, on, APPLIED_WITH_DIFFERENCE",
    "proxy-request-buffering, maybe, REFUSED",
    "client-body-buffer-size, 1kb, REFUSED",
    "proxy-buffers-number, 8, APPLIED",
    "proxy-send-timeout, 60, APPLIED_WITH_DIFFERENCE",
    "proxy-send-timeout, 60s, REFUSED",
    "connection-proxy-header, close, APPLIED",
    "connection-proxy-header, keep-alive, APPLIED",
    "connection-proxy-header, upgrade, REFUSED",
    "enable-access-log, false, APPLIED",
    "enable-access-log, true, APPLIED",
    "enable-access-log, maybe, REFUSED",
    "http2-push-preload, true, APPLIED",
    "http2-push-preload, yes, REFUSED",
    "proxy-cookie-path, off, APPLIED",
    "proxy-cookie-path, /a/ /b/, APPLIED",
    "proxy-cookie-path, /a/, REFUSED",
    "proxy-cookie-path, /a/ /b/ /c/, REFUSED",
    "proxy-cookie-path, ~/a/ /b/, REFUSED",
    "proxy-cookie-path, /a/ /$b/, REFUSED",
    "proxy-cookie-path, '/a/ \"/b/\"', REFUSED",
    "proxy-cookie-domain, off, APPLIED",
    "proxy-cookie-domain, a.test  b.test, APPLIED",
    "proxy-cookie-domain, a.test, REFUSED",
    "proxy-cookie-domain, a.test $host, REFUSED",
    "proxy-cookie-domain, ~a.test b.test, REFUSED",
  })
  void any_value_hasItsVerdict(String key, String value, Outcome outcome) {
    assertEquals(outcome, Read.of(NGINX + key, value).on(NGINX + key).outcome());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | ''",
        "https://a.test | https://a.test",
        "https://*.a.test:8443, null | https://*.a.test:8443 null",
        "https://b.test, * | ''",
        "https://a.test, https://b.test/path | https://a.test",
      })
  void corsAllowOrigin_badOnesAreLeftOut(String value, String origins) {
    Read read = Read.of(NGINX + "enable-cors", "true", NGINX + "cors-allow-origin", value);
    var cors = read.option(Cors.class);
    assertNotNull(cors);
    assertEquals(origins, String.join(" ", cors.origins()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a.test/", "a.test", "https://a.test|https://b.test", ","})
  void corsAllowOrigin_nothingButJunk_opensToNobody(String value) {
    Read read = Read.of(NGINX + "enable-cors", "true", NGINX + "cors-allow-origin", value);
    assertNull(read.option(Cors.class));
    assertEquals(Outcome.REFUSED, read.on(NGINX + "enable-cors").outcome());
  }

  @Test
  void corsAllowOrigin_nothingButJunk_isRefusedAndNamed() {
    Read read = Read.of(NGINX + "enable-cors", "true", NGINX + "cors-allow-origin", "a.test, b.test");
    Verdict verdict = read.on(NGINX + "cors-allow-origin");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(
        "\"a.test, b.test\" is no origin; no origin may use the answers", verdict.message());
  }

  @Test
  void corsAllowOrigin_someJunk_isToldApart() {
    Read read =
        Read.of(NGINX + "enable-cors", "true", NGINX + "cors-allow-origin", "https://a.test, b.test");
    Verdict verdict = read.on(NGINX + "cors-allow-origin");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertEquals("\"b.test\" is no origin; the others may use the answers", verdict.message());
  }

  @Test
  void corsAllowMethods_withoutEnableCors_meansNothing() {
    Verdict verdict = Read.of(NGINX + "cors-allow-methods", "GET").on(NGINX + "cors-allow-methods");
    assertEquals(Outcome.APPLIED, verdict.outcome());
    assertEquals("without enable-cors it means nothing", verdict.message());
  }

  @ParameterizedTest
  @CsvSource({
    "isoline.io/ssl-redirect, true",
    "nginx.ingress.kubernetes.io/ssl-redirect, true",
    "example.com/ssl-redirect, false",
    "ssl-redirect, false",
    "isoline.io/other, false",
    "nginx.ingress.kubernetes.io/other, false"
  })
  void isKnown_byPrefixAndKey(String name, boolean known) {
    assertEquals(known, Annotations.isKnown(name));
  }

  @Test
  void shown_controlCharactersAndLength_areHidden() {
    assertEquals("a\\nb?c?? ~", ValueType.shown("a\nb\u007fc\u0000\u001f ~"));
    assertEquals("x".repeat(100), ValueType.shown("x".repeat(100)));
    assertEquals("x".repeat(100) + "…", ValueType.shown("x".repeat(101)));
  }

  @Test
  void unknownNameOfOurOwn_saysWhatWasMeant() {
    Verdict verdict = verdict(ingress("web").annotation(OWN + "enable-cor", "true"), "enable-cor");
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertEquals("did you mean enable-cors?", verdict.fix());
  }

  @Test
  void unknownNameOfOurOwn_thatSoundsProtecting_isUnprotected() {
    Verdict verdict = verdict(ingress("web").annotation(OWN + "auth-thing", "x"), "auth-thing");
    assertEquals(Outcome.UNPROTECTED, verdict.outcome());
  }

  private static Verdict verdict(IngressBuilder ingress, String key) {
    return World.of(ingress.host("a.test").prefix("/", "web", 80).build())
        .verdict("web", "metadata.annotations[" + OWN + key + "]");
  }

  /** However values are combined, nothing is thrown and each annotation gets one verdict. */
  @Test
  void read_anyCombination_eachHasItsVerdict() {
    List<String> values =
        List.of("", "true", "false", "*", "308", "HTTPS", "https://a.test", "null, x", "\n", "-1");
    Tries.of(2_000)
        .run(
            draw -> {
              List<String> annotations = new ArrayList<>();
              for (Annotation<?> annotation : Annotations.all()) {
                for (String prefix : annotation.prefixes()) {
                  if (draw.flag()) {
                    annotations.addAll(List.of(prefix + annotation.key(), draw.of(values)));
                  }
                }
              }
              Read read = Read.of(annotations.toArray(String[]::new));
              for (int i = 0; i < annotations.size(); i += 2) {
                String field = "metadata.annotations[" + annotations.get(i) + "]";
                assertEquals(
                    1, read.verdicts().stream().filter(v -> v.field().equals(field)).count(), field);
              }
              assertEquals(read.verdicts().stream().sorted().toList(), read.verdicts());
            });
  }
}
