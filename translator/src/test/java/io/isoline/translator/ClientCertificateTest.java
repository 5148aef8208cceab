package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.kube.SecretRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom a host that asks for certificates of clients lets in, path by path. */
class ClientCertificateTest {

  private static final String OURS = "isoline.io/";
  private static final String HOST = "web.test";

  private static SecretRecord authorities(String namespace, String name) {
    return new SecretRecord(
        ObjectRef.secret(namespace, name),
        "Opaque",
        new TreeMap<>(Map.of("ca.crt", TestCertificate.ecdsa("ca.test").chain())));
  }

  private static IngressBuilder owner() {
    return ingress("owner")
        .created("2026-01-01T00:00:00Z")
        .host(HOST)
        .prefix("/", "svc", 80)
        .prefix("/.well-known/acme-challenge/token", "svc", 80);
  }

  private static IngressBuilder asking(IngressBuilder ingress, String secret) {
    return ingress.annotation(OURS + "auth-tls-secret", secret);
  }

  private static IngressBuilder younger() {
    return ingress("younger").created("2026-02-02T00:00:00Z").host(HOST).prefix("/more", "svc", 80);
  }

  private static World world(IngressBuilder... ingresses) {
    World world = new World();
    world.apply(
        service("svc", 80), authorities("default", "ca"), authorities("default", "other"));
    for (IngressBuilder each : ingresses) {
      world.apply(each.build());
    }
    return world;
  }

  /** What the routes of a path do: {@code cluster}, or the statuses; by path. */
  private static Map<String, String> answers(World world) {
    Map<String, String> answers = new TreeMap<>();
    for (Route route : routes(world)) {
      if (!route.getName().startsWith("ingress/")) {
        continue;
      }
      String path =
          route.getMatch().hasPathSeparatedPrefix()
              ? route.getMatch().getPathSeparatedPrefix()
              : route.getMatch().hasPath()
                  ? route.getMatch().getPath()
                  : route.getMatch().getPrefix();
      String does =
          route.hasDirectResponse()
              ? Integer.toString(route.getDirectResponse().getStatus())
              : "cluster";
      answers.merge(path, does, (before, now) -> before.equals(now) ? now : before + "," + now);
    }
    return answers;
  }

