package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.external;
import static io.isoline.translator.TestObjects.service;
import static io.isoline.translator.TestObjects.slice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.isoline.translator.Verdict.Outcome;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets copies of requests. */
final class MirrorTest {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String FIELD = "metadata.annotations[" + NGINX + "mirror-target]";
  private static final String OUTSIDE = "default/web/copies.example.com/443/outside/";

  private static Settings with(
      UnaryOperator<io.isoline.translator.settings.ServiceSettings> change) {
    return World.DEFAULTS.with(change.apply(World.DEFAULTS.services()));
  }

  private static World world(Settings settings, String target) {
    World world = new World(settings);
    world.apply(
        service("web", 80),
        slice("web", 80, "10.0.0.1"),
        service("copies", 80),
        slice("copies", 80, "10.0.0.2"),
        external("far", "far.example.com"),
        ingress("web")
            .annotation(NGINX + "mirror-target", target)
            .host("a.test")
            .prefix("/", "web", 80)
            .build());
    return world;
  }

  private static List<String> clusters(World world) {
    return world.resources().keySet().stream()
        .filter(key -> key.type() == ResourceType.CLUSTER)
        .map(Resource.Key::name)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://copies.default",
        "http://copies.default.svc/x$request_uri",
        "http://copies.default.svc.cluster.local:80"
      })
  void service_ofTheNamespace_isServedByItsEndpoints(String target) {
    World world = world(World.DEFAULTS, target);
    assertEquals(Outcome.APPLIED, world.verdict("web", FIELD).outcome());
    String copies = clusters(world).getFirst();
    assertTrue(copies.startsWith("default/copies/80/"), copies);
    Cluster cluster = world.cluster(copies);
    assertEquals("default/copies/80", cluster.getEdsClusterConfig().getServiceName());
    assertEquals(
        1_024, cluster.getCircuitBreakers().getThresholds(0).getMaxRequests().getValue());
  }

  @ParameterizedTest
  @CsvSource({
    "http://copies.other.svc, inside the cluster",
    "http://copies.other.svc.cluster.local, inside the cluster",
    "http://copies.default.svc.example.com, not of the domain",
    "http://copies, no dot",
    "http://localhost:9901, no dot",
    "http://none.default.svc, does not exist",
    "http://copies.default.svc:81, has no port",
    "http://127.0.0.1:9901, this machine",
    "http://0.0.0.0:9901, this machine",
    "http://169.254.169.254/latest, metadata",
    "http://metadata.google.internal, inside the cluster"
  })
  void host_thatIsNobodysToName_isRefused(String target, String why) {
    World world = world(with(services -> services.allowingExternalName(true)), target);
    Verdict verdict = world.verdict("web", FIELD);
    assertEquals(Outcome.REFUSED, verdict.outcome());
    assertTrue(verdict.message().contains(why), verdict.message());
    assertTrue(verdict.message().endsWith("nobody gets copies"), verdict.message());
    assertEquals(List.of("default/web/80"), clusters(world));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://copies.example.com", "http://10.1.2.3:8080", "http://far.default"})
  void hostOutside_isAnExternalName_allowedByTheOperatorOnly(String target) {
    World world = world(World.DEFAULTS, target);
    Verdict refused = world.verdict("web", FIELD);
    assertEquals(Outcome.REFUSED, refused.outcome());
    assertEquals(List.of("default/web/80"), clusters(world));

    world.configure(with(services -> services.allowingExternalName(true)));
    Verdict allowed = world.verdict("web", FIELD);
    assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, allowed.outcome());
    assertTrue(allowed.message().contains("without Authorization"), allowed.message());
    assertEquals(2, clusters(world).size());
  }

  @Test
  void hostOutside_isLookedUp_andNamedInTls() {
    World world =
        world(with(services -> services.allowingExternalName(true)), "https://copies.example.com");
    String name =
        clusters(world).stream().filter(each -> each.startsWith(OUTSIDE)).findFirst().orElseThrow();
    Cluster cluster = world.cluster(name);
    assertEquals(Cluster.DiscoveryType.STRICT_DNS, cluster.getType());
    assertEquals(
        "copies.example.com.",
        cluster
            .getLoadAssignment()
            .getEndpoints(0)
            .getLbEndpoints(0)
            .getEndpoint()
            .getAddress()
            .getSocketAddress()
            .getAddress());
    assertTrue(cluster.toString().contains("copies.example.com"));
  }

  @Test
  void loopback_isAllowedByItsOwnSetting() {
    World world =
        world(
            with(services -> services.allowingExternalName(true).allowingLoopbackEndpoints(true)),
            "http://127.0.0.1:21301/mirror$request_uri");
    assertEquals(
        Outcome.APPLIED_WITH_DIFFERENCE, world.verdict("web", FIELD).outcome());
    Cluster cluster =
        world.cluster(
            clusters(world).stream()
                .filter(name -> name.contains("/127.0.0.1/"))
                .findFirst()
                .orElseThrow());
    assertEquals(Cluster.DiscoveryType.STATIC, cluster.getType());
  }

  @Test
  void service_thatComesLater_getsCopies() {
    World world = new World();
    world.apply(
        service("web", 80),
        slice("web", 80, "10.0.0.1"),
        ingress("web")
            .annotation(NGINX + "mirror-target", "http://copies.default.svc")
            .host("a.test")
            .prefix("/", "web", 80)
            .build());
    assertEquals(Outcome.REFUSED, world.verdict("web", FIELD).outcome());

    world.apply(service("copies", 80));
    assertEquals(
        Verdict.Reason.NoEndpoints, world.verdict("web", FIELD).reason());
    assertEquals(2, clusters(world).size());

    world.apply(slice("copies", 80, "10.0.0.2"));
    assertFalse(world.verdict("web", FIELD).isFinding());

    world.delete(ObjectRef.service("default", "copies"));
    assertEquals(List.of("default/web/80"), clusters(world));
  }
}
