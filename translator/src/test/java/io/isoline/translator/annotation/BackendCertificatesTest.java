package io.isoline.translator.annotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.annotation.SecretUse.Purpose;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.BackendTls.Versions;
import io.isoline.translator.settings.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How annotations want TLS spoken to backends. */
final class BackendCertificatesTest {

  private static final ObjectRef SECRET = ObjectRef.secret("default", "up");

  /** What came of the annotations of one Ingress. */
  private record Read(Policy policy, List<Verdict> verdicts) {
    static Read of(Profile profile, String... keysAndValues) {
      Map<String, String> annotations = new TreeMap<>();
      for (int i = 0; i < keysAndValues.length; i += 2) {
        String key = keysAndValues[i];
        annotations.put(
            key.contains("/") ? key : "nginx.ingress.kubernetes.io/" + key, keysAndValues[i + 1]);
      }
      List<Verdict> verdicts = new ArrayList<>();
      return new Read(
          Annotations.read(
              ObjectRef.ingress("default", "web"), annotations, profile, verdicts),
          verdicts);
    }

    BackendTls tls() {
      return policy.backend().options().tls();
    }

    Outcome outcome(String key) {
      return verdicts.stream()
          .filter(verdict -> verdict.field().endsWith("/" + key + "]"))
          .findFirst()
          .orElseThrow()
          .outcome();
    }
  }

  private static Read strict(String... keysAndValues) {
    return Read.of(Profile.STRICT, keysAndValues);
  }

  private static Read ofNginx(String... keysAndValues) {
    return Read.of(Profile.NGINX, keysAndValues);
  }

  @Test
  void nothing_asked_isEachProfilesOwn() {
    assertEquals(BackendTls.NONE, strict("proxy-body-size", "1m").tls());
    assertEquals(BackendTls.OF_NGINX, ofNginx("proxy-body-size", "1m").tls());
    assertEquals(BackendTls.OF_NGINX, ofNginx().tls());
  }

