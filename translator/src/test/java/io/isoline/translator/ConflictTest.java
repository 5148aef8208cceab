package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import org.junit.jupiter.api.Test;

/** Who wins where several ask for the same, and what the others are told. */
final class ConflictTest {

  private static final String FIELD = "spec.rules[0].http.paths[0]";

  private static World world(IngressBuilder... ingresses) {
    World world = World.of(service("a", 80), service("b", 80), service("c", 80));
    for (IngressBuilder ingress : ingresses) {
      world.apply(ingress.build());
    }
    return world;
  }

  private static void lost(Verdict verdict, String... words) {
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertEquals(Reason.Conflict, verdict.reason());
    for (String word : words) {
      assertTrue(verdict.message().contains(word), verdict.message());
    }
  }

  @Test
  void samePath_differentCreationTimes_oldestWinsThoughItCameLast() {
    World world =
        world(
            ingress("a-young")
                .created("2026-02-02T00:00:00Z")
                .host("x.com")
                .prefix("/", "a", 80),
            ingress("z-old").created("2026-02-01T00:00:00Z").host("x.com").prefix("/", "b", 80));

    assertEquals("default/b/80", world.request("x.com", "/"));
    lost(world.verdict("a-young", FIELD), "Ingress default/z-old", FIELD, "was created earlier", "x.com");
  }

  @Test
  void samePath_sameCreationTime_namespaceAndNameDecide() {
    World world =
        world(
            ingress("b").created("2026-02-02T00:00:00Z").host("x.com").prefix("/", "b", 80),
            ingress("a").created("2026-02-02T00:00:00Z").host("x.com").prefix("/", "a", 80));

    assertEquals("default/a/80", world.request("x.com", "/"));
    lost(world.verdict("b", FIELD), "Ingress default/a", "same age", "namespace and name");
  }

  @Test
  void samePath_otherNamespace_namespaceGoesBeforeName() {
    World world =
        world(
            ingress("a").in("zoo").created("2026-02-02T00:00:00Z").host("x.com").prefix("/", "a", 1),
            ingress("b").created("2026-02-02T00:00:00Z").host("x.com").prefix("/", "b", 80));

    assertEquals("default/b/80", world.request("x.com", "/"));
    lost(world.verdict(ObjectRef.ingress("zoo", "a"), FIELD), "Ingress default/b");
  }

  @Test
  void samePath_noCreationTime_fileOrderDecides() {
    World world =
        world(
            ingress("a").ordinal(7).host("x.com").prefix("/", "a", 80),
            ingress("b").ordinal(3).host("x.com").prefix("/", "b", 80));

    assertEquals("default/b/80", world.request("x.com", "/"));
    lost(world.verdict("a", FIELD), "Ingress default/b", "comes first in the files");
  }

