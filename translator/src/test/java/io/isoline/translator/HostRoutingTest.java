package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.IngressBuilder.resource;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.ClusterObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which host's rules get a request, and what gets it that no rule takes. */
final class HostRoutingTest {

  private static World world(IngressBuilder... ingresses) {
    List<ClusterObject> objects = new ArrayList<>();
    for (String service : List.of("a", "b", "c", "d", "e")) {
      objects.add(service(service, 80));
    }
    for (IngressBuilder ingress : ingresses) {
      objects.add(ingress.build());
    }
    return World.of(objects.toArray(ClusterObject[]::new));
  }

  @Test
  void request_exactHostAndWildcard_exactHostWins() {
    World world =
        world(
            ingress("wild").host("*.foo.com").prefix("/", "a", 80),
            ingress("exact").host("bar.foo.com").prefix("/only", "b", 80));

    assertEquals("default/b/80", world.request("bar.foo.com", "/only"));
    assertEquals("default/a/80", world.request("other.foo.com", "/only"));
  }

  @Test
  void request_pathThatTheNamedHostLacks_neverGoesToAnotherHostsRules() {
    World world =
        world(
            ingress("any").host(null).prefix("/", "a", 80),
            ingress("wild").host("*.foo.com").prefix("/", "b", 80),
            ingress("exact").host("bar.foo.com").prefix("/only", "c", 80));

    assertEquals("404", world.request("bar.foo.com", "/else"));
  }

  @Test
  void request_pathThatTheNamedHostLacks_goesToItsIngressesDefaultBackendFirst() {
    World world =
        world(
            ingress("class-wide").defaultBackend("a", 80),
            ingress("own").defaultBackend("b", 80).host("own.com").prefix("/x", "c", 80),
            ingress("none").host("none.com").prefix("/x", "c", 80));

    assertEquals("default/b/80", world.request("own.com", "/else"));
    assertEquals("default/a/80", world.request("none.com", "/else"));
    assertEquals("default/a/80", world.request("unknown.com", "/else"));
    assertEquals("default/c/80", world.request("none.com", "/x"));
  }

  @Test
  void request_noDefaultBackendAnywhere_is404() {
    World world = world(ingress("none").host("none.com").prefix("/x", "c", 80));

    assertEquals("404", world.request("none.com", "/else"));
    assertEquals("404", world.request("unknown.com", "/x"));
  }

  @Test
  void request_deeperThanTheWildcard_isTreatedAsIfThereWereNoWildcard() {
    World world =
        world(
            ingress("wild").host("*.foo.com").prefix("/", "a", 80),
            ingress("any").host(null).prefix("/any", "b", 80),
            ingress("class-wide").defaultBackend("c", 80));

    assertEquals("default/a/80", world.request("x.foo.com", "/any"));
    assertEquals("default/b/80", world.request("x.y.foo.com", "/any"));
    assertEquals("default/c/80", world.request("x.y.foo.com", "/else"));
  }

  @Test
  void request_wildcardsBelowEachOther_nearestOneTakesItsOwnLabel() {
    World world =
        world(
            ingress("outer").host("*.com").prefix("/", "a", 80),
            ingress("inner").host("*.foo.com").prefix("/", "b", 80));

    assertEquals("default/a/80", world.request("foo.com", "/"));
    assertEquals("default/b/80", world.request("x.foo.com", "/"));
    assertEquals("404", world.request("x.bar.com", "/"));
    assertEquals("404", world.request("x.y.foo.com", "/"));
  }

  @Test
  void request_ruleWithoutPaths_goesToTheDefaultBackend() {
    World world = world(ingress("bare").defaultBackend("a", 80).host("bare.com"));

    assertEquals("default/a/80", world.request("bare.com", "/x"));
  }

