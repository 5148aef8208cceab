package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.Tenants.given;
import static io.isoline.translator.Tenants.secret;
import static io.isoline.translator.Tenants.service;
import static io.isoline.translator.Tenants.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.settings.IngressSettings.Tenancy.Hosts;
import io.isoline.translator.settings.IngressSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a change among namespaces costs, and what becomes of single objects. */
final class TenancyTest {

  private static final Settings OPERATORS =
      World.DEFAULTS.with(
          World.DEFAULTS
              .ingress()
              .withDefaultBackend(
                  new IngressSettings.DefaultBackend("web", "sorry", null, 80)));

  private final World world = new World();

  private static List<String> keys(Update update) {
    return update.changed().stream().map(Resource::key).sorted().map(Object::toString).toList();
  }

  private void tenHostsOf(String namespace) {
    world.apply(service(namespace, "web"));
    for (int i = 0; i < 10; i++) {
      world.apply(
          ingress("web" + i)
              .in(namespace)
              .host(i + "." + namespace + ".test")
              .prefix("/x", "web", 80)
              .build());
    }
  }

  @Test
  void defaultBackend_ofANamespace_touchesItsHostsAndThoseThatNobodyNames() {
    tenHostsOf("a");
    tenHostsOf("b");

    Update update = world.apply(ingress("plain").in("a").defaultBackend("web", 80).build());

    assertEquals(11, update.changed().size(), () -> keys(update).toString());
    assertTrue(keys(update).contains("ROUTE ingress"));
    assertEquals(
        10, keys(update).stream().filter(key -> key.matches("ROUTE ingress/.\\.a\\.test")).count());
  }

  @Test
  void defaultBackend_thatIsForNoHost_touchesNothing() {
    tenHostsOf("a");
    world.apply(ingress("plain").in("a").ordinal(0).defaultBackend("web", 80).build());

    Update update =
        world.apply(ingress("late").in("a").ordinal(1).defaultBackend("web", 80).build());

    assertEquals(List.of(), keys(update));
  }

  @Test
  void grant_ofOneHost_touchesThatHostAlone() {
    tenHostsOf("a");
    tenHostsOf("b");

    Update update = world.apply(given("b", "3.a.test"));

    assertEquals(List.of("ROUTE ingress/3.a.test"), keys(update));
  }

  @Test
  void grant_thatChangesNothing_touchesNothing() {
    tenHostsOf("a");

    Update update = world.apply(given("a", "*.a.test"));

    // Names that nobody has a rule for are served by nobody else from now on.
    assertEquals(
        List.of("SCOPE ingress/*.a.test", "ROUTE ingress", "ROUTE ingress/*.a.test"),
        keys(update));
    assertEquals(List.of(), keys(world.apply(given("a", "*.a.test, 3.a.test"))));
  }

  @Test
  void namespace_ofAnAnnotationThatIsNotOurs_isToldSo() {
    world.apply(
        new NamespaceRecord(
            ObjectRef.namespace("a"), new TreeMap<>(Map.of("isoline.io/host", "a.test")), false));

    Verdict verdict =
        world.verdict(ObjectRef.namespace("a"), "metadata.annotations[isoline.io/host]");
    assertEquals(Reason.UnsupportedAnnotation, verdict.reason());
    assertTrue(verdict.fix().contains("isoline.io/hosts"), verdict::toString);
  }

  @Test
  void grants_manyThatAreNone_areOneVerdict() {
    world.apply(given("a", "x* ".repeat(1000)));

    Verdict verdict =
        world.verdict(ObjectRef.namespace("a"), "metadata.annotations[isoline.io/hosts]");
    assertTrue(verdict.message().contains("and 995 more"), verdict::toString);
    assertTrue(verdict.message().length() < 300, verdict::toString);
  }

  @Test
  void operatorsDefault_itsServiceIsMissing_isToldAndAnswers503() {
    World other = new World(OPERATORS);
    other.apply(List.of(), World.NOW);
    assertEquals("503", other.request("unknown.test", "/"));
    Verdict verdict = other.verdict(ObjectRef.service("web", "sorry"), "");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(Reason.BackendNotFound, verdict.reason());

    other.apply(service("web", "sorry"));
    assertEquals("web/sorry/80", other.request("unknown.test", "/"));

    other.configure(World.DEFAULTS);
    assertEquals("404", other.request("unknown.test", "/"));
    assertEquals(Reason.NotUsed, other.verdict(ObjectRef.service("web", "sorry"), "").reason());
  }

  @Test
  void certificate_ofAWildcardThatIsAnothers_servesOwnNamesBelow() {
    TestCertificate certificate = TestCertificate.ecdsa("*.shop.test");
    world.apply(
        service("shop", "web"),
        secret("shop", "tls", certificate),
        secret("evil", "tls", TestCertificate.ecdsa("*.shop.test")),
        ingress("web")
            .in("shop")
            .ordinal(1)
            .host("a.shop.test")
            .prefix("/", "web", 80)
            .tls("tls", "*.shop.test")
            .build());
    assertEquals(List.of("shop/tls"), Tenants.certificates(world, "a.shop.test"));

    world.apply(
        ingress("web").in("evil").defaultBackend("web", 80).tls("tls", "*.shop.test").build());

    assertEquals(List.of("shop/tls"), Tenants.certificates(world, "a.shop.test"));
    assertEquals(List.of("evil/tls"), Tenants.certificates(world, "b.shop.test"));
    Verdict verdict = world.verdict(ObjectRef.ingress("shop", "web"), "spec.tls[0]");
    assertTrue(verdict.message().contains("namespace evil"), verdict::toString);
  }

