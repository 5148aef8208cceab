package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What annotations ask for hosts as a whole, and whose wishes count. */
final class WholeHostsTest {

  private static final String ALIAS = "isoline.io/server-alias";
  private static final String WWW = "isoline.io/from-to-www-redirect";
  private static final String ROOT = "isoline.io/app-root";

  private static IngressBuilder web() {
    return ingress("web").created("2026-01-01T00:00:00Z").host("a.test").prefix("/", "svc", 80);
  }

  /** Of another namespace it gets 503, as there is no Service. */
  private static IngressBuilder young(String namespace, String host, String path) {
    return ingress("young")
        .in(namespace)
        .created("2026-02-01T00:00:00Z")
        .host(host)
        .prefix(path, "svc", 80);
  }

  private static World world(IngressBuilder... ingresses) {
    World world = World.of(service("svc", 80));
    for (IngressBuilder each : ingresses) {
      world.apply(each.build());
    }
    return world;
  }

  private static boolean isServed(World world, String host) {
    return world.has(ResourceType.ROUTE, "ingress/" + host);
  }

  private static Verdict verdict(World world, String namespace, String name, String key) {
    return world.verdict(ObjectRef.ingress(namespace, name), "metadata.annotations[" + key + "]");
  }

  // server-alias

  @Test
  void alias_isServedAsTheHostIs() {
    World world = world(web().annotation(ALIAS, "b.test, *.c.test"), young("default", "a.test", "/y"));
    assertEquals("default/svc/80", world.request("b.test", "/"));
    assertEquals("default/svc/80", world.request("x.c.test", "/y"));
    assertEquals("404", world.request("x.y.c.test", "/"));
    assertEquals(Outcome.APPLIED, verdict(world, "default", "web", ALIAS).outcome());
    world.apply(web().build());
    assertFalse(isServed(world, "b.test"));
    assertFalse(isServed(world, "*.c.test"));
  }

