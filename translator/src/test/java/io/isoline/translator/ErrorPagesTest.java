package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.envoy.WholeRoute;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.settings.ErrorSettings;
import io.isoline.translator.settings.IngressSettings.DefaultBackend;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages for errors, and who answers where a Service has no endpoint. */
final class ErrorPagesTest {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String STATUSES = NGINX + "custom-http-errors";
  private static final String SERVICE = NGINX + "default-backend";
  private static final String FILTER = "isoline.error-pages";

  private static IngressRecord shop(String... keysAndValues) {
    IngressBuilder shop = ingress("shop").host("a.test").prefix("/", "web", 80);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      shop.annotation(keysAndValues[i], keysAndValues[i + 1]);
    }
    return shop.build();
  }

  private static Verdict verdict(World world, String name) {
    return world.verdict("shop", "metadata.annotations[" + name + "]");
  }

  private static World world(IngressRecord shop) {
    return World.of(
        service("web", 80),
        slice("web", 8080, "10.0.0.1"),
        service("errors", 80),
        slice("errors", 8080, "10.0.0.2"),
        shop);
  }

  private static final Settings FOR_ALL =
      World.DEFAULTS.with(
          World.DEFAULTS
              .ingress()
              .withDefaultBackend(new DefaultBackend("default", "errors", null, 80))
              .with(new ErrorSettings(List.of(401, 503), true)));

  private static World worldForAll(String... keysAndValues) {
    World world = new World(FOR_ALL);
    world.apply(
        service("web", 80),
        slice("web", 8080, "10.0.0.1"),
        service("errors", 80),
        slice("errors", 8080, "10.0.0.2"),
        shop(keysAndValues));
    return world;
  }

  @Test
  void pages_ofTheOperator_areForIngressesThatListNone() {
    World world = worldForAll();
    assertTrue(hasPages(world));
    world.configure(World.DEFAULTS);
    assertFalse(path(world).containsTypedPerFilterConfig(FILTER));
  }

  @Test
  void pages_ofTheOperatorWithoutADefaultBackend_areNone() {
    World world = worldForAll();
    world.configure(FOR_ALL.with(FOR_ALL.ingress().withDefaultBackend(null)));
    assertFalse(path(world).containsTypedPerFilterConfig(FILTER));
  }

  @Test
  void pages_ofTheOperator_yieldToThoseOfTheIngress() {
    Any ofAll = path(worldForAll()).getTypedPerFilterConfigOrThrow(FILTER);
    Any own = path(worldForAll(STATUSES, "404")).getTypedPerFilterConfigOrThrow(FILTER);
    Any ofEnvoy =
        path(worldForAll(NGINX + "disable-proxy-intercept-errors", "true"))
            .getTypedPerFilterConfigOrThrow(FILTER);
    assertEquals(3, Set.of(ofAll, own, ofEnvoy).size());
  }

  private static List<Route> routes(World world) {
    RouteConfiguration routes =
        (RouteConfiguration) World.proto(world.resource(ResourceType.ROUTE, "ingress/a.test"));
    VirtualHost host = routes.getVirtualHosts(0);
    return host.getRoutesList().stream().map(route -> WholeRoute.of(host, route)).toList();
  }

  private static Route path(World world) {
    return routes(world).stream()
        .filter(route -> route.getName().equals("ingress/default/shop"))
        .findFirst()
        .orElseThrow();
  }

  private static boolean hasPages(World world) {
    return path(world).containsTypedPerFilterConfig(FILTER)
        && routes(world).getFirst().getName().equals("error-page");
  }

  @ParameterizedTest
  @ValueSource(strings = {"404", "404,503", " 404 , 503 ", "404,404", "503,404,", "599"})
  void statuses_thatCanBeRead_haveAPage(String statuses) {
    World world = world(shop(STATUSES, statuses, SERVICE, "errors"));
    assertTrue(hasPages(world));
    assertEquals("default/errors/80", routes(world).getFirst().getRoute().getCluster());
    assertEquals(Outcome.APPLIED, verdict(world, STATUSES).outcome());
    assertEquals(Outcome.APPLIED, verdict(world, SERVICE).outcome());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200", "399", "600", "404;503", "404503", "4xx", ",404", "404,,503", "\"; junk {", "404\n{",
        "$status", "%RESPONSE_CODE%", "٤٠٤"
      })
  void statuses_thatAreNone_areRefused(String statuses) {
    World world = world(shop(STATUSES, statuses, SERVICE, "errors"));
    assertFalse(hasPages(world));
    assertEquals(Outcome.REFUSED, verdict(world, STATUSES).outcome());
    assertEquals(Reason.InvalidValue, verdict(world, STATUSES).reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Errors", "other/errors", "a.b", "..", "%25", "errors\n", "$x", "{}"})
  void service_thatIsNoName_isRefused(String service) {
    World world = world(shop(SERVICE, service));
    assertEquals(Outcome.REFUSED, verdict(world, SERVICE).outcome());
    assertEquals("default/web/80", world.request("a.test", "/"));
  }

  @Test
  void statuses_withoutAnybodyWhoGivesPages_haveNoEffect() {
    World world = world(shop(STATUSES, "404"));
    assertFalse(hasPages(world));
    assertEquals(Outcome.NO_EFFECT, verdict(world, STATUSES).outcome());
    assertEquals(
        "nobody gives pages, so answers stay as they are", verdict(world, STATUSES).message());
  }

  @ParameterizedTest
  @CsvSource({"401, the password", "413, not all there yet"})
  void status_thatStays_isTold(String status, String words) {
    World world =
        World.of(
            service("web", 80),
            service("errors", 80),
            slice("errors", 8080, "10.0.0.2"),
            shop(
                STATUSES, status + ",404", SERVICE, "errors", NGINX + "auth-type", "basic", NGINX
                    + "auth-secret", "users"));
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict(world, STATUSES).outcome());
    String message = verdict(world, STATUSES).message();
    assertTrue(message.contains(words.replace("the ", "")), message);
  }

  @Test
  void service_thatDoesNotExist_orHasNoEndpoint_answersNothing() {
    World world =
        World.of(service("web", 80), shop(STATUSES, "404", SERVICE, "errors"));
    assertEquals("default/web/80", world.request("a.test", "/"));
    assertEquals(Outcome.REFUSED, verdict(world, SERVICE).outcome());
    assertEquals(Reason.BackendNotFound, verdict(world, SERVICE).reason());
    assertEquals(Outcome.NO_EFFECT, verdict(world, STATUSES).outcome());

    world.apply(service("errors", 80));
    assertEquals(Reason.NoEndpoints, verdict(world, SERVICE).reason());
    assertFalse(hasPages(world));

    world.apply(slice("errors", 8080, "10.0.0.2"));
    assertTrue(hasPages(world));
    assertEquals("default/errors/80", world.request("a.test", "/"));
    assertEquals(Outcome.APPLIED, verdict(world, SERVICE).outcome());
  }

  @Test
  void pathWithoutEndpoints_goesToTheService_andSaysSo() {
    World world =
        World.of(
            service("web", 80),
            service("errors", 80),
            slice("errors", 8080, "10.0.0.2"),
            shop(SERVICE, "errors"));
    assertEquals("default/errors/80", world.request("a.test", "/"));
    Verdict verdict = world.verdict("shop", "spec.rules[0].http.paths[0].backend");
    assertTrue(verdict.message().endsWith("; Service default/errors answers instead"));
    assertEquals(
        List.of(
            "x-code: 503",
            "x-format: %REQ(ACCEPT)%",
            "x-ingress-name: shop",
            "x-namespace: default",
            "x-service-name: web",
            "x-service-port: 80"),
        path(world).getRequestHeadersToAddList().stream()
            .map(header -> header.getHeader().getKey() + ": " + header.getHeader().getValue())
            .toList());

    world.apply(slice("web", 8080, "10.0.0.1"));
    assertEquals("default/web/80", world.request("a.test", "/"));
  }

  @Test
  void change_ofTheAnnotation_sendsItsHostAlone() {
    World world = world(shop());
    world.apply(ingress("other").host("b.test").prefix("/", "web", 80).build());
    Update update = world.apply(shop(STATUSES, "404", SERVICE, "errors"));
    assertEquals(
        List.of("default/errors/80", "default/errors/80", "ingress/a.test"),
        Stream.concat(
                update.changed().stream().map(resource -> resource.key().name()), Stream.empty())
            .sorted()
            .toList());
  }

  @Test
  void manyPaths_withPages_haveOneRouteForThem() {
    IngressBuilder shop = ingress("shop").host("a.test");
    for (int i = 0; i < 50; i++) {
      shop.prefix("/p" + i, "web", 80);
    }
    World world =
        world(shop.annotation(STATUSES, "404").annotation(SERVICE, "errors").build());
    assertEquals(
        1, routes(world).stream().filter(route -> route.getName().equals("error-page")).count());
  }

  @Test
  void referenceToTheService_countsAsAUseOfIt() {
    World world = world(shop(SERVICE, "errors"));
    assertEquals(
        Outcome.APPLIED,
        world.verdict(ObjectRef.service("default", "errors"), "").outcome());
  }
}
