package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.backend;
import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.ClusterObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths that are expressions, and paths that become others. */
final class RewriteTest {

  private static final String USE_REGEX = "nginx.ingress.kubernetes.io/use-regex";
  private static final String REWRITE = "nginx.ingress.kubernetes.io/rewrite-target";
  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final String PATH = "spec.rules[0].http.paths[0]";

  private static IngressBuilder specific(IngressBuilder ingress, String path, String service) {
    return ingress.path(path, "ImplementationSpecific", backend(service, 80));
  }

  private static World world(IngressBuilder... ingresses) {
    List<ClusterObject> objects = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      objects.add(service(name, 80));
      objects.add(Tenants.service("other", name));
    }
    for (int i = 0; i < ingresses.length; i++) {
      objects.add(ingresses[i].ordinal(i).build());
    }
    return World.of(objects.toArray(ClusterObject[]::new));
  }

  private static Route route(World world, String path) {
    return Objects.requireNonNull(world.routes().route("http", "a.test", path));
  }

  @Test
  void useRegex_paths_areTriedByLengthOfTheirText() {
    IngressBuilder web = ingress("web").annotation(USE_REGEX, "true").host("a.test");
    specific(web, "/.*", "a");
    specific(web, "/x/.*", "b");
    specific(web, "/x/y.*", "c");
    World world = world(web);
    assertEquals("default/c/80", world.request("a.test", "/x/y/z"));
    assertEquals("default/b/80", world.request("a.test", "/X/z"));
    assertEquals("default/a/80", world.request("a.test", "/y"));
  }

  @Test
  void useRegex_equallyLong_theGreaterTextIsFirst() {
    IngressBuilder web = ingress("web").annotation(USE_REGEX, "true").host("a.test");
    specific(web, "/a[ab]", "a");
    specific(web, "/a[ac]", "b");
    assertEquals("default/b/80", world(web).request("a.test", "/aa"));
  }

  /** As ingress-nginx does it, within a namespace. */
  @ParameterizedTest
  @CsvSource({
    "/foo, default/b/80",
    "/foobar, default/b/80",
    "/FOO/x, default/b/80",
    "/x/foo, 404",
    "/exact, default/c/80",
    "/EXACT, default/c/80",
    "/exactly, default/c/80",
    "/api/x, default/a/80",
  })
  void useRegex_otherIngressOfTheNamespaceAndHost_hasExpressionsToo(String path, String to) {
    IngressBuilder first = ingress("first").annotation(USE_REGEX, "true").host("a.test");
    World world =
        world(
            specific(first, "/api(/|$)(.*)", "a"),
            ingress("second").host("a.test").prefix("/foo", "b", 80).exact("/exact", "c", 80));
    assertEquals(to, world.request("a.test", path));
    Verdict verdict = world.verdict("second", PATH + ".path");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().contains("Ingress default/first"), verdict.message());
  }

  @Test
  void useRegex_otherHostOfTheNamespace_staysLiteral() {
    World world =
        world(
            ingress("first").annotation(USE_REGEX, "true").host("a.test").prefix("/x", "a", 80),
            ingress("second").host("b.test").prefix("/foo", "b", 80));
    assertEquals("404", world.request("b.test", "/foobar"));
  }

  @ParameterizedTest
  @CsvSource({
    // Those of the other namespace stay literal.
    "/foo, other/b/80",
    "/foobar, default/c/80",
    "/FOO, default/c/80",
    "/foo/x, other/b/80",
    // An expression goes before them where it begins with more.
    "/foo/only/x, default/a/80",
    "/bar/x, other/a/80",
  })
  void useRegex_pathsOfOthers_areLeftAlone(String path, String to) {
    IngressBuilder mine = ingress("mine").annotation(USE_REGEX, "true").host("a.test");
    specific(mine, "/.*a-long-text-that-could-be-tried-first|/", "c");
    specific(mine, "/foo/only/(.*)", "a");
    World world =
        world(
            mine,
            ingress("theirs")
                .in("other")
                .host("a.test")
                .prefix("/foo", "b", 80)
                .prefix("/bar", "a", 80));
    assertEquals(to, world.request("a.test", path));
  }

  @ParameterizedTest
  @CsvSource({"true, default/a/80", "false, other/b/80"})
  void useRegex_samePathInTwoNamespaces_isTheOldersWhoeverHasExpressions(
      boolean mineIsOlder, String to) {
    IngressBuilder mine =
        ingress("mine").annotation(USE_REGEX, "true").host("a.test").prefix("/foo", "a", 80);
    IngressBuilder theirs = ingress("theirs").in("other").host("a.test").prefix("/foo", "b", 80);
    World world = mineIsOlder ? world(mine, theirs) : world(theirs, mine);
    assertEquals(to, world.request("a.test", "/foo"));
    ObjectRef younger =
        mineIsOlder
            ? ObjectRef.ingress("other", "theirs")
            : ObjectRef.ingress("default", "mine");
    assertEquals(Reason.Conflict, world.verdict(younger, PATH).reason());
  }

  @Test
  void useRegex_whatRe2Lacks_isRefusedAndTheOtherPathsServe() {
    IngressBuilder web = ingress("web").annotation(USE_REGEX, "true").host("a.test");
    specific(web, "/(?!x)(.*)", "a");
    specific(web, "/y(.*)", "b");
    World world = world(web);
    assertEquals("404", world.request("a.test", "/z"));
    assertEquals("default/b/80", world.request("a.test", "/y"));
    Verdict verdict = world.verdict("web", PATH);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("(?! is negative look-ahead"), verdict.message());
  }

  @Test
  void useRegex_alternativesWithoutParentheses_areToldToBeAnchored() {
    World world =
        world(specific(ingress("web").annotation(USE_REGEX, "true").host("a.test"), "/a|/b", "a"));
    assertEquals("404", world.request("a.test", "/x/b"));
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, world.verdict("web", PATH + ".path").outcome());
  }

  @Test
  void useRegex_comesAndGoes_thePathIsReadAgain() {
    IngressBuilder web = ingress("web").host("a.test");
    World world = world(specific(web, "/a\\d(.*)", "a"));
    assertEquals(Outcome.REFUSED, world.verdict("web", PATH).outcome());
    world.apply(web.annotation(USE_REGEX, "true").build());
    assertEquals("default/a/80", world.request("a.test", "/a1/x"));
    assertTrue(world.verdicts(WEB).stream().noneMatch(each -> each.field().equals(PATH)));
    world.apply(web.annotation(USE_REGEX, "false").build());
    assertEquals("404", world.request("a.test", "/a1/x"));
    assertEquals(Outcome.REFUSED, world.verdict("web", PATH).outcome());
  }

  @Test
  void rewriteTarget_otherThanThePath_makesExpressions() {
    World world =
        world(ingress("web").annotation(REWRITE, "/new").host("a.test").exact("/old", "a", 80));
    assertEquals("default/a/80", world.request("a.test", "/older"));
    assertTrue(route(world, "/older").containsTypedPerFilterConfig("isoline.rewrite"));
    assertTrue(route(world, "/older").containsTypedPerFilterConfig("isoline.rewritten"));
  }

  @Test
  void rewriteTarget_thatIsThePath_changesNothing() {
    World world =
        world(ingress("web").annotation(REWRITE, "/").host("a.test").prefix("/", "a", 80));
    assertEquals(0, route(world, "/x").getTypedPerFilterConfigCount());
    assertEquals(
        1,
        world.routes().virtualHost("a.test").getRoutesList().stream()
            .filter(each -> each.getMatch().getPrefix().equals("/"))
            .count());
  }

  @Test
  void rewriteTarget_url_isARedirectBeforeTheOneToHttps() {
    IngressBuilder web =
        ingress("web")
            .annotation(REWRITE, "https://to.test:8443/$1")
            .annotation("nginx.ingress.kubernetes.io/force-ssl-redirect", "true")
            .host("a.test");
    var redirect = route(world(specific(web, "/a/(.*)", "a")), "/a/b").getRedirect();
    assertEquals("to.test", redirect.getHostRedirect());
    assertEquals("https", redirect.getSchemeRedirect());
    assertEquals(8443, redirect.getPortRedirect());
    assertEquals("FOUND", redirect.getResponseCode().name());
    assertEquals("/\\1\\2", redirect.getRegexRewrite().getSubstitution());
  }

  @Test
  void rewriteTarget_variableOfNginx_isRefusedAndNobodyGetsThePath() {
    World world =
        world(
            specific(ingress("web").annotation(REWRITE, "/$host/$1").host("a.test"), "/(.*)", "a"));
    assertEquals("503", world.request("a.test", "/x"));
    Verdict verdict = world.verdict("web", PATH);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("no group called host"), verdict.message());
  }

  @Test
  void rewriteTarget_inWhichSlashesCanMeet_isToldOf() {
    World world =
        world(
            specific(ingress("web").annotation(REWRITE, "/$1/x").host("a.test"), "/a/(.*)", "a"));
    Verdict verdict = world.verdict("web", PATH + ".path");
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome());
    assertTrue(verdict.message().startsWith("requests get 403"), verdict.message());
  }

  @Test
  void rewriteTarget_withDefaultBackend_countsForItToo() {
    World world =
        world(
            ingress("web")
                .annotation(REWRITE, "/x")
                .defaultBackend("b", 80)
                .host("a.test")
                .prefix("/a", "a", 80));
    assertEquals("default/b/80", world.request("a.test", "/none"));
    assertTrue(route(world, "/none").containsTypedPerFilterConfig("isoline.rewrite"));
  }

  /** One that does not end in time or in memory would end the test. */
  @Test
  void useRegex_hostileExpressions_areReadInNoTime() {
    IngressBuilder web = ingress("web").annotation(REWRITE, "/$1").host("a.test");
    for (String path :
        List.of(
            "/((((a*)*)*)*)*" + "(a|b|$)".repeat(60),
            "/" + "(/?)".repeat(120) + "x",
            "/" + "(a{9}".repeat(40) + ")".repeat(40),
            "/" + "(".repeat(400),
            "/" + "[a-f%20]{1000}".repeat(30),
            "/\"\n;#{}%$`'&&[:\\",
            "/" + "a".repeat(1 << 20))) {
      specific(web, path, "a");
    }
    World world = world(web);
    assertTrue(world.verdicts(WEB).size() >= 7);
  }
}
