package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.configMap;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.IngressRecord;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The annotation custom-headers, and the ConfigMap that it names. */
final class CustomHeadersTest {

  private static final String NAME = "nginx.ingress.kubernetes.io/custom-headers";
  private static final String FIELD = "metadata.annotations[" + NAME + "]";

  private static IngressRecord web(String value) {
    return ingress("web").host("a.test").prefix("/", "web", 80).annotation(NAME, value).build();
  }

  private static List<String> headers(World world) {
    RouteConfiguration routes =
        (RouteConfiguration)
            World.proto(world.resource(ResourceType.ROUTE, "ingress/a.test"));
    Route route = routes.getVirtualHosts(0).getRoutes(0);
    return Stream.concat(
            route.getResponseHeadersToAddList().stream()
                .map(
                    header ->
                        header.getHeader().getKey() + ": " + header.getHeader().getValue()),
            route.getResponseHeadersToRemoveList().stream().map(name -> "-" + name))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default/headers", "headers"})
  void configMap_withHeaders_isWrittenToTheRoutesOfTheIngress(String value) {
    World world =
        World.of(
            service("web", 80),
            web(value),
            configMap("headers", "X-B", "100%", "X-A", "1", "Server", ""));
    assertEquals(List.of("x-a: 1", "x-b: 100%%", "-server"), headers(world));
    assertEquals(Outcome.APPLIED, world.verdict("web", FIELD).outcome());
    assertEquals(
        Outcome.APPLIED,
        world.verdict(ObjectRef.configMap("default", "headers"), "").outcome());
  }

  @Test
  void configMap_thatIsMissing_is503UntilItIsThere() {
    World world = World.of(service("web", 80), web("default/headers"));
    assertEquals("503", world.request("a.test", "/"));
    Verdict verdict = world.verdict("web", FIELD);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertEquals(Reason.ConfigMapInvalid, verdict.reason());
    assertEquals(
        "ConfigMap default/headers: it does not exist; requests for the paths of the Ingress get"
            + " 503",
        verdict.message());

    world.apply(configMap("headers", "X-A", "1"));
    assertEquals(List.of("x-a: 1"), headers(world));
    assertEquals(Outcome.APPLIED, world.verdict("web", FIELD).outcome());

    world.apply(configMap("headers", "Connection", "close"));
    assertEquals("503", world.request("a.test", "/"));

    world.delete(ObjectRef.configMap("default", "headers"));
    assertEquals("503", world.request("a.test", "/"));
  }

  @Test
  void configMap_thatCannotBeRead_is503AndSaysSo() {
    World world = World.of(service("web", 80), web("headers"));
    ObjectRef map = ObjectRef.configMap("default", "headers");
    world.apply(List.of(new Change.Unreadable(map, "Isoline may not", "grant it")), World.NOW);
    Verdict verdict = world.verdict("web", FIELD);
    assertTrue(verdict.message().contains("Isoline may not"), verdict.message());
    assertEquals("grant it", verdict.fix());
    world.apply(configMap("headers", "X-A", "1"));
    assertEquals(List.of("x-a: 1"), headers(world));
  }

  @ParameterizedTest
  @ValueSource(strings = {"other/headers", "Headers", "a/b/c", "default/"})
  void value_thatNamesNoConfigMapOfTheNamespace_is503(String value) {
    World world = World.of(service("web", 80), web(value));
    assertEquals("503", world.request("a.test", "/"));
    assertEquals(Outcome.REFUSED, world.verdict("web", FIELD).outcome());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"; junk {", "a b", "x\n"})
  void value_thatIsNoName_isAsIfItWereNotThere(String value) {
    World world = World.of(service("web", 80), web(value));
    assertEquals("default/web/80", world.request("a.test", "/"));
    assertEquals(Outcome.REFUSED, world.verdict("web", FIELD).outcome());
  }

  @Test
  void configMap_ofManyHosts_aChangeSendsThoseOfItsIngressAlone() {
    World world =
        World.of(
            service("web", 80),
            web("headers"),
            ingress("other").host("b.test").prefix("/", "web", 80).build(),
            configMap("headers", "X-A", "1"));
    Update update = world.apply(configMap("headers", "X-A", "2"));
    assertEquals(
        List.of("ingress/a.test"), update.changed().stream().map(Resource::name).toList());
    update = world.apply(configMap("others", "X-A", "2"));
    assertEquals(List.of(), update.changed());
    assertEquals(
        Reason.NotUsed, world.verdict(ObjectRef.configMap("default", "others"), "").reason());
  }
}
