package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.ingressClass;
import static io.isoline.translator.TestObjects.secret;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.settings.IngressSettings.Classes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Ingresses are served as ingress-nginx serves them, and what that comes to. */
final class ProfileTest {

  private static final String OURS = "isoline.io/ingress-controller";
  private static final String INGRESS_NGINX = Classes.INGRESS_NGINX;
  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  private static Settings settings(String controller, String... nginxNames) {
    return World.DEFAULTS.with(
        World.DEFAULTS
            .ingress()
            .with(new Classes(List.of("isoline", "nginx"), controller, true, List.of(nginxNames))));
  }

  private static IngressBuilder web() {
    return ingress("web").host("a.test").prefix("/x", "svc", 80);
  }

  private static World world(Settings settings, IngressBuilder... ingresses) {
    World world = new World(settings);
    world.apply(service("svc", 80));
    for (IngressBuilder each : ingresses) {
      world.apply(each.build());
    }
    return world;
  }

  /** Whether backends of a host get what ingress-nginx sends them. */
  private static boolean isNginx(World world) {
    return world.resource(ResourceType.ROUTE, "ingress/a.test").toString().contains("x-scheme")
        || World.proto(world.resource(ResourceType.ROUTE, "ingress/a.test"))
            .toString()
            .contains("x-scheme");
  }

  @Test
  void controllerOfIngressNginx_isItsProfile() {
    assertTrue(isNginx(world(settings(INGRESS_NGINX), web().ofClass("nginx"))));
    assertTrue(isNginx(world(settings(INGRESS_NGINX), web().ofClass(null))));
    assertFalse(isNginx(world(settings(OURS), web().ofClass("nginx"))));
  }

  @Test
  void pathWithASlashAtItsEnd_isARedirectForRequestsWithout() {
    for (String controller : List.of(INGRESS_NGINX, OURS)) {
      World world =
          world(
              settings(controller),
              ingress("web").ofClass("nginx").host("a.test").prefix("/foo/", "svc", 80));
      var route = Objects.requireNonNull(world.routes().route("http", "a.test", "/foo"));
      assertEquals(controller.equals(INGRESS_NGINX), route.hasRedirect());
      assertEquals("default/svc/80", world.request("a.test", "/foo/x"));
    }
  }

  @Test
  void nameThatTheOperatorGives_isItsProfile() {
    assertTrue(isNginx(world(settings(OURS, "nginx"), web().ofClass("nginx"))));
    assertFalse(isNginx(world(settings(OURS, "nginx"), web().ofClass("isoline"))));
    assertTrue(
        isNginx(
            world(
                settings(OURS, "nginx"),
                web().ofClass(null).annotation("kubernetes.io/ingress.class", "nginx"))));
  }

  @Test
  void noClass_hasTheProfileOfTheDefaultClass() {
    World world = world(settings(OURS, "edge"), web().ofClass(null));
    assertFalse(isNginx(world));
    world.apply(ingressClass("edge", OURS, true));
    assertTrue(isNginx(world));
    world.apply(ingressClass("edge", OURS, false));
    assertFalse(isNginx(world));
  }

  @Test
  void settings_areLive() {
    World world = world(settings(OURS), web().ofClass("nginx"));
    world.configure(settings(OURS, "nginx"));
    assertTrue(isNginx(world));
  }

  @Test
  void host_isThatOfItsOldestIngress() {
    IngressBuilder old = web().ofClass("nginx").created("2026-01-01T00:00:00Z");
    IngressBuilder young =
        ingress("young")
            .host("a.test")
            .prefix("/y", "svc", 80)
            .ofClass("isoline")
            .created("2026-02-01T00:00:00Z");
    assertTrue(isNginx(world(settings(OURS, "nginx"), old, young)));
    assertFalse(
        isNginx(world(settings(OURS, "nginx"), old.created("2026-03-01T00:00:00Z"), young)));
  }

