package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.ServiceRecord;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of annotations. */
final class AnnotationTest {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "global-rate-limit | 100",
        "rate-limit | 100",
        "auth-tipe | basic",
        "allowlist-source-ranges | 10.0.0.0/8",
      })
  void protection_isServedWithoutAndWorseThanAnythingElse(String key, String value) {
    Verdict verdict = verdict(key, value, World.DEFAULTS, null);

    assertEquals(Outcome.UNPROTECTED, verdict.outcome());
    assertEquals(Reason.Unprotected, verdict.reason());
    assertTrue(verdict.message().contains("served WITHOUT this protection"), verdict.message());
    assertTrue(verdict.isFinding());
    assertFalse(verdict.fix().isEmpty());
    assertEquals(Outcome.UNPROTECTED, Collections.max(List.of(Outcome.values())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nginx.org/basic-auth-secret | users",
        "nginx.org/policies | jwt",
        "nginx.org/limit-req-rate | 5r/s",
        "nginx.org/server-snippets | deny all;",
        "nginx.com/jwt-key | keys",
        "haproxy.org/whitelist | 10.0.0.0/8",
        "haproxy-ingress.github.io/auth-secret | users",
        "alb.ingress.kubernetes.io/auth-type | oidc",
        "alb.ingress.kubernetes.io/inbound-cidrs | 10.0.0.0/8",
        "alb.ingress.kubernetes.io/wafv2-acl-arn | arn:aws:wafv2",
        "konghq.com/plugins | key-auth",
        "traefik.ingress.kubernetes.io/router.middlewares | default-auth@kubernetescrd",
        "appgw.ingress.kubernetes.io/waf-policy-for-path | /subscriptions/a",
        "k8s.apisix.apache.org/allowlist-source-range | 10.0.0.0/8",
        "haproxy.router.openshift.io/ip_whitelist | 10.0.0.1",
      })
  void protection_ofAnotherController_seemsToBeOne(String name, String value) {
    Verdict verdict = of(ingress("web").annotation(name, value), name);

    assertEquals(Outcome.UNPROTECTED, verdict.outcome());
    assertTrue(verdict.message().contains("seems to ask for one"), verdict.message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nginx.org/server-snippets | add_header X-A b;",
        "nginx.org/proxy-connect-timeout | 3s",
        "haproxy.org/auth-type | ''",
        "alb.ingress.kubernetes.io/auth-type | none",
        "alb.ingress.kubernetes.io/ssl-policy | ELBSecurityPolicy-TLS13-1-2",
        "konghq.com/upstream-policy | sticky",
        "konghq.com/author | me",
      })
  void optionOfAnotherController_isNoProtection(String name, String value) {
    assertEquals(
        Outcome.NO_EFFECT, of(ingress("web").annotation(name, value), name).outcome());
  }

  @Test
  void protection_underThePrefixOfOldReleases_isToldToo() {
    String key = "ingress.kubernetes.io/whitelist-source-range";
    Verdict verdict = of(ingress("web").annotation(key, "10.0.0.0/8"), key);
    assertEquals(Outcome.UNPROTECTED, verdict.outcome());
    assertEquals(
        "served WITHOUT this protection: ingress-nginx does not read it under this prefix, nor does"
            + " Isoline",
        verdict.message());
    assertEquals(
        "write nginx.ingress.kubernetes.io/whitelist-source-range, or remove it", verdict.fix());
    assertEquals(Outcome.NO_EFFECT, of(ingress("web").annotation(key, ""), key).outcome());
  }

  @Test
  void option_underThePrefixOfOldReleases_isToldHowItIsCalledNow() {
    String key = "ingress.kubernetes.io/rewrite-target";
    Verdict verdict = of(ingress("web").annotation(key, "/x"), key);
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertEquals(
        "write nginx.ingress.kubernetes.io/rewrite-target, or remove it", verdict.fix());
  }

  @Test
  void protection_underThePrefixOfOldReleases_andOfNoKnownName_isTold() {
    Verdict verdict =
        of(
            ingress("web").annotation("ingress.kubernetes.io/blacklist", "10.0.0.0/8"),
            "ingress.kubernetes.io/blacklist");
    assertEquals(Outcome.UNPROTECTED, verdict.outcome());
    assertEquals(
        "served WITHOUT this protection: Isoline does not act on this annotation",
        verdict.message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enable-rewrite-log | false",
      })
  void valueThatAsksForWhatIsSoAnyway_isAlreadySo(String key, String value) {
    Verdict verdict = verdict(key, value, World.DEFAULTS, null);

    assertEquals(Outcome.APPLIED, verdict.outcome());
    assertTrue(verdict.message().startsWith("already so"), verdict.message());
    assertFalse(verdict.isFinding());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enable-rewrite-log | true | remove it",
      })
  void option_namesWhatThereIsInItsPlace(String key, String value, String place) {
    Verdict verdict = verdict(key, value, World.DEFAULTS, null);

    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertEquals(Reason.UnsupportedAnnotation, verdict.reason());
    assertTrue(verdict.fix().contains(place), verdict.fix());
  }

  @Test
  void unknownName_saysWhatWasMeant() {
    Verdict verdict = verdict("proxy-body-siz", "8m", World.DEFAULTS, null);
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.fix().contains("did you mean proxy-body-size?"), verdict.fix());
  }

  @Test
  void unknownNames_thousands_areAllTold() {
    IngressBuilder web = ingress("web").host("a.test");
    for (int i = 0; i < 9000; i++) {
      web.annotation(NGINX + "proxy-body-siz" + i, "1");
    }
    long told =
        World.of(web.build()).verdicts(ObjectRef.ingress("default", "web")).stream()
            .filter(verdict -> verdict.reason() == Reason.UnsupportedAnnotation)
            .count();
    assertEquals(9000, told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx.ingress.kubernetes.io/enable-cor", "isoline.io/enable-cor"})
  void unknownNames_many_ofTwentyIsSaidWhatWasMeant(String misspelled) {
    IngressBuilder web = ingress("web").host("a.test");
    for (char c = 'a'; c < 'a' + 21; c++) {
      web.annotation(misspelled + c, "true");
    }
    // One of them is right.
    web.annotation(misspelled + "z", "true");
    long meant =
        World.of(web.build()).verdicts(ObjectRef.ingress("default", "web")).stream()
            .filter(verdict -> verdict.fix().equals("did you mean enable-cors?"))
            .count();
    assertEquals(20, meant);
  }

  private static Verdict verdict(
      String key, String value, Settings settings, @Nullable String appProtocol) {
    World world = new World(settings);
    world.apply(
        service("web", appProtocol),
        ingress("web")
            .annotation(NGINX + key, value)
            .host("a.test")
            .prefix("/", "web", 80)
            .build());
    return world.verdict("web", "metadata.annotations[" + NGINX + key + "]");
  }

  private static Verdict of(IngressBuilder ingress, String key) {
    return World.of(ingress.host("a.test").prefix("/", "web", 80).build())
        .verdict("web", "metadata.annotations[" + key + "]");
  }

  private static ServiceRecord service(String name, @Nullable String appProtocol) {
    return new ServiceRecord(
        ObjectRef.service("default", name),
        null,
        List.of(),
        List.of(new ServiceRecord.Port("", 80, "TCP", appProtocol)));
  }
}