  @Test
  void verdict_ruleWithoutPathsAndDefaultBackend_saysWhatIsMissing() {
    Verdict verdict =
        world(ingress("bare").host("bare.com")).verdict("bare", "spec.rules[0]");

    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.fix().contains("http.paths"), verdict.fix());
  }

  @Test
  void verdict_neitherRulesNorDefaultBackend_isRefused() {
    Verdict verdict = world(ingress("empty")).verdict("empty", "spec");

    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(Reason.InvalidValue, verdict.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*", "*.*.com", "a.*.com", "1.2.3.4", "a.com:80", "[::1]", "-a.com", "a-.com", "a..com",
        "a.com.", "a_b.com", "a b", "http://a.com", "\u00e4.com", "*."
      })
  void verdict_hostThatIsNone_isRefusedAndTakesNothingElseAlong(String host) {
    World world =
        world(
            ingress("web")
                .host(host)
                .prefix("/", "a", 80)
                .host("good.com")
                .prefix("/", "b", 80));

    Verdict verdict = world.verdict("web", "spec.rules[0].host");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("\"" + host + "\""), verdict.message());
    assertEquals("default/b/80", world.request("good.com", "/"));
    assertEquals("404", world.request(host, "/"));
  }

  @Test
  void verdict_hostThatIsNone_pathsAreCheckedAllTheSame() {
    World world = world(ingress("web").host("a b").prefix("shop", "a", 80).prefix("/x", "a", 80));

    assertEquals(
        Outcome.REFUSED, world.verdict("web", "spec.rules[0].http.paths[0]").outcome());
    assertTrue(
        world.verdicts(ObjectRef.ingress("default", "web")).stream()
            .noneMatch(verdict -> verdict.field().startsWith("spec.rules[0].http.paths[1]")));
  }

  @Test
  void classWideDefault_ingressWithoutRules_goesBeforeOlderOneWithRules() {
    World world =
        world(
            ingress("rules").ordinal(0).defaultBackend("a", 80).host("a.com"),
            ingress("plain").ordinal(1).defaultBackend("b", 80));

    assertEquals("default/b/80", world.request("unknown.com", "/"));
    assertEquals("default/a/80", world.request("a.com", "/"));
  }

  @Test
  void classWideDefault_ingressWhoseOnlyHostIsRefused_isNotTakenForOneWithoutRules() {
    World world =
        world(
            ingress("older").ordinal(0).defaultBackend("a", 80).host("a.com").prefix("/", "c", 80),
            ingress("broken").ordinal(1).defaultBackend("b", 80).host("b..com"));

    assertEquals("default/a/80", world.request("unknown.com", "/"));
    Verdict verdict = world.verdict("broken", "spec.defaultBackend");
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.message().contains("Ingress default/older"), verdict.message());
  }

  @Test
  void classWideDefault_youngerOneWithoutRules_saysWhyItGoesBefore() {
    World world =
        world(
            ingress("broken").ordinal(0).defaultBackend("a", 80).host("b..com"),
            ingress("plain").ordinal(1).defaultBackend("b", 80));

    Verdict verdict = world.verdict("broken", "spec.defaultBackend");
    assertTrue(
        verdict
            .message()
            .contains("Ingress default/plain, which has no rules, so that it is there for all hosts"),
        verdict.message());
  }

  @Test
  void classWideDefault_winnerGoes_losersVerdictNamesTheNext() {
    World world =
        world(
            ingress("one").ordinal(0).defaultBackend("a", 80),
            ingress("two").ordinal(1).defaultBackend("b", 80),
            ingress("three").ordinal(2).defaultBackend("c", 80));
    assertTrue(world.verdict("three", "spec.defaultBackend").message().contains("default/one"));

    world.delete(ObjectRef.ingress("default", "one"));

    Verdict verdict = world.verdict("three", "spec.defaultBackend");
    assertEquals(
        "the default backend for all hosts without one of their own is that of Ingress default/two,"
            + " which comes first in the files",
        verdict.message());
    assertEquals("remove one of the two", verdict.fix());
    assertEquals("default/b/80", world.request("x.com", "/"));
  }

  /** Whoever waits for it to be in force looks at objects whose verdicts differ. */
  @Test
  void plainDefault_itsNamespaceGetsAHost_verdictDiffers() {
    World world = new World();
    world.apply(
        ingress("first").in("other").ordinal(1).defaultBackend("a", 80).build(),
        ingress("mine").ordinal(2).defaultBackend("b", 80).build());
    ObjectRef mine = ObjectRef.ingress("default", "mine");
    Verdict before = world.verdict("mine", "spec.defaultBackend");
    assertEquals(Outcome.NO_EFFECT, before.outcome());
    assertEquals(
        "the default backend for all hosts without one of their own is that of Ingress other/first,"
            + " which comes first in the files; for hosts of namespace default it would be this one,"
            + " and there is none",
        before.message());
    assertEquals("name the hosts that it is for", before.fix());

    Update update = world.apply(ingress("web").host("a.test").prefix("/x", "a", 80).build());
    assertTrue(update.verdicts().containsKey(mine));
    Verdict after = world.verdict("mine", "spec.defaultBackend");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, after.outcome());
    assertTrue(after.message().endsWith("of namespace default it is this one"), after.message());

    world.delete(ObjectRef.ingress("default", "web"));
    assertEquals(Outcome.NO_EFFECT, world.verdict("mine", "spec.defaultBackend").outcome());
  }

  @Test
  void classWideDefault_itsServiceComesLater_verdictAndRoutesFollow() {
    World world =
        World.of(
            ingress("plain").defaultBackend("late", 80).build(),
            service("web", 80),
            ingress("web").host("web.com").prefix("/x", "web", 80).build());
    assertEquals("503", world.request("web.com", "/"));
    assertEquals(
        Reason.BackendNotFound, world.verdict("plain", "spec.defaultBackend").reason());

    world.apply(service("late", 80), TestObjects.slice("late", 80, "10.0.0.1"));

    assertEquals("default/late/80", world.request("web.com", "/"));
    assertEquals(Reason.Accepted, world.verdict("plain", "spec.defaultBackend").reason());
  }

  @Test
  void classWideDefault_replacedWithItsServiceInOneBatch_hostsFollow() {
    World world =
        world(
            ingress("plain").defaultBackend("a", 80),
            ingress("web").host("web.com").prefix("/x", "b", 80));

    world.apply(
        List.of(
            new Change.Delete(ObjectRef.ingress("default", "plain")),
            new Change.Delete(ObjectRef.service("default", "a")),
            new Change.Upsert(ingress("plain").defaultBackend("a", 80).build())),
        World.NOW);

    assertEquals("503", world.request("web.com", "/"));
  }

  @Test
  void defaultBackend_ofKindResource_is503() {
    World world =
        world(
            ingress("plain").defaultBackend(resource("Bucket", "static")),
            ingress("web").host("web.com").prefix("/x", "b", 80));

    assertEquals("503", world.request("web.com", "/"));
    assertEquals("default/b/80", world.request("web.com", "/x"));
    Verdict verdict = world.verdict("plain", "spec.defaultBackend.resource");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("Bucket"), verdict.message());
  }
}