  @ParameterizedTest
  @CsvSource({
    "permanent-redirect, https://a.test/#x",
    "permanent-redirect-code, x",
    "limit-rps, many",
  })
  void badValue_thatIngressNginxLeavesTheIngressOutFor_doesSoHere(String key, String value) {
    World world =
        world(settings(OURS, "nginx"), web().ofClass("nginx").annotation(NGINX + key, value));
    assertEquals("404", world.request("a.test", "/x"));
    assertFalse(world.has(ResourceType.ROUTE, "ingress/a.test"));
    Verdict verdict = world.verdict("web", "metadata.annotations[" + NGINX + key + "]");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("nothing of the Ingress"), verdict.message());

    World strict =
        world(settings(OURS, "nginx"), web().ofClass("isoline").annotation(NGINX + key, value));
    assertTrue(strict.has(ResourceType.ROUTE, "ingress/a.test"));
  }

  @ParameterizedTest
  @CsvSource({
    "auth-tls-error-page, @page, ",
    "auth-url, http://$service_name.test/auth, 503",
    "limit-rps, -1, 503",
    "server-alias, ~^(.+)\\.b\\.test$, default/svc/80",
    "upstream-hash-by, $ssl_client_fingerprint, default/svc/80",
    "upstream-hash-by, $no_such_variable, default/svc/80",
    "upstream-vhost, $http_x_inner, default/svc/80",
    "ssl-ciphers, NO-SUCH-CIPHER, default/svc/80",
  })
  void value_thatIngressNginxTakesAndIsolineDoesNot_isRefusedAlone(
      String key, String value, @Nullable String answer) {
    World world =
        world(settings(OURS, "nginx"), web().ofClass("nginx").annotation(NGINX + key, value));
    Verdict verdict = world.verdict("web", "metadata.annotations[" + NGINX + key + "]");
    assertFalse(verdict.message().contains("nothing of the Ingress"), verdict.message());
    assertTrue(world.has(ResourceType.ROUTE, "ingress/a.test"));
    if (answer != null) {
      String got = world.request("a.test", "/x");
      assertTrue(got.startsWith(answer), got);
    }
  }

  @Test
  void badValue_thatIngressNginxIgnores_isIgnored() {
    World world =
        world(
            settings(OURS, "nginx"),
            web().ofClass("nginx").annotation(NGINX + "ssl-redirect", "maybe"));
    assertEquals("default/svc/80", world.request("a.test", "/x"));
  }

  @Test
  void unknownPath_hasThePolicyOfTheOldestIngress() {
    IngressBuilder moved =
        web()
            .ofClass("nginx")
            .annotation(NGINX + "permanent-redirect", "https://b.test/")
            .created("2026-01-01T00:00:00Z");
    IngressBuilder young =
        ingress("young")
            .host("a.test")
            .prefix("/y", "svc", 80)
            .ofClass("nginx")
            .created("2026-02-01T00:00:00Z");
    World world = world(settings(OURS, "nginx"), moved, young);
    assertEquals("default/svc/80", world.request("a.test", "/y"));
    assertEquals("301", world.request("a.test", "/unknown"));

    World closed =
        world(
            settings(OURS, "nginx"),
            web().ofClass("nginx").annotation(NGINX + "allowlist-source-range", ""));
    assertEquals("503", closed.request("a.test", "/unknown"));
  }

  @Test
  void ofOneSecond_theLastNameIsTheOldest_butAfterThoseOfOtherClasses() {
    World world = new World(settings(OURS, "nginx"));
    world.apply(service("first", 80), service("second", 80));
    IngressBuilder a = ingress("a").host("a.test").prefix("/", "first", 80);
    IngressBuilder b = ingress("b").host("a.test").prefix("/", "second", 80);
    world.apply(a.ofClass("nginx").build(), b.ofClass("nginx").build());
    assertEquals("default/second/80", world.request("a.test", "/"));
    Verdict lost = world.verdict("a", "spec.rules[0].http.paths[0]");
    assertTrue(lost.message().contains("comes last by namespace and name"), lost.message());
    world.apply(b.ofClass("isoline").build(), a.ofClass("isoline").build());
    assertEquals("default/first/80", world.request("a.test", "/"));
    world.apply(a.ofClass("nginx").build());
    assertEquals("default/second/80", world.request("a.test", "/"));
    world.apply(a.ofClass("isoline").build(), b.ofClass("nginx").build());
    assertEquals("default/first/80", world.request("a.test", "/"));
  }

  @Test
  void hostThatNoTlsEntryNames_hasTheCertificateThatIsForIt() {
    IngressBuilder web = web().ofClass("nginx").tls("other", "c.test").tls("s", "b.test");
    World world = world(settings(OURS, "nginx"), web);
    assertEquals(List.of("default/s"), world.certificates().get("b.test"));
    assertFalse(world.certificates().containsKey("a.test"));

    world.apply(
        secret("s", TestCertificate.ecdsa("b.test", "*.test")),
        secret("other", TestCertificate.ecdsa("c.test")));
    assertEquals(List.of("default/s"), world.certificates().get("a.test,b.test"));
    assertEquals(List.of("default/other"), world.certificates().get("c.test"));
    assertTrue(
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .anyMatch(verdict -> verdict.message().startsWith("a.test is served with")));

    world.apply(web.ofClass("isoline").build());
    assertFalse(world.certificates().containsKey("a.test,b.test"));

    world.apply(
        web.ofClass("nginx").build(),
        ingress("named")
            .host("a.test")
            .prefix("/named", "svc", 80)
            .ofClass("nginx")
            .tls("other", "a.test")
            .build());
    assertEquals(List.of("default/other"), world.certificates().get("a.test,c.test"));
  }

  @Test
  void hostOfAnotherNamespace_hasNoCertificateThatIsGuessed() {
    World world =
        world(
            settings(OURS, "nginx"),
            web().ofClass("nginx").created("2026-01-01T00:00:00Z"),
            ingress("foreign")
                .in("other")
                .host("a.test")
                .prefix("/foreign", "svc", 80)
                .ofClass("nginx")
                .created("2026-02-01T00:00:00Z")
                .tls("s", "b.test"));
    TestCertificate certificate = TestCertificate.ecdsa("a.test", "b.test");
    world.apply(
        SecretRecord.tls(
            ObjectRef.secret("other", "s"),
            "kubernetes.io/tls",
            certificate.chain(),
            certificate.key()));
    assertEquals(List.of("other/s"), world.certificates().get("b.test"));
  }

  @Test
  void unknownHost_whereAllAreOfIngressNginx_hasStrictTransportSecurity() {
    String any = "strict-transport-security";
    assertTrue(world(settings(INGRESS_NGINX)).fallback().toString().contains(any));
    assertTrue(
        world(
                settings(INGRESS_NGINX),
                ingress("rest").ofClass("nginx").defaultBackend("svc", 80))
            .fallback()
            .toString()
            .contains(any));
    assertFalse(world(settings(OURS, "nginx"), web()).fallback().toString().contains(any));
  }

  @Test
  void defaultBackend_besideRules_isForTheHostsOfTheseAlone() {
    IngressBuilder both = web().ofClass("nginx").defaultBackend("svc", 80);
    World world = world(settings(OURS, "nginx"), both);
    assertEquals("default/svc/80", world.request("a.test", "/unknown"));
    assertEquals("404", world.request("other.test", "/"));
    assertEquals(
        "default/svc/80",
        world(settings(OURS, "nginx"), both.ofClass("isoline")).request("other.test", "/"));
  }

  @Test
  void defaultBackend_alone_isForHostsThatNobodyNames() {
    IngressBuilder alone = ingress("rest").ofClass("nginx").defaultBackend("svc", 80);
    World world = world(settings(OURS, "nginx"), web().ofClass("nginx"), alone);
    assertEquals("404", world.request("a.test", "/unknown"));
    assertEquals("default/svc/80", world.request("other.test", "/"));
  }

  @Test
  void defaultBackend_besideRulesThatCannotBeUsed_isToldSo() {
    World world =
        world(
            settings(OURS, "nginx"),
            ingress("web").host("a..test").prefix("/", "svc", 80).ofClass("nginx").defaultBackend("svc", 80));
    Verdict verdict = world.verdict("web", "spec.defaultBackend");
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.message().contains("hosts of the rules"), verdict.message());
  }
}