  @Test
  void samePath_oneWithoutCreationTime_comesAfterThoseWithOne() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").prefix("/", "a", 80),
            ingress("b").created("2026-02-02T00:00:00Z").host("x.com").prefix("/", "b", 80));

    assertEquals("default/b/80", world.request("x.com", "/"));
  }

  @Test
  void samePath_twiceInOneIngress_firstWins() {
    World world = world(ingress("a").host("x.com").prefix("/p", "a", 80).prefix("/p", "b", 80));

    assertEquals("default/a/80", world.request("x.com", "/p"));
    assertEquals(Reason.NoEndpoints, world.verdict("a", FIELD + ".backend").reason());
    lost(world.verdict("a", "spec.rules[0].http.paths[1]"), FIELD, "comes first");
  }

  @Test
  void samePath_twoRulesOfOneHostInOneIngress_merge() {
    World world =
        world(
            ingress("a")
                .host("x.com")
                .prefix("/p", "a", 80)
                .host("X.com")
                .prefix("/q", "b", 80)
                .prefix("/p", "c", 80));

    assertEquals("default/a/80", world.request("x.com", "/p"));
    assertEquals("default/b/80", world.request("x.com", "/q"));
    lost(world.verdict("a", "spec.rules[1].http.paths[1]"), "comes first");
  }

  @Test
  void samePrefix_withAndWithoutSlash_isOne() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").prefix("/foo", "a", 80),
            ingress("b").ordinal(1).host("x.com").prefix("/foo/", "b", 80));

    assertEquals("default/a/80", world.request("x.com", "/foo/"));
    lost(world.verdict("b", FIELD), "Ingress default/a");
  }

  @Test
  void samePrefix_implementationSpecificAndPrefix_isOne() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").prefix("/foo", "a", 80),
            ingress("b")
                .ordinal(1)
                .host("x.com")
                .path("/foo", "ImplementationSpecific", IngressBuilder.backend("b", 80)));

    assertEquals("default/a/80", world.request("x.com", "/foo"));
    lost(world.verdict("b", FIELD), "Ingress default/a");
  }

  @Test
  void samePath_exactWithAndWithoutSlash_areTwo() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").exact("/foo", "a", 80),
            ingress("b").ordinal(1).host("x.com").exact("/foo/", "b", 80));

    assertEquals("default/a/80", world.request("x.com", "/foo"));
    assertEquals("default/b/80", world.request("x.com", "/foo/"));
  }

  @Test
  void samePath_winnersServiceIsMissing_isStillTheWinners() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").prefix("/p", "missing", 80),
            ingress("b").ordinal(1).host("x.com").prefix("/p", "b", 80));

    assertEquals("503", world.request("x.com", "/p"));
    lost(world.verdict("b", FIELD), "Ingress default/a");
  }

  @Test
  void samePath_winnerIsDeleted_nextOneTakesOver() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").prefix("/p", "a", 80),
            ingress("b").ordinal(1).host("x.com").prefix("/p", "b", 80));

    world.delete(ObjectRef.ingress("default", "a"));

    assertEquals("default/b/80", world.request("x.com", "/p"));
    assertTrue(
        world.verdicts(ObjectRef.ingress("default", "b")).stream()
            .noneMatch(verdict -> verdict.reason() == Reason.Conflict));
  }

  @Test
  void samePath_winnerIsOfAnotherClass_isNoConflict() {
    World world =
        world(
            ingress("a").ordinal(0).ofClass("nginx").host("x.com").prefix("/p", "a", 80),
            ingress("b").ordinal(1).host("x.com").prefix("/p", "b", 80));

    assertEquals("default/b/80", world.request("x.com", "/p"));
  }

  @Test
  void defaultBackends_ofOneHost_oldestWins() {
    World world =
        world(
            ingress("a").ordinal(0).defaultBackend("a", 80).host("x.com").prefix("/p", "c", 80),
            ingress("b")
                .ordinal(1)
                .defaultBackend("b", 80)
                .host("x.com")
                .prefix("/q", "c", 80)
                .host("y.com")
                .prefix("/q", "c", 80));

    assertEquals("default/a/80", world.request("x.com", "/"));
    assertEquals("default/b/80", world.request("y.com", "/"));
    Verdict verdict = world.verdict("b", "spec.defaultBackend");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().contains("x.com"), verdict.message());
    assertTrue(verdict.message().contains("Ingress default/a"), verdict.message());
  }

  @Test
  void defaultBackends_ofManyHosts_fiveAreNamed() {
    for (int hosts = 5; hosts <= 6; hosts++) {
      IngressBuilder old = ingress("a").ordinal(0).defaultBackend("a", 80);
      IngressBuilder young = ingress("b").ordinal(1).defaultBackend("b", 80);
      for (int i = 1; i <= hosts; i++) {
        old.host("h" + i + ".com").prefix("/p", "c", 80);
        young.host("h" + i + ".com").prefix("/q", "c", 80);
      }
      lost(
          world(old, young).verdict("b", "spec.defaultBackend"),
          hosts == 5 ? "h4.com, h5.com is that of" : "h4.com, h5.com and 1 more is that of");
    }
  }

  @Test
  void defaultBackend_ofARuleWithoutHost_isInForce() {
    World world = world(ingress("a").defaultBackend("a", 80).host(null).prefix("/b", "b", 80));

    assertEquals("default/a/80", world.request("x.com", "/"));
    assertTrue(
        world.verdicts(ObjectRef.ingress("default", "a")).stream()
            .noneMatch(verdict -> verdict.outcome() == Outcome.REFUSED));
  }

  @Test
  void defaultBackend_forAHostOfAnotherNamespace_saysWhoseItIs() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").prefix("/a", "a", 80),
            ingress("b")
                .in("other")
                .ordinal(1)
                .defaultBackend("a", 80)
                .host("x.com")
                .prefix("/b", "a", 80));

    Verdict verdict = world.verdict(ObjectRef.ingress("other", "b"), "spec.defaultBackend");
    assertEquals(Reason.HostOwned, verdict.reason());
    assertEquals(
        "host x.com belongs to namespace default, whose Ingress default/a has a rule for it and comes"
            + " first in the files; only its own default backends count",
        verdict.message());
  }

  @Test
  void oneHost_inTwoNamespaces_eachKeepsToItsOwnServices() {
    World world =
        world(
            ingress("a").ordinal(0).host("x.com").prefix("/a", "a", 80),
            ingress("b").in("other").ordinal(1).host("x.com").prefix("/b", "a", 80));

    assertEquals("default/a/80", world.request("x.com", "/a"));
    assertEquals("503", world.request("x.com", "/b"));
    assertTrue(
        world
            .verdict(ObjectRef.ingress("other", "b"), FIELD + ".backend")
            .message()
            .contains("Service other/a does not exist"));
  }
}