  @Test
  void alias_thatHasARuleOfAnybody_losesAndComesBack() {
    World world = world(web().annotation(ALIAS, "b.test"), young("other", "b.test", "/"));
    assertEquals("503", world.request("b.test", "/"));
    Verdict verdict = verdict(world, "default", "web", ALIAS);
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.message().contains("has a rule for b.test"), verdict.message());
    world.delete(ObjectRef.ingress("other", "young"));
    assertEquals("default/svc/80", world.request("b.test", "/"));
    assertEquals(Outcome.APPLIED, verdict(world, "default", "web", ALIAS).outcome());
  }

  @Test
  void alias_ofASharedHost_isTheOwnersAloneAndHasNoPathsOfOthers() {
    World world =
        world(
            web().annotation(ALIAS, "b.test"),
            young("other", "a.test", "/y").annotation(ALIAS, "c.test"));
    assertEquals("503", world.request("a.test", "/y"));
    assertEquals("default/svc/80", world.request("b.test", "/y"));
    assertFalse(isServed(world, "c.test"));
    Verdict verdict = verdict(world, "other", "young", ALIAS);
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertEquals("host a.test belongs to namespace default", verdict.message());
  }

  @Test
  void alias_ofTwoIngressesOfAHost_isAsTheOldestAsks() {
    World world =
        world(
            web().annotation(ALIAS, "b.test"),
            young("default", "a.test", "/y").annotation(ALIAS, "c.test"));
    assertTrue(isServed(world, "b.test"));
    assertFalse(isServed(world, "c.test"));
    assertEquals(
        "ingress default/web decides for a.test",
        verdict(world, "default", "young", ALIAS).message().replace("Ingress", "ingress"));
  }

  @Test
  void alias_thatTwoHostsWant_isOfTheOldest() {
    World world =
        world(
            web().annotation(ALIAS, "c.test"),
            young("other", "b.test", "/").annotation(ALIAS, "c.test"));
    assertEquals("default/svc/80", world.request("c.test", "/"));
    assertEquals(Outcome.NO_EFFECT, verdict(world, "other", "young", ALIAS).outcome());
  }

  @ParameterizedTest
  @CsvSource({
    "~^(a, NO_EFFECT",
    "'b.test, ~x', APPLIED_WITH_DIFFERENCE",
    "'b.test, b..test', APPLIED_WITH_DIFFERENCE",
    "*, NO_EFFECT",
    "127.0.0.1, NO_EFFECT",
    "../etc, NO_EFFECT",
    "$host, NO_EFFECT",
    "b.test;, REFUSED",
    "'\"; junk {', REFUSED",
  })
  void alias_thatIsNoHost_isToldAndTheOthersAreServed(String value, Outcome outcome) {
    World world = world(web().annotation(ALIAS, value));
    assertEquals(outcome, verdict(world, "default", "web", ALIAS).outcome());
    assertEquals(outcome == Outcome.APPLIED_WITH_DIFFERENCE, isServed(world, "b.test"));
    assertEquals("default/svc/80", world.request("a.test", "/"));
  }

  @Test
  void alias_moreThan32_isRefused() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 33; i++) {
      many.append("h").append(i).append(".test,");
    }
    World world = world(web().annotation(ALIAS, many.toString()));
    assertEquals(Outcome.REFUSED, verdict(world, "default", "web", ALIAS).outcome());
    assertFalse(isServed(world, "h0.test"));
  }

  // from-to-www-redirect

  @ParameterizedTest
  @CsvSource({"a.test, www.a.test", "www.a.test, a.test"})
  void www_theOtherName_isRedirectedWhileNobodyNamesIt(String host, String other) {
    World world = world(ingress("web").host(host).prefix("/", "svc", 80).annotation(WWW, "true"));
    assertTrue(isServed(world, other));
    assertTrue(
        World.proto(world.resource(ResourceType.ROUTE, "ingress/" + other))
            .toString()
            .contains("host_redirect: \"" + host + "\""));
    assertEquals(Outcome.APPLIED, verdict(world, "default", "web", WWW).outcome());
    world.apply(young("other", other, "/").build());
    assertEquals("503", world.request(other, "/"));
    assertEquals(Outcome.NO_EFFECT, verdict(world, "default", "web", WWW).outcome());
  }

  @Test
  void www_anAlias_goesBefore() {
    World world =
        world(
            web().annotation(WWW, "true"),
            young("other", "b.test", "/").annotation(ALIAS, "www.a.test"));
    assertEquals("503", world.request("www.a.test", "/"));
  }

  @Test
  void www_ofAnotherNamespaceOnASharedHost_isNothing() {
    World world = world(web(), young("other", "a.test", "/y").annotation(WWW, "true"));
    assertFalse(isServed(world, "www.a.test"));
    assertEquals(
        "host a.test belongs to namespace default",
        verdict(world, "other", "young", WWW).message());
  }

  @Test
  void www_ofAWildcard_isNothingAndTold() {
    World world =
        world(ingress("web").host("*.a.test").prefix("/", "svc", 80).annotation(WWW, "true"));
    assertEquals(Outcome.NO_EFFECT, verdict(world, "default", "web", WWW).outcome());
    assertEquals("default/svc/80", world.request("www.a.test", "/"));
  }

  // app-root

  @Test
  void root_isThatOfTheOldestOfTheOwner() {
    World world =
        world(
            web(),
            young("default", "a.test", "/y").annotation(ROOT, "/young"),
            ingress("other")
                .in("other")
                .created("2026-01-15T00:00:00Z")
                .host("a.test")
                .prefix("/o", "svc", 80)
                .annotation(ROOT, "/other"));
    String routes =
        World.proto(world.resource(ResourceType.ROUTE, "ingress/a.test")).toString();
    assertTrue(routes.contains("\"/young\""), routes);
    assertFalse(routes.contains("\"/other\""), routes);
    assertEquals(Outcome.APPLIED, verdict(world, "default", "young", ROOT).outcome());
    assertEquals(
        "host a.test belongs to namespace default",
        verdict(world, "other", "other", ROOT).message());
  }

  @ParameterizedTest
  @CsvSource({
    "console", "https://to.test/x", "//evil.test", "/c?x=y", "/$host", "'/a b'", "/%0d", "/a#b"
  })
  void root_thatIsNoPath_isRefused(String value) {
    World world = world(web().annotation(ROOT, value));
    assertEquals(Outcome.REFUSED, verdict(world, "default", "web", ROOT).outcome());
    assertFalse(
        World.proto(world.resource(ResourceType.ROUTE, "ingress/a.test"))
            .toString()
            .contains("location"));
  }
}