  @ParameterizedTest
  @ValueSource(strings = {"up", "default/up", " default/up "})
  void secret_ofTheNamespace_isUsed(String name) {
    Read read = strict("proxy-ssl-secret", name);
    assertEquals(SECRET, read.tls().secret());
    assertFalse(read.policy().denied());
    SecretUse use = read.policy().secrets().getFirst();
    assertEquals(SECRET, use.secret());
    assertEquals(Purpose.BACKEND_TLS, use.purpose());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"other/up", "../up", "a/b/c", "up\nx", "$host", "{}", "\"; junk {", "UP", "a b"})
  void secret_ofAnotherNamespaceOrNone_closes(String name) {
    for (Profile profile : Profile.values()) {
      Read read = Read.of(profile, "proxy-ssl-secret", name);
      assertTrue(read.policy().denied());
      assertEquals(Outcome.REFUSED, read.outcome("proxy-ssl-secret"));
      assertEquals(List.of(), read.policy().secrets());
    }
    assertEquals(
        !name.equals("other/up"), ofNginx("proxy-ssl-secret", name).policy().leftOut());
  }

  @Test
  void verify_secretAndName_needsAuthorities() {
    Read read =
        strict("proxy-ssl-secret", "up", "proxy-ssl-verify", "on", "proxy-ssl-name", "in.test");
    assertFalse(read.policy().denied());
    assertTrue(read.tls().verified());
    assertEquals("in.test", read.tls().name());
    assertEquals(
        Purpose.VERIFIED_BACKEND_TLS, read.policy().secrets().getFirst().purpose());
    assertEquals(Outcome.APPLIED, read.outcome("proxy-ssl-verify"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy-ssl-verify | on | '' | ''",
        "proxy-ssl-verify | on | proxy-ssl-name | in.test",
        "proxy-ssl-verify | on | proxy-ssl-secret | up",
        "proxy-ssl-verify | maybe | '' | ''",
        "proxy-ssl-verify | maybe | proxy-ssl-secret | up",
      })
  void verify_notToBePutInForce_closes(String key, String value, String other, String with) {
    Read read = strict(key, value, other, with);
    assertTrue(read.policy().denied());
    assertEquals(Outcome.REFUSED, read.outcome(key));
  }

  @Test
  void verify_badName_closes() {
    assertTrue(
        strict("proxy-ssl-secret", "up", "proxy-ssl-verify", "on", "proxy-ssl-name", "$server")
            .policy()
            .denied());
  }

  @Test
  void verify_off_isNothing() {
    Read read = strict("proxy-ssl-verify", "off");
    assertFalse(read.policy().denied());
    assertEquals(BackendTls.NONE, read.tls());
  }

  @Test
  void verifyDepth_saysThatItIsNotLimited() {
    String[] all = {
      "proxy-ssl-secret", "up", "proxy-ssl-verify", "on", "proxy-ssl-name", "in.test",
      "proxy-ssl-verify-depth", "1"
    };
    assertEquals(
        Outcome.APPLIED_WITH_DIFFERENCE, strict(all).outcome("proxy-ssl-verify-depth"));
    all[7] = "\"; junk {";
    assertEquals(Outcome.REFUSED, ofNginx(all).outcome("proxy-ssl-verify-depth"));
    assertFalse(ofNginx(all).policy().denied());
  }

  @ParameterizedTest
  @CsvSource({
    "in.test, in.test",
    "In.Test, In.Test",
    "in.test:443, in.test",
    "10.0.0.1, 10.0.0.1",
    "$host,",
    "$http_host,",
  })
  void name_good_isTaken(String text, String name) {
    Read read = strict("proxy-ssl-name", text);
    assertEquals(name, read.tls().name());
    assertTrue(read.tls().announced());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$proxy_host", "$host.internal", "${host}", "\"; junk {", "a b", "a\nb", "a,b", "*.test",
        "-a", "a:", "a:x", "../a", "[::1]", "%00", "a.", "a]"
      })
  void name_bad_isAsIfItWasNotThere(String text) {
    Read read = strict("proxy-ssl-name", text);
    assertEquals(Outcome.REFUSED, read.outcome("proxy-ssl-name"));
    assertEquals(BackendTls.NONE, read.tls());
    Read ofNginx = ofNginx("proxy-ssl-name", text, "proxy-ssl-secret", "up");
    assertFalse(ofNginx.policy().denied() || ofNginx.policy().leftOut());
    assertEquals(null, ofNginx.tls().name());
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLS_1_2",
    "TLSv1.3, TLS_1_3",
    "TLSv1.2 TLSv1.3, ANY",
    "' TLSv1.3  TLSv1.2 TLSv1.3 ', ANY",
    "SSLv9, ANY",
    "TLSv1 TLSv1.2, ANY",
    "tlsv1.2, ANY",
    "TLSv1.2;, ANY",
  })
  void protocols_eachList(String text, Versions versions) {
    assertEquals(versions, strict("proxy-ssl-protocols", text).tls().versions());
  }

  @Test
  void ciphers_areThoseOfTheList() {
    Read read = strict("proxy-ssl-ciphers", "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-SHA");
    assertEquals(List.of("ECDHE-RSA-AES128-GCM-SHA256"), read.tls().ciphers());
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, read.outcome("proxy-ssl-ciphers"));
    Read none = strict("proxy-ssl-ciphers", "NOSUCH");
    assertEquals(BackendTls.NONE, none.tls());
    assertEquals(Outcome.REFUSED, none.outcome("proxy-ssl-ciphers"));
    assertEquals(
        Outcome.REFUSED, strict("proxy-ssl-ciphers", "a;b").outcome("proxy-ssl-ciphers"));
  }

  @Test
  void ofNginx_withoutSecret_nothingCounts() {
    Read read =
        ofNginx(
            "proxy-ssl-verify", "on",
            "proxy-ssl-name", "in.test",
            "proxy-ssl-server-name", "on",
            "proxy-ssl-protocols", "TLSv1.3");
    assertEquals(BackendTls.OF_NGINX, read.tls());
    assertFalse(read.policy().denied());
    assertEquals(Outcome.NO_EFFECT, read.outcome("proxy-ssl-verify"));
    assertTrue(
        read.verdicts().stream()
            .allMatch(verdict -> verdict.message().contains("without proxy-ssl-secret")));
  }

  @Test
  void ofNginx_writtenForUs_countsWithoutSecretAndName() {
    Read read = ofNginx("isoline.io/proxy-ssl-server-name", "on");
    assertTrue(read.tls().announced());
    assertEquals(null, read.tls().name());
    assertEquals(Outcome.APPLIED, read.outcome("proxy-ssl-server-name"));
    assertTrue(ofNginx("isoline.io/proxy-ssl-verify", "on").policy().denied());
    assertFalse(ofNginx("isoline.io/proxy-ssl-name", "in.test").tls().announced());
  }

  @Test
  void ofNginx_serverNameNeedsAName() {
    Read without = ofNginx("proxy-ssl-secret", "up", "proxy-ssl-server-name", "on");
    assertFalse(without.tls().announced());
    assertEquals(Outcome.NO_EFFECT, without.outcome("proxy-ssl-server-name"));
    Read with =
        ofNginx(
            "proxy-ssl-secret", "up", "proxy-ssl-server-name", "on", "proxy-ssl-name", "in.test");
    assertTrue(with.tls().announced());
    assertEquals("in.test", with.tls().name());
    assertEquals(Versions.OF_NGINX, with.tls().versions());
  }

  @Test
  void ofNginx_verifyWithoutName_isForTheNameThatNobodyHas() {
    Read read = ofNginx("proxy-ssl-secret", "up", "proxy-ssl-verify", "on");
    assertEquals("upstream_balancer", read.tls().name());
    assertFalse(read.tls().announced());
    assertFalse(read.policy().denied());
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, read.outcome("proxy-ssl-verify"));
  }
}
