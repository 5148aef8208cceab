package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.model.Tracing;
import io.isoline.translator.model.Tracing.Address;
import io.isoline.translator.model.Tracing.Collector;
import io.isoline.translator.model.Tracing.Wire;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are traced, and what their Ingresses are told. */
final class TracingTest {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String ENABLE = NGINX + "enable-opentelemetry";
  private static final String OPERATION = NGINX + "opentelemetry-operation-name";
  private static final String TRUST = NGINX + "opentelemetry-trust-incoming-span";
  private static final String CLUSTER = "isoline-traces";

  private static Settings settings(int sampling, boolean all, boolean trusting) {
    return settings("collector.example.com", null, sampling, all, trusting);
  }

  private static Settings settings(
      String host,
      @Nullable String authorities,
      int sampling,
      boolean all,
      boolean trusting) {
    return World.DEFAULTS.withTracing(
        new Tracing(
            new Collector(new Address(host, 4317), Wire.GRPC, authorities),
            "edge",
            sampling,
            all,
            trusting));
  }

  private static World world(Settings settings, IngressRecord... ingresses) {
    World world = new World(settings);
    world.apply(service("web", 80), slice("web", 80, "10.0.0.1"));
    world.apply(ingresses);
    return world;
  }

  private static IngressBuilder web(String host) {
    return ingress(host.substring(0, host.indexOf('.'))).host(host).prefix("/", "web", 80);
  }

  private static List<Route> routes(World world, String host) {
    return routes(world, ResourceType.ROUTE, "ingress/" + host);
  }

  private static List<Route> routes(World world, ResourceType type, String name) {
    return ((RouteConfiguration) World.proto(world.resource(type, name)))
        .getVirtualHosts(0)
        .getRoutesList();
  }

  private static long traced(List<Route> routes) {
    return routes.stream().filter(Route::hasTracing).count();
  }

