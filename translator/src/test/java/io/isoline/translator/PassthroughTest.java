package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.secret;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.Annotations;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of TLS that are passed on to a backend as they are. */
final class PassthroughTest {

  private static final String KEY = Annotations.NGINX_PREFIX + "ssl-passthrough";
  private static final String FIELD = "metadata.annotations[" + KEY + "]";
  private static final List<String> DEFAULT = List.of("default-certificate");
  private static final List<String> PASSED = List.of("passed:default/svc/443/tcp");

  private static final Settings ON =
      World.DEFAULTS.with(
          World.DEFAULTS.listeners().with(World.DEFAULTS.listeners().tls().passing(true)));

  private static IngressBuilder plain(String name, String host) {
    return ingress(name).host(host).prefix("/", "svc", 443);
  }

  private static IngressBuilder passing(String name, String host) {
    return plain(name, host).annotation(KEY, "true");
  }

  private static World world() {
    World world = new World(ON);
    world.apply(service("svc", 443), slice("svc", 8443, "10.0.0.1"));
    return world;
  }

  private static List<String> filters(World world, String host) {
    return world.chain(host).getFiltersList().stream().map(each -> each.getName()).toList();
  }

  @Test
  void host_whoseOwnerAsks_isPassedOnWithoutACertificate() {
    World world = world();
    world.apply(
        secret("s", TestCertificate.ecdsa("x.com")),
        passing("web", "x.com").tls("s", "x.com").build(),
        plain("other", "y.com").tls("s", "y.com").build());

    assertEquals(
        Map.of("x.com", PASSED, "y.com", List.of("default/s"), "*", DEFAULT),
        world.certificates());
    assertFalse(world.chain("x.com").hasTransportSocket());
    assertEquals(List.of("envoy.filters.network.tcp_proxy"), filters(world, "x.com"));
    assertTrue(world.has(ResourceType.CLUSTER, "default/svc/443/tcp"));
    assertEquals(List.of("10.0.0.1:8443"), world.endpoints("default/svc/443"));
    assertEquals(Outcome.APPLIED, world.verdict("web", FIELD).outcome());
    assertEquals(Reason.NotUsed, world.verdict("web", "spec.tls[0]").reason());
  }