  @Test
  void verdict_bothModes_namesWhoDecidesForHostsThatNobodyNames() {
    World owned = new World(settings(Hosts.OWNED));
    owned.apply(
        ingress("plain").in("a").defaultBackend("web", 80).tls("tls").build());

    Verdict verdict = owned.verdict(ObjectRef.ingress("a", "plain"), "spec.defaultBackend");
    assertEquals(Reason.HostOwned, verdict.reason());
    assertTrue(
        verdict
            .message()
            .startsWith(
                "hosts that nobody names belong to no namespace unless an administrator gives them to"
                    + " one"),
        verdict::toString);
  }

  @Test
  void defaultBackend_ofARuleWithoutHostThatIsAnothers_isForTheOtherHostsAlone() {
    world.apply(
        given("b", "*"),
        service("a", "web"),
        ingress("web")
            .in("a")
            .defaultBackend("web", 80)
            .host(null)
            .prefix("/x", "web", 80)
            .host("a.test")
            .prefix("/x", "web", 80)
            .build());

    Verdict verdict = world.verdict(ObjectRef.ingress("a", "web"), "spec.defaultBackend");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertEquals(Reason.HostOwned, verdict.reason());
    assertEquals(
        "the default backend for * is not this one: hosts that nobody names belong to namespace b, as"
            + " an administrator decided",
        verdict.message());
    assertEquals("remove the rules for these hosts", verdict.fix());
  }

  @Test
  void verdict_hostGivenToManyNamespaces_namesFive() {
    for (int namespaces = 5; namespaces <= 6; namespaces++) {
      World given = new World();
      for (int i = 1; i <= namespaces; i++) {
        given.apply(given("n" + i, "a.test"));
      }
      given.apply(
          service("a", "web"),
          ingress("web").in("a").host("a.test").prefix("/", "web", 80).build());

      Verdict verdict =
          given.verdict(ObjectRef.ingress("a", "web"), "spec.rules[0].http.paths[0]");
      assertEquals(
          "host a.test belongs to namespaces n1, n2, n3, n4, n5"
              + (namespaces == 5 ? "" : " and 1 more")
              + ", as an administrator decided",
          verdict.message());
    }
  }

  @Test
  void verdict_certificateForAHostWithoutRules_saysWhoseItIs() {
    world.apply(
        ingress("plain").in("a").ordinal(0).defaultBackend("web", 80).build(),
        ingress("any").in("b").ordinal(1).tls("tls", "x.test").host(null).build());

    assertEquals(
        "no Ingress has a rule for host x.test, and the first to name a Secret for it is of namespace"
            + " b",
        whose(world));
  }

  private static String whose(World world) {
    world.apply(
        ingress("late").in("c").ordinal(2).tls("tls", "x.test").defaultBackend("web", 80).build());
    String message = world.verdict(ObjectRef.ingress("c", "late"), "spec.tls[0]").message();
    return message.replaceFirst("; .*", "");
  }

  @Test
  void hostThatWasGiven_withoutRulesOfItsOwn_getsWhatItsNamespaceHasForTheWildcard() {
    IngressBuilder wild = ingress("wild").in("a").ordinal(1).host("*.test").prefix("/a", "web", 80);
    world.apply(
        given("a", "x.test"),
        service("a", "web"),
        service("b", "web"),
        ingress("wild")
            .in("b")
            .ordinal(0)
            .defaultBackend("web", 80)
            .host("*.test")
            .prefix("/b", "web", 80)
            .build(),
        wild.build());

    assertEquals("a/web/80", world.request("x.test", "/a"));
    assertEquals("404", world.request("x.test", "/b"));
    assertEquals("404", world.request("x.test", "/"));
    assertEquals("b/web/80", world.request("y.test", "/"));

    world.apply(wild.defaultBackend("web", 80).build());
    assertEquals("404", world.request("x.test", "/"), "the wildcard is that of b");
    world.delete(ObjectRef.ingress("b", "wild"));
    assertEquals("a/web/80", world.request("x.test", "/"));
  }

  @Test
  void hostThatWasGiven_withoutRulesOfItsOwn_getsTheDefaultBackendOfTheWildcardsNamespace() {
    world.apply(
        given("a", "x.test"),
        service("a", "web"),
        ingress("wild").in("a").host("*.test").prefix("/a", "web", 80).build());
    assertEquals("404", world.request("x.test", "/"));

    world.apply(ingress("plain").in("a").defaultBackend("web", 80).build());
    assertEquals("a/web/80", world.request("x.test", "/"));
  }
}