  private static Verdict verdict(Settings settings, String... namesAndValues) {
    IngressBuilder web = web("a.test");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      web.annotation(namesAndValues[i], namesAndValues[i + 1]);
    }
    return world(settings, web.build())
        .verdict("a", "metadata.annotations[" + namesAndValues[0] + "]");
  }

  @Test
  void noCollector_nothingIsDifferent() {
    World plain = world(World.DEFAULTS, web("a.test").build());
    World asking =
        world(
            World.DEFAULTS,
            web("a.test").annotation(ENABLE, "true").annotation(OPERATION, "x").build());
    assertEquals(plain.resources(), asking.resources());
  }

  @Test
  void noCollector_theVerdictSaysWhatToSet() {
    Verdict verdict = verdict(World.DEFAULTS, ENABLE, "true");
    assertEquals(Outcome.NO_EFFECT, verdict.outcome());
    assertTrue(verdict.fix().contains("tracing.collector"), verdict.fix());
    assertEquals(Outcome.APPLIED, verdict(World.DEFAULTS, ENABLE, "false").outcome());
    assertTrue(verdict(World.DEFAULTS, TRUST, "true").message().contains("nothing is traced"));
  }

  @ParameterizedTest
  @CsvSource({
    "true, , APPLIED, as many as the settings say",
    "false, , APPLIED, are not traced",
    "false, trusting, APPLIED_WITH_DIFFERENCE, have a span all the same",
  })
  void enable_withACollector_isInForce(
      String value, String trusting, Outcome outcome, String words) {
    Verdict verdict = verdict(settings(10_000, false, trusting != null), ENABLE, value);
    assertEquals(outcome, verdict.outcome());
    assertTrue(verdict.message().contains(words), verdict.message());
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, APPLIED, in force",
    "false, false, APPLIED, in force",
    "true, false, APPLIED_WITH_DIFFERENCE, does not go on",
    "false, true, APPLIED_WITH_DIFFERENCE, goes on",
  })
  void trust_isAMatterOfTheSettings(
      String value, boolean trusting, Outcome outcome, String words) {
    Verdict verdict = verdict(settings(10_000, false, trusting), TRUST, value, ENABLE, "true");
    assertEquals(outcome, verdict.outcome());
    assertTrue(verdict.message().contains(words), verdict.message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"%REQ(x)%", "a\nb", "a\"b", "$x", "a.b", "é", "{}"})
  void operation_thatIsNoName_isRefused(String value) {
    Verdict verdict = verdict(settings(10_000, false, false), OPERATION, value, ENABLE, "true");
    assertEquals(Outcome.REFUSED, verdict.outcome());
  }

  @Test
  void operation_withoutTracing_meansNothing() {
    assertTrue(
        verdict(settings(10_000, false, false), OPERATION, "x").message().contains("not traced"));
    assertEquals(
        "it is in force",
        verdict(settings(10_000, true, false), OPERATION, "x").message());
  }

  @Test
  void asked_ofTwoHosts_oneIsTraced() {
    World world =
        world(
            settings(10_000, false, false),
            web("a.test").annotation(ENABLE, "true").annotation(OPERATION, "check out").build(),
            web("b.test").annotation(OPERATION, "other").build());
    assertEquals(0, traced(routes(world, "b.test")));
    List<Route> routes = routes(world, "a.test");
    assertEquals(2, traced(routes), "one for //, one for the rest");
    Route route = routes.getFirst();
    assertEquals("check out", route.getDecorator().getOperation());
    assertFalse(route.getDecorator().getPropagate().getValue());
    assertEquals(100, route.getTracing().getRandomSampling().getNumerator());
    assertEquals(0, route.getTracing().getClientSampling().getNumerator());
  }

  @Test
  void all_whatSaysNo_isNotTraced() {
    World world =
        world(
            settings(10_000, true, false),
            web("a.test").build(),
            web("b.test").annotation(ENABLE, "false").build());
    assertEquals(2, traced(routes(world, "a.test")));
    assertEquals(
        "ingress/default/a", routes(world, "a.test").getFirst().getDecorator().getOperation());
    assertEquals(0, traced(routes(world, "b.test")));
  }

  @Test
  void some_isDrawnAtTheGate_andEachRouteIsThereTwice() {
    World every =
        world(settings(10_000, false, false), web("a.test").annotation(ENABLE, "true").build());
    World some = world(settings(250, false, false), web("a.test").annotation(ENABLE, "true").build());
    World trusting =
        world(settings(250, false, true), web("a.test").annotation(ENABLE, "true").build());
    assertEquals(2 * routes(every, "a.test").size(), routes(some, "a.test").size());
    assertEquals(2, traced(routes(some, "a.test")));
    List<Route> gate = routes(every, ResourceType.ROUTE, "isoline.gate");
    assertEquals(0, traced(gate));
    List<Route> drawing = routes(some, ResourceType.ROUTE, "isoline.gate");
    assertEquals(gate.size() + 3, drawing.size());
    assertEquals(
        Set.of(250),
        drawing.stream()
            .filter(route -> route.getMatch().hasRuntimeFraction())
            .map(route -> route.getMatch().getRuntimeFraction().getDefaultValue().getNumerator())
            .collect(Collectors.toSet()));
    assertEquals(
        gate.size() + 9, routes(trusting, ResourceType.ROUTE, "isoline.gate").size());
  }

  @Test
  void never_noRouteIsTraced() {
    World world = world(settings(0, true, false), web("a.test").build());
    assertEquals(0, traced(routes(world, "a.test")));
    assertEquals(
        "00-%TRACE_ID%-%SPAN_ID%-00",
        routes(world, "a.test").stream()
            .filter(Route::hasRoute)
            .findFirst()
            .orElseThrow()
            .getRequestHeadersToAdd(0)
            .getHeader()
            .getValue());
  }

  @Test
  void collector_byNameOrAddress_isACluster() {
    Cluster named = world(settings(1, false, false)).cluster(CLUSTER);
    assertEquals(Cluster.DiscoveryType.STRICT_DNS, named.getType());
    assertFalse(named.hasTransportSocket());
    Cluster addressed = world(settings("::1", null, 1, false, false)).cluster(CLUSTER);
    assertEquals(Cluster.DiscoveryType.STATIC, addressed.getType());
    Cluster secure =
        world(settings("collector.example.com", "/ca.pem", 1, false, false)).cluster(CLUSTER);
    assertEquals("envoy.transport_sockets.tls", secure.getTransportSocket().getName());
  }

  @Test
  void settings_thatChange_areFollowed() {
    IngressRecord web = web("a.test").annotation(ENABLE, "true").build();
    World plain = world(World.DEFAULTS, web);
    World world = world(World.DEFAULTS, web);
    world.configure(settings(10_000, false, false));
    assertEquals(
        world(settings(10_000, false, false), web).resources(), world.resources());
    assertEquals(Outcome.APPLIED, world.verdict("a", "metadata.annotations[" + ENABLE + "]").outcome());
    world.configure(World.DEFAULTS);
    assertEquals(plain.resources(), world.resources());
    assertFalse(world.has(ResourceType.CLUSTER, CLUSTER));
  }

  @Test
  void annotation_thatChanges_sendsThatHost() {
    World world =
        world(settings(250, false, false), web("a.test").build(), web("b.test").build());
    Update update = world.apply(web("a.test").annotation(ENABLE, "true").build());
    assertEquals(
        List.of("ingress/a.test"), update.changed().stream().map(Resource::name).toList());
  }
}