  @Test
  void host_thatIsNotPassedOnAnyMore_leavesNothing() {
    World world = world();
    Update before = world.apply(plain("web", "x.com").build());
    world.apply(passing("web", "x.com").build());
    assertEquals(PASSED, world.certificates().get("x.com"));

    world.apply(plain("web", "x.com").build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
    assertFalse(world.has(ResourceType.CLUSTER, "default/svc/443/tcp"));
    assertTrue(before.changed().stream().anyMatch(each -> each.type() == ResourceType.ROUTE));
  }

  @Test
  void setting_thatIsOff_hasTheAnnotationSayWhatToSet() {
    World world = World.of(service("svc", 443), passing("web", "x.com").build());
    assertEquals(Map.of("*", DEFAULT), world.certificates());
    Verdict verdict = world.verdict("web", FIELD);
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.fix().contains("tls.passthrough"), verdict.fix());

    world.configure(ON);
    assertEquals(PASSED, world.certificates().get("x.com"));
    world.configure(World.DEFAULTS);
    assertEquals(Map.of("*", DEFAULT), world.certificates());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "", " true", "true\nfalse", "$host", "{}", "%", "'\"#..", "on"})
  void value_thatIsNoFlag_passesNothing(String value) {
    World world = world();
    world.apply(plain("web", "x.com").annotation(KEY, value).build());
    assertEquals(Map.of("*", DEFAULT), world.certificates());
  }

  @Test
  void hosts_ofOneService_areOneChain() {
    World world = world();
    world.apply(passing("a", "a.com").build(), passing("b", "b.com").build());
    assertEquals(Map.of("a.com,b.com", PASSED, "*", DEFAULT), world.certificates());
    Update update = world.apply(passing("c", "c.com").build());
    assertTrue(
        update.changed().stream().noneMatch(each -> each.type() == ResourceType.CLUSTER),
        "nothing new to connect to");
  }

  @Test
  void host_ofAnotherNamespace_isNotPassedOnByOthers() {
    World world = world();
    world.apply(
        plain("own", "x.com").ordinal(0).build(),
        passing("theirs", "x.com").in("evil").ordinal(1).build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
    Verdict verdict = world.verdict(ObjectRef.ingress("evil", "theirs"), FIELD);
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.message().contains("Ingress default/own"), verdict.message());
  }

  @Test
  void host_whosePathRootIsAnothersNamespace_isNotPassedOnToThem() {
    World world = world();
    world.apply(
        service("svc", 443),
        ingress("own").host("x.com").prefix("/a", "svc", 443).annotation(KEY, "true").ordinal(0)
            .build(),
        plain("theirs", "x.com").in("evil").ordinal(1).build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
    Verdict verdict = world.verdict("own", FIELD);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("Ingress evil/theirs"), verdict.message());
  }

  @Test
  void host_whosePathsOfOthersAreProtected_isPassedOnAllTheSame() {
    World world = world();
    world.apply(
        passing("own", "x.com").ordinal(0).build(),
        ingress("theirs")
            .in("evil")
            .host("x.com")
            .prefix("/a", "svc", 443)
            .annotation(Annotations.NGINX_PREFIX + "limit-rps", "1")
            .ordinal(1)
            .build());
    assertEquals(PASSED, world.certificates().get("x.com"));
  }

  @Test
  void ingresses_ofTheOwner_theOldestThatSaysItDecides() {
    World world = world();
    world.apply(
        ingress("first").host("x.com").prefix("/a", "svc", 443).ordinal(0).build(),
        passing("second", "x.com").ordinal(1).build(),
        ingress("third").host("x.com").prefix("/b", "svc", 443).annotation(KEY, "false").ordinal(2)
            .build());

    assertEquals(PASSED, world.certificates().get("x.com"));
    Verdict verdict = world.verdict("third", FIELD);
    assertEquals(Reason.Conflict, verdict.reason());
    assertTrue(verdict.message().contains("Ingress default/second"), verdict.message());
  }

  @Test
  void ingresses_ofTheOwner_theOldestSaysNo() {
    World world = world();
    world.apply(
        plain("first", "x.com").annotation(KEY, "false").ordinal(0).build(),
        passing("second", "x.com").ordinal(1).build());

    assertEquals(Map.of("*", DEFAULT), world.certificates());
    Verdict verdict = world.verdict("second", FIELD);
    assertTrue(verdict.message().contains("Ingress default/first"), verdict.message());
  }

  @Test
  void host_withoutThePathRoot_isNotPassedOn() {
    World world = world();
    world.apply(
        ingress("web").host("x.com").prefix("/a", "svc", 443).annotation(KEY, "true").build());
    assertEquals(Map.of("*", DEFAULT), world.certificates());
    assertEquals(Outcome.REFUSED, world.verdict("web", FIELD).outcome());
  }

  @Test
  void rule_withoutAHost_isNotPassedOn() {
    World world = world();
    world.apply(
        ingress("web").host(null).prefix("/", "svc", 443).annotation(KEY, "true").build());
    assertEquals(Map.of("*", DEFAULT), world.certificates());
    assertEquals(Outcome.NO_EFFECT, world.verdict("web", FIELD).outcome());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth-url | https://auth.example.com/check",
        "auth-tls-secret | default/ca",
        "limit-rps | 5",
        "limit-connections | 5",
        "permanent-redirect | https://www.example.com",
        "enable-modsecurity | true",
        "allowlist-source-range | nonsense",
        "allowlist-source-range | 10.0.0.0/8",
      })
  void host_ofWhichAPathNeedsRequestsSeen_staysAsItIs(String key, String value) {
    World world = world();
    world.apply(
        passing("web", "x.com").ordinal(0).build(),
        ingress("admin")
            .host("x.com")
            .prefix("/admin", "svc", 443)
            .annotation(Annotations.NGINX_PREFIX + key, value)
            .ordinal(1)
            .build());

    assertFalse(world.certificates().containsValue(PASSED));
    Verdict verdict = world.verdict("web", FIELD);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains("Ingress default/admin"), verdict.message());

    world.delete(ObjectRef.ingress("default", "admin"));
    assertEquals(PASSED, world.certificates().get("x.com"));
  }

  @Test
  void addresses_ofTheWholeHost_areComparedForConnections() {
    World world = world();
    world.apply(
        passing("web", "x.com")
            .annotation(Annotations.NGINX_PREFIX + "allowlist-source-range", "10.0.0.0/8")
            .build());

    assertEquals(
        List.of("isoline.addresses", "envoy.filters.network.tcp_proxy"),
        filters(world, "x.com"));
    assertEquals(Outcome.APPLIED, world.verdict("web", FIELD).outcome());
  }

  private static String ranges(String network, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> network + i)
        .collect(Collectors.joining(","));
  }

  @Test
  void addresses_thatWouldMakeTheListenerLarge_keepTlsWithEnvoy() {
    for (int denied : new int[] {40, 41}) {
      World world = world();
      world.apply(
          passing("web", "x.com")
              .annotation(Annotations.NGINX_PREFIX + "allowlist-source-range", ranges("192.0.2.", 60))
              .annotation(
                  Annotations.NGINX_PREFIX + "denylist-source-range", ranges("198.51.100.", denied))
              .build());
      assertEquals(denied == 40, world.certificates().containsKey("x.com"));
      assertEquals(
          denied == 40 ? Outcome.APPLIED : Outcome.REFUSED, world.verdict("web", FIELD).outcome());
    }
  }

  @Test
  void addresses_thatTrustedProxiesSay_keepTlsWithEnvoy() {
    World world = world();
    world.configure(ON.with(ON.http().withTrustedHops(1)));
    world.apply(
        passing("web", "x.com")
            .annotation(Annotations.NGINX_PREFIX + "allowlist-source-range", "10.0.0.0/8")
            .build(),
        passing("open", "y.com").build());
    assertEquals(Set.of("y.com", "*"), world.certificates().keySet());
    assertEquals(Outcome.REFUSED, world.verdict("web", FIELD).outcome());
  }

  @Test
  void wildcard_isForOneLabel_andNamesWithRulesAreTheirOwn() {
    World world = world();
    world.apply(
        secret("s", TestCertificate.ecdsa("*.x.com")),
        passing("wild", "*.x.com").tls("s", "*.x.com").build(),
        plain("name", "a.x.com").build(),
        plain("theirs", "b.x.com").in("other").build(),
        plain("deep", "a.b.x.com").build());

    assertEquals(PASSED, world.certificates().get("*.x.com"));
    assertEquals(List.of("default/s"), world.certificates().get("a.b.x.com,a.x.com"));
    assertEquals(DEFAULT, world.certificates().get("b.x.com"));
    String regex =
        world
            .listener("https")
            .getFilterChainMatcher()
            .getOnNoMatch()
            .getMatcher()
            .getMatcherList()
            .getMatchers(0)
            .getPredicate()
            .getSinglePredicate()
            .getValueMatch()
            .getSafeRegex()
            .getRegex();
    assertEquals("[^.]+\\.x\\.com", regex);
  }

  @Test
  void name_belowAWildcardThatIsPassedOnAlike_isByName() {
    World world = world();
    world.apply(passing("wild", "*.x.com").build(), passing("deep", "a.b.x.com").build());
    assertEquals(PASSED, world.certificates().get("*.x.com,a.b.x.com"));
  }

  @Test
  void alias_hasWhatItsHostHas() {
    World world = world();
    world.apply(
        passing("web", "x.com")
            .annotation(Annotations.NGINX_PREFIX + "server-alias", "y.com")
            .annotation(Annotations.NGINX_PREFIX + "from-to-www-redirect", "true")
            .build());
    assertEquals(Map.of("x.com,y.com", PASSED, "*", DEFAULT), world.certificates());
  }

  @Test
  void service_thatIsGone_hasConnectionsClosedAndNotServedOtherwise() {
    World world = world();
    world.apply(passing("web", "x.com").build());
    world.delete(ObjectRef.service("default", "svc"));

    assertEquals(List.of("passed:"), world.certificates().get("x.com"));
    assertEquals(List.of(), filters(world, "x.com"));

    world.apply(service("svc", 443));
    assertEquals(PASSED, world.certificates().get("x.com"));
  }

  @Test
  void request_byAConnectionForAnotherHost_isMisdirected() {
    World world = world();
    world.apply(passing("web", "x.com").build());
    List<Route> routes =
        world.resources().values().stream()
            .filter(each -> each.type() == ResourceType.ROUTE && each.name().contains("x.com"))
            .map(each -> (RouteConfiguration) World.proto(each))
            .flatMap(each -> each.getVirtualHosts(0).getRoutesList().stream())
            .toList();
    assertEquals(421, routes.getFirst().getDirectResponse().getStatus());
    assertEquals(
        "x-forwarded-proto", routes.getFirst().getMatch().getHeaders(0).getName());
    assertTrue(routes.size() > 1, "plain HTTP is served as ever");
  }
}