  private static List<Route> routes(World world) {
    for (Resource resource : world.resources().values()) {
      if (resource.type() == ResourceType.ROUTE && resource.name().equals("ingress/" + HOST)) {
        try {
          return resource
              .body()
              .unpack(RouteConfiguration.class)
              .getVirtualHosts(0)
              .getRoutesList();
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    return List.of();
  }

  private static boolean asks(World world) {
    return routes(world).stream().anyMatch(route -> route.getName().equals("misdirected"));
  }

  /** Whether a route for a path takes any request that came by plain HTTP. */
  private static boolean isOpenByPlainHttp(World world, String path) {
    return routes(world).stream()
        .filter(
            route ->
                route.getMatch().getPathSeparatedPrefix().equals(path)
                    || route.getMatch().getPrefix().equals(path))
        .anyMatch(
            route ->
                route.getMatch().getHeadersList().stream()
                    .anyMatch(header -> header.getName().equals("x-forwarded-proto")));
  }

  private static @Nullable Verdict refusal(World world, String ingress) {
    return world.verdicts(ObjectRef.ingress("default", ingress)).stream()
        .filter(verdict -> verdict.field().contains("auth-tls-secret"))
        .filter(verdict -> verdict.outcome() == Outcome.REFUSED)
        .findFirst()
        .orElse(null);
  }

  @Test
  void host_ownerAsks_allPathsAskAndChallengesAreOpen() {
    World world = world(asking(owner(), "ca"), younger());
    assertTrue(asks(world));
    assertEquals("cluster", answers(world).get("/more"));
    assertFalse(isOpenByPlainHttp(world, "/more"));
    assertFalse(isOpenByPlainHttp(world, "/"));
    // The Ingress asks for its own paths, challenges or not.
    assertFalse(isOpenByPlainHttp(world, "/.well-known/acme-challenge/token"));
    assertNull(refusal(world, "owner"));
  }

  @Test
  void challengeOfAnIngressThatDoesNotAsk_isOpenByPlainHttp() {
    World world =
        world(
            asking(owner(), "ca"),
            younger().prefix("/.well-known/acme-challenge/solver", "svc", 80));
    assertTrue(isOpenByPlainHttp(world, "/.well-known/acme-challenge/solver"));
    assertFalse(isOpenByPlainHttp(world, "/more"));
  }

  @Test
  void nobodyAsks_isServedAsEver() {
    World world = world(owner(), younger());
    assertFalse(asks(world));
    assertEquals("cluster", answers(world).get("/more"));
  }

  @Test
  void authorities_missingOrNone_allPathsAre403() {
    World world = world(asking(owner(), "nosuch"), younger());
    assertEquals("403", answers(world).get("/more"));
    assertFalse(answers(world).containsValue("cluster"), answers(world)::toString);

    world.apply(authorities("default", "nosuch"));
    assertTrue(asks(world));
    assertEquals("cluster", answers(world).get("/more"));

    world.apply(
        new SecretRecord(ObjectRef.secret("default", "nosuch"), "Opaque", new TreeMap<>()));
    assertFalse(answers(world).containsValue("cluster"), answers(world)::toString);
  }

  @Test
  void youngerIngress_asksForTheSame_isServed() {
    World world = world(asking(owner(), "ca"), asking(younger(), "ca"));
    assertEquals("cluster", answers(world).get("/more"));
    assertNull(refusal(world, "younger"));
  }

  @Test
  void youngerIngress_asksForAnother_itsPathsAre403() {
    World world = world(asking(owner(), "ca"), asking(younger(), "other"));
    assertEquals("403", answers(world).get("/more"));
    assertEquals("cluster", answers(world).get("/"));
    Verdict verdict = refusal(world, "younger");
    assertTrue(verdict != null && verdict.message().contains("get 403"), () -> "" + verdict);
    assertNull(refusal(world, "owner"));
  }

  @Test
  void ownerAsksNothing_theOldestOfItsIngressesThatAsksDecides() {
    World world = world(owner(), asking(younger(), "ca"));
    assertTrue(asks(world));
    assertNull(refusal(world, "younger"));
  }

  @Test
  void otherNamespace_asks_itsPathsAloneAre403() {
    World world = world(owner());
    world.apply(authorities("guest", "ca"));
    world.apply(asking(younger().in("guest"), "ca").build());
    assertFalse(asks(world));
    assertEquals("403", answers(world).get("/more"));
    assertEquals("cluster", answers(world).get("/"));
  }

  @Test
  void ciphers_ofAYoungerIngress_areTheOwnersIfThatSaysNothing() {
    World world =
        world(owner(), younger().annotation(OURS + "ssl-ciphers", "ECDHE-RSA-AES128-GCM-SHA256"));
    Verdict verdict =
        world.verdict("younger", "metadata.annotations[" + OURS + "ssl-ciphers]");
    assertEquals(Outcome.APPLIED, verdict.outcome(), verdict::message);
  }

  @Test
  void ciphers_otherThanTheOwnersOldest_haveNoEffect() {
    World world =
        world(
            owner()
                .annotation(OURS + "ssl-ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256")
                .annotation(OURS + "ssl-prefer-server-ciphers", "true"),
            younger()
                .annotation(OURS + "ssl-ciphers", "ECDHE-RSA-AES128-GCM-SHA256")
                .annotation(OURS + "ssl-prefer-server-ciphers", "false"));
    for (String key : List.of("ssl-ciphers", "ssl-prefer-server-ciphers")) {
      Verdict verdict = world.verdict("younger", "metadata.annotations[" + OURS + key + "]");
      assertEquals(Outcome.APPLIED_WITH_DIFFERENCE, verdict.outcome(), verdict::message);
      assertTrue(verdict.message().contains(HOST), verdict::message);
      Verdict owners = world.verdict("owner", "metadata.annotations[" + OURS + key + "]");
      assertEquals(Outcome.APPLIED, owners.outcome(), owners::message);
    }
  }
}
