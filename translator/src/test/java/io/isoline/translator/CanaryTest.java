package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.translator.kube.ServiceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests go to a canary, and that it gets nothing that is not meant for it. */
final class CanaryTest {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String MAIN = "default/v1/80";
  private static final String CANARY = "default/v2/80";

  /** Two Services with endpoints, and more. */
  private static World world(ClusterObject... more) {
    List<ClusterObject> objects =
        new ArrayList<>(
            List.of(
                service("v1", 80),
                slice("v1", 8080, "10.0.0.1"),
                service("v2", 80),
                slice("v2", 8080, "10.0.0.2"),
                service("v3", 80),
                slice("v3", 8080, "10.0.0.3")));
    objects.addAll(List.of(more));
    return World.of(objects.toArray(ClusterObject[]::new));
  }

  private static IngressBuilder main() {
    return ingress("main").ordinal(1).host("a.test").prefix("/", "v1", 80);
  }

  private static IngressBuilder canary(String... keysAndValues) {
    IngressBuilder canary =
        ingress("canary").ordinal(2).annotation(NGINX + "canary", "true").host("a.test");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      canary.annotation(NGINX + keysAndValues[i], keysAndValues[i + 1]);
    }
    return canary;
  }

  private static World with(String... keysAndValues) {
    return world(main().build(), canary(keysAndValues).prefix("/", "v2", 80).build());
  }

  private static String request(World world, String path, String... namesAndValues) {
    Map<String, String> headers =
        namesAndValues.length == 0 ? Map.of() : Map.of(namesAndValues[0], namesAndValues[1]);
    return world.routes().request("http", "a.test", path, headers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 100 | default/v1/80",
        "10 | 100 | 90 default/v1/80, 10 default/v2/80",
        "500 | 1000 | 500 default/v1/80, 500 default/v2/80",
        "100 | 100 | default/v2/80",
        "200 | 100 | default/v2/80",
        "half | 100 | default/v1/80",
        "-1 | 100 | default/v1/80",
        "10 | 0 | 90 default/v1/80, 10 default/v2/80",
        "1 | 1000001 | 99 default/v1/80, 1 default/v2/80",
      })
  void weight_isItsShare(String weight, String total, String expected) {
    World world = with("canary-weight", weight, "canary-weight-total", total);
    assertEquals(expected, request(world, "/"));
    assertEquals(expected, request(world, "//"));
    assertEquals(expected, request(world, "/x"));
  }

  @ParameterizedTest
  @CsvSource({
    "always, default/v2/80",
    "never, default/v1/80",
    "other, default/v1/80",
    "Always, default/v1/80",
    "'', default/v1/80"
  })
  void byHeader_alwaysAndNeverDecide(String value, String expected) {
    World world = with("canary-by-header", "X-Canary");
    assertEquals(expected, request(world, "/", "x-canary", value));
    assertEquals(MAIN, request(world, "/"));
  }

  @ParameterizedTest
  @CsvSource({"beta, default/v2/80", "always, default/v1/80", "Beta, default/v1/80"})
  void byHeaderValue_onlyThisDecides(String value, String expected) {
    World world = with("canary-by-header", "X-Canary", "canary-by-header-value", "beta");
    assertEquals(expected, request(world, "/", "x-canary", value));
  }

  @Test
  void byHeaderValue_thatIsNot_leavesItToTheWeight() {
    World world =
        with(
            "canary-by-header",
            "X-Canary",
            "canary-by-header-value",
            "beta",
            "canary-weight",
            "100");
    assertEquals(CANARY, request(world, "/", "x-canary", "never"));
  }

  @ParameterizedTest
  @CsvSource({
    "^(de|fr)$, de, true",
    "^(de|fr)$, en, false",
    "^(de|fr)$, always, false",
    "^(de|fr)$, DE, false",
    "de, xdex, true",
    "(?i)de, xDEx, true",
    "'^[a-c]{2\\,3}$', abc, true",
    "'^[a-c]{2\\,3}$', a, false"
  })
  void byHeaderPattern_matchesSomewhereInTheValue(String pattern, String value, boolean canary) {
    World world =
        with(
            "canary-by-header",
            "X-Canary",
            "canary-by-header-pattern",
            pattern.replace("\\", ""));
    assertEquals(canary ? CANARY : MAIN, request(world, "/", "x-canary", value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(de", "de)", "a++", "(?=a)", "(a)\\1", "a{1000}", "[b-a]", "*", "\\", "ä", "a\nb"})
  void byHeaderPattern_thatIsNone_isNoCriterionAtAll(String pattern) {
    World world = with("canary-by-header", "X-Canary", "canary-by-header-pattern", pattern);
    for (String value : List.of("de", "always", "never", pattern)) {
      assertEquals(MAIN, request(world, "/", "x-canary", value));
    }
    Verdict verdict =
        world.verdict("canary", "metadata.annotations[" + NGINX + "canary-by-header-pattern]");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(
        Outcome.REFUSED,
        world.verdict("canary", "metadata.annotations[" + NGINX + "canary-by-header]").outcome());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "beta=always | default/v2/80",
        "a=b; beta=always | default/v2/80",
        "a=b;beta=always; c=d | default/v2/80",
        "beta=never | default/v1/80",
        "beta=x | default/v1/80",
        "xbeta=always | default/v1/80",
        "beta=alwaysx | default/v1/80",
        "a=beta=always | default/v1/80",
      })
  void byCookie_alwaysAndNeverDecide(String cookies, String expected) {
    assertEquals(expected, request(with("canary-by-cookie", "beta"), "/", "cookie", cookies));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "never | beta=always | default/v1/80",
        "always | beta=never | default/v2/80",
        "x | beta=never | default/v1/80",
        "x | beta=x | default/v2/80",
      })
  void header_goesBeforeCookie_andCookieBeforeWeight(
      String header, String cookie, String expected) {
    World world =
        with("canary-by-header", "X-Canary", "canary-by-cookie", "beta", "canary-weight", "100");
    assertEquals(
        expected,
        world
            .routes()
            .request("http", "a.test", "/", Map.of("x-canary", header, "cookie", cookie)));
  }

  @Test
  void otherPathsAndHosts_areTheMainsAlone() {
    World world =
        world(
            ingress("main")
                .ordinal(1)
                .host("a.test")
                .prefix("/", "v1", 80)
                .prefix("/a", "v1", 80)
                .host("b.test")
                .prefix("/", "v1", 80)
                .build(),
            canary("canary-weight", "100").prefix("/a", "v2", 80).build());
    assertEquals(CANARY, world.request("a.test", "/a"));
    assertEquals(MAIN, world.request("a.test", "/"));
    assertEquals(MAIN, world.request("b.test", "/a"));
  }

  @Test
  void anotherPathType_isNoMain() {
    World world = world(main().build(), canary("canary-weight", "100").exact("/", "v2", 80).build());
    assertEquals(MAIN, world.request("a.test", "/"));
    assertEquals(Outcome.REFUSED, world.verdict("canary", "spec.rules[0].http.paths[0]").outcome());
  }

  @Test
  void alone_nothingIsServed() {
    World world =
        world(
            canary("canary-weight", "100")
                .prefix("/", "v2", 80)
                .defaultBackend("v2", 80)
                .tls("canary", "a.test")
                .build());
    assertEquals("404", world.request("a.test", "/"));
    assertEquals("404", world.request("b.test", "/"));
    assertEquals(List.of("*"), List.copyOf(world.certificates().keySet()));
    assertEquals(Outcome.REFUSED, world.verdict("canary", "spec.rules[0].http.paths[0]").outcome());
    assertEquals(Outcome.NO_EFFECT, world.verdict("canary", "spec.defaultBackend").outcome());
    assertEquals(Outcome.NO_EFFECT, world.verdict("canary", "spec.tls[0]").outcome());
  }

  @Test
  void ofAnotherNamespace_getsNothing() {
    World world =
        world(
            main().build(),
            new ServiceRecord(
                ObjectRef.service("other", "v2"),
                null,
                List.of(),
                List.of(new ServiceRecord.Port("", 80, "TCP", null))),
            canary("canary-weight", "100").in("other").prefix("/", "v2", 80).build());
    assertEquals(MAIN, world.request("a.test", "/"));
    Verdict verdict =
        world.verdict(ObjectRef.ingress("other", "canary"), "spec.rules[0].http.paths[0]");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(Reason.HostOwned, verdict.reason());
  }

  @Test
  void olderThanItsMain_isItsCanaryAllTheSame() {
    World world =
        world(
            ingress("canary")
                .ordinal(0)
                .annotation(NGINX + "canary", "true")
                .annotation(NGINX + "canary-weight", "100")
                .host("a.test")
                .prefix("/", "v2", 80)
                .prefix("/more", "v2", 80)
                .build(),
            main().build());
    assertEquals(CANARY, world.request("a.test", "/"));
    assertEquals(CANARY, world.request("a.test", "/more"));
    assertEquals(
        Outcome.REFUSED, world.verdict("canary", "spec.rules[0].http.paths[1]").outcome());
  }

  @Test
  void two_theOlderIsIt() {
    World world =
        world(
            main().build(),
            canary("canary-by-header", "X-Canary").prefix("/", "v2", 80).build(),
            ingress("second")
                .ordinal(3)
                .annotation(NGINX + "canary", "true")
                .annotation(NGINX + "canary-weight", "100")
                .host("a.test")
                .prefix("/", "v3", 80)
                .build());
    assertEquals(MAIN, request(world, "/"));
    assertEquals(CANARY, request(world, "/", "x-canary", "always"));
    Verdict verdict = world.verdict("second", "spec.rules[0].http.paths[0]");
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertEquals(Reason.Conflict, verdict.reason());
    world.delete(ObjectRef.ingress("default", "canary"));
    assertEquals("default/v3/80", request(world, "/"));
  }

  @Test
  void withoutEndpoints_mainGetsAll_untilItHasSome() {
    World world =
        World.of(
            service("v1", 80),
            slice("v1", 8080, "10.0.0.1"),
            service("v2", 80),
            main().build(),
            canary("canary-weight", "100").prefix("/", "v2", 80).build());
    assertEquals(MAIN, world.request("a.test", "/"));
    assertEquals(
        Reason.NoEndpoints,
        world.verdict("canary", "spec.rules[0].http.paths[0].backend").reason());
    world.apply(slice("v2", 8080, "10.0.0.2"));
    assertEquals(CANARY, world.request("a.test", "/"));
    Update more = world.apply(slice("v2", 8080, "10.0.0.2", "10.0.0.3"));
    assertTrue(more.changed().stream().allMatch(each -> each.type() == ResourceType.ENDPOINT));
  }

  @Test
  void mainWithoutEndpoints_isUnavailable() {
    World world =
        World.of(
            service("v1", 80),
            service("v2", 80),
            slice("v2", 8080, "10.0.0.2"),
            main().build(),
            canary("canary-weight", "100").prefix("/", "v2", 80).build());
    assertEquals(MAIN, world.request("a.test", "/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "${CANARY}", "true\n", " true"})
  void valueThatIsNeitherTrueNorFalse_nothingIsServed(String value) {
    World world =
        world(
            ingress("canary")
                .ordinal(0)
                .annotation(NGINX + "canary", value)
                .annotation(NGINX + "canary-weight", "10")
                .annotation(NGINX + "auth-type", "basic")
                .tls("canary", "a.test")
                .host("a.test")
                .prefix("/", "v2", 80)
                .prefix("/new", "v2", 80)
                .build(),
            main().build());
    assertEquals(MAIN, world.request("a.test", "/"));
    assertEquals(MAIN, world.request("a.test", "/new"));
    Verdict refused = world.verdict("canary", "metadata.annotations[" + NGINX + "canary]");
    assertEquals(Outcome.REFUSED, refused.outcome());
    assertFalse(
        world.verdicts(ObjectRef.ingress("default", "canary")).stream()
            .anyMatch(verdict -> verdict.outcome() == Outcome.UNPROTECTED));
    assertEquals(List.of("*"), List.copyOf(world.certificates().keySet()));
  }

  @Test
  void ofAnOldPrefix_nothingIsServed() {
    World world =
        world(
            main().build(),
            ingress("canary")
                .annotation("ingress.kubernetes.io/canary", "true")
                .annotation("ingress.kubernetes.io/canary-weight", "100")
                .host("a.test")
                .prefix("/", "v2", 80)
                .build());
    assertEquals(MAIN, world.request("a.test", "/"));
  }

  @Test
  void ofOurOwnPrefix_isOneAsWell() {
    World world =
        world(
            main().build(),
            ingress("canary")
                .annotation("isoline.io/canary", "true")
                .annotation("isoline.io/canary-weight", "100")
                .host("a.test")
                .prefix("/", "v2", 80)
                .build());
    assertEquals(CANARY, world.request("a.test", "/"));
  }

  @Test
  void noLonger_isServed() {
    World world = world(canary().prefix("/", "v2", 80).build());
    assertEquals("404", world.request("a.test", "/"));
    world.apply(
        ingress("canary")
            .annotation(NGINX + "canary", "false")
            .annotation(NGINX + "canary-weight", "100")
            .host("a.test")
            .prefix("/", "v2", 80)
            .build());
    assertEquals(CANARY, world.request("a.test", "/"));
  }

  @Test
  void withoutAnyCriterion_getsNothing() {
    World world = with();
    assertEquals(MAIN, request(world, "/"));
    assertEquals(
        Outcome.REFUSED,
        world.verdict("canary", "metadata.annotations[" + NGINX + "canary]").outcome());
  }

  @Test
  void whatTheMainAsks_holdsForBoth_andWhatTheCanaryAsksDoesNot() {
    World world =
        world(
            main().annotation(NGINX + "permanent-redirect", "https://b.test").build(),
            canary("canary-weight", "100").prefix("/", "v2", 80).build());
    assertEquals("301", world.request("a.test", "/"));
    assertEquals(
        Outcome.NO_EFFECT, world.verdict("canary", "spec.rules[0].http.paths[0]").outcome());

    World other =
        with("canary-weight", "100", "permanent-redirect", "https://b.test", "no-such", "x");
    assertEquals(CANARY, request(other, "/"));
    for (String key : List.of("permanent-redirect", "no-such")) {
      assertEquals(
          Outcome.NO_EFFECT,
          other.verdict("canary", "metadata.annotations[" + NGINX + key + "]").outcome());
    }
  }

  @Test
  void protectionThatOnlyTheCanaryAsksFor_isNotGivenUp() {
    String allow = NGINX + "allowlist-source-range";
    World world = with("canary-weight", "100", "allowlist-source-range", "10.0.0.0/8");
    assertEquals(MAIN, request(world, "/"));
    Verdict verdict = world.verdict("canary", "spec.rules[0].http.paths[0]");
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("allowlist-source-range"), verdict.message());
    world.apply(main().annotation(allow, "10.0.0.0/8").build());
    assertEquals(CANARY, request(world, "/"));
    world.apply(main().annotation(allow, "11.0.0.0/8").build());
    assertEquals(MAIN, request(world, "/"));
  }

  @Test
  void sessionsOfTheMain_stayWithOneOfTheTwo() {
    for (String behavior : List.of("sticky", "legacy")) {
      World world =
          world(
              main()
                  .annotation(NGINX + "affinity", "cookie")
                  .annotation(NGINX + "affinity-canary-behavior", behavior)
                  .build(),
              canary("canary-weight", "50").prefix("/", "v2", 80).build());
      var clusters =
          java.util.Objects.requireNonNull(world.routes().route("http", "a.test", "/"))
              .getRoute()
              .getWeightedClusters();
      assertEquals(behavior.equals("sticky"), clusters.getUnknownFields().hasField(5), behavior);
      assertEquals(2, clusters.getClustersCount());
    }
  }

  @Test
  void sameServiceAsItsMain_isJustThat() {
    World world =
        world(main().build(), canary("canary-weight", "50").prefix("/", "v1", 80).build());
    assertEquals(MAIN, world.request("a.test", "/"));
  }
}
