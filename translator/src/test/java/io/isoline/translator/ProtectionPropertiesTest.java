package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.isoline.translator.annotation.Annotation;
import io.isoline.translator.annotation.Annotations;
import io.isoline.translator.envoy.WholeRoute;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.tries.Tries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A protection stays in force on each route that leads to a backend, whatever else is asked for. */
final class ProtectionPropertiesTest {

  private static final String HOST = "a.test";

  /** These say themselves that a protection is another one. */
  private static final Set<String> OF_PROTECTIONS =
      Set.of("satisfy", "auth-tls-verify-client", "limit-allowlist");

  private static final List<Boolean> ONE_OF_EIGHT =
      List.of(false, false, false, false, false, false, false, true);

  private static final List<String> ODD_VALUES =
      List.of("", "false", "true", "0", "\n", "$x", "off", "*", "none", "a".repeat(5_000));

  static Stream<Map<String, String>> protections() {
    return Stream.of(
        Map.of("allowlist-source-range", "10.0.0.0/8"),
        Map.of("denylist-source-range", "10.0.0.0/8"),
        Map.of("limit-rps", "5"),
        Map.of("limit-rpm", "5"),
        Map.of("auth-type", "basic", "auth-secret", "users"));
  }

  private static List<Route> forwarding(Map<String, String> annotations) {
    World world = new World();
    world.apply(
        service("svc", 80),
        new SecretRecord(
            ObjectRef.secret("default", "users"),
            "Opaque",
            new TreeMap<>(
                Map.of("auth", ByteString.copyFromUtf8("ada:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=")))));
    IngressBuilder web = ingress("web").host(HOST).prefix("/", "svc", 80).prefix("/x", "svc", 80);
    annotations.forEach((key, value) -> web.annotation("isoline.io/" + key, value));
    world.apply(web.build());
    List<Route> routes = new ArrayList<>();
    for (Resource resource : world.resources().values()) {
      if (resource.key().type() == ResourceType.ROUTE) {
        RouteConfiguration configuration = (RouteConfiguration) World.proto(resource);
        configuration
            .getVirtualHostsList()
            .forEach(
                host ->
                    host.getRoutesList().stream()
                        .filter(Route::hasRoute)
                        .map(route -> WholeRoute.of(host, route))
                        .forEach(routes::add));
      }
    }
    return routes;
  }

  /** The filters that a protection takes on each route that leads to a backend. */
  private static Set<String> filters(Map<String, String> protection) {
    Set<String> filters = new HashSet<>(common(forwarding(protection)));
    filters.removeAll(common(forwarding(Map.of())));
    return filters;
  }

  private static Set<String> common(List<Route> routes) {
    assertFalse(routes.isEmpty());
    Set<String> common = configured(routes.getFirst());
    routes.forEach(route -> common.retainAll(configured(route)));
    return common;
  }

  /** The filters that a route configures, or of which it says in its metadata what they do. */
  private static Set<String> configured(Route route) {
    Set<String> filters = new HashSet<>(route.getTypedPerFilterConfigMap().keySet());
    filters.addAll(route.getMetadata().getFilterMetadataMap().keySet());
    return filters;
  }

  @ParameterizedTest
  @MethodSource("protections")
  void protection_besideAnyOtherAnnotations_staysInForce(Map<String, String> protection) {
    Set<String> filters = filters(protection);
    assertFalse(filters.isEmpty(), "nothing protects");
    List<Annotation<?>> others =
        Annotations.all().stream()
            .filter(each -> !protection.containsKey(each.key()))
            .filter(each -> !OF_PROTECTIONS.contains(each.key()))
            .toList();
    Tries.of(300)
        .run(
            draw -> {
              Map<String, String> annotations = new TreeMap<>(protection);
              for (Annotation<?> each : others) {
                // Few of them, or hardly any Ingress leads to a backend.
                if (draw.of(ONE_OF_EIGHT)) {
                  annotations.put(
                      each.key(), draw.flag() ? each.example() : draw.of(ODD_VALUES));
                }
              }
              for (Route route : forwarding(annotations)) {
                assertTrue(
                    configured(route).containsAll(filters),
                    () -> route.getName() + " lacks some of " + filters + " with " + annotations);
              }
            });
  }
}
