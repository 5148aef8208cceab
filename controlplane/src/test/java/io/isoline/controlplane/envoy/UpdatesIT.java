package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Changes while requests go on, over delta xDS. */
@WithEnvoy
class UpdatesIT {

  private static final String HOST = "load.example.com";

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend a;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend b;

  @BeforeAll
  static void startBackends() throws IOException {
    a = Backend.start("A");
    b = Backend.start("B");
  }

  @AfterAll
  static void stopBackends() throws IOException {
    a.close();
    b.close();
  }

  @Test
  void host_getsRulesOfItsOwnAndLosesThem_everyRequestIsAnswered(Proxy proxy) {
    String[] wildcard = {
      service("a", a), service("b", b), ingress("wild", "*.example.com", "Prefix / a")
    };
    proxy.apply(wildcard);
    try (Load load = Load.start(proxy, HOST)) {
      for (int i = 0; i < 50; i++) {
        String[] own = Arrays.copyOf(wildcard, wildcard.length + 1);
        own[wildcard.length] = ingress("own", HOST, "Prefix / b");
        proxy.apply(own);
        load.awaitMore(3);
        proxy.apply(wildcard);
        load.awaitMore(3);
      }
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void swaps_ofARouteToAnotherService_everyRequestIsAnswered(Proxy proxy) {
    swap(proxy, 200);
  }

  /** Each time to a Service that did not exist, with the old one gone. */
  static void swap(Proxy proxy, int times) {
    proxy.apply(ingress("web", HOST, "Prefix / s0"), service("s0", a));
    try (Load load = Load.start(proxy, HOST)) {
      for (int i = 1; i <= times; i++) {
        String name = "s" + i;
        proxy.apply(ingress("web", HOST, "Prefix / " + name), service(name, i % 2 == 0 ? a : b));
        load.awaitMore(3);
      }
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void protocol_changedUnderLoad_everyRequestIsAnswered(Proxy proxy) throws Exception {
    String web = ingress("web", HOST, "Prefix / s");
    proxy.apply(web, service("s", "http", a));
    try (Load load = Load.start(proxy, HOST)) {
      for (int i = 0; i < 20; i++) {
        proxy.apply(web, service("s", i % 2 == 0 ? "kubernetes.io/h2c" : "http", a));
        load.awaitMore(20);
      }
      assertEquals(List.of(), load.failures());
    }
    assertFalse(proxy.envoy().isWarming());
  }

  /** Every cluster changes, and Envoy warms each anew. */
  @Test
  void clusters_changedUnderLoad_everyRequestIsAnswered(Proxy proxy) throws Exception {
    proxy.apply(
        ingress("web", HOST, "Prefix / s"),
        ingress("other", "other.example.com", "Prefix / t"),
        service("s", a),
        service("t", b));
    try (Load load = Load.start(proxy, HOST)) {
      for (int i = 1; i <= 20; i++) {
        Duration connect = Duration.ofSeconds(5 + i);
        proxy.configure(
            settings ->
                Configured.with(settings, "timeouts: {connect: " + connect.toMillis() + "ms}"));
        load.awaitMore(20);
      }
      assertEquals(List.of(), load.failures());
    }
    assertFalse(proxy.envoy().isWarming());
    assertEquals("B", proxy.get("other.example.com", "/").route());
  }

  @Test
  void endpoints_movedUnderLoad_everyRequestIsAnswered(Proxy proxy) {
    String web = ingress("web", HOST, "Prefix / s");
    proxy.apply(web, service("s", a));
    try (Load load = Load.start(proxy, HOST)) {
      for (int i = 0; i < 50; i++) {
        proxy.apply(web, service("s", i % 2 == 0 ? b : a));
        load.awaitMore(5);
      }
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void controlPlane_restarted_resendsNothingAndTrafficGoesOn(Proxy proxy) throws Exception {
    String objects =
        String.join(
            "\n---\n",
            ingress("web", HOST, "Prefix / s"),
            ingress("gone", "gone.example.com", "Prefix / t"),
            service("s", a),
            service("t", b));
    proxy.apply(objects);
    Map<String, Long> before = updates(proxy);
    Map<String, String> routesBefore = routes(proxy);
    try (Load load = Load.start(proxy, HOST)) {
      proxy.stopEngine();
      load.awaitMore(50);
      proxy.restartEngine();
      // What changes is delivered, so all that Envoy was to get before it is there.
      proxy.apply(ingress("web", HOST, "Prefix / s", "Prefix /new s"), service("s", a));
      load.awaitMore(20);
      assertEquals(List.of(), load.failures());
    }
    assertEquals("404", proxy.get("gone.example.com", "/").route());
    Map<String, Long> after = updates(proxy);
    // One for the scope that is gone, and its cluster; nothing for the rest.
    before.merge("http.http.scoped_rds.ingress.config_reload", 1L, Long::sum);
    before.merge("cluster_manager.cluster_removed", 1L, Long::sum);
    assertEquals(before, after);
    Map<String, String> routesAfter = routes(proxy);
    assertEquals(
        routesBefore.keySet().stream().filter(name -> !name.contains("gone")).toList(),
        List.copyOf(routesAfter.keySet()));
    assertEquals(
        List.of("ingress/" + HOST),
        routesAfter.keySet().stream()
            .filter(name -> !Objects.equals(routesAfter.get(name), routesBefore.get(name)))
            .toList());
  }

  /** When Envoy took each RouteConfiguration. */
  private static SortedMap<String, String> routes(Proxy proxy) throws IOException {
    SortedMap<String, String> routes = new TreeMap<>();
    for (JsonNode config :
        new ObjectMapper()
            .readTree(proxy.envoy().get("/config_dump?resource=dynamic_route_configs"))
            .path("configs")) {
      routes.put(
          config.path("route_config").path("name").asText(),
          config.path("last_updated").asText());
    }
    return routes;
  }

  /** How often Envoy made something anew of what it got. */
  private static Map<String, Long> updates(Proxy proxy) throws IOException {
    Map<String, Long> counters = new TreeMap<>();
    for (String name :
        List.of(
            "cluster_manager.cluster_added",
            "cluster_manager.cluster_modified",
            "cluster_manager.cluster_removed",
            "listener_manager.listener_added",
            "listener_manager.listener_modified",
            "listener_manager.lds.update_rejected",
            "cluster_manager.cds.update_rejected",
            "http.http.rds.ingress.config_reload",
            "http.http.scoped_rds.ingress.config_reload",
            "cluster.default/s/80.update_success")) {
      counters.put(name, proxy.envoy().counter(name));
    }
    return counters;
  }
}
