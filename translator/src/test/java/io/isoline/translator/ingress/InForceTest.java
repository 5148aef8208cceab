package io.isoline.translator.ingress;

import static io.isoline.translator.IngressBuilder.ingress;
import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.Change;
import io.isoline.translator.IngressBuilder;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of an Ingress is said to be in force. */
final class InForceTest {

  private static String inForce(IngressBuilder... ingresses) {
    IngressTranslation translation = new IngressTranslation(World.DEFAULTS);
    List<Change> changes = new ArrayList<>(List.of(new Change.Upsert(service("svc", 80))));
    for (IngressBuilder ingress : ingresses) {
      changes.add(new Change.Upsert(ingress.build()));
    }
    translation.apply(changes, World.NOW);
    return translation.inForce(ObjectRef.ingress("default", "web")).toString();
  }

  private static IngressBuilder web() {
    return ingress("web").ordinal(5);
  }

  @Test
  void inForce_pathsWonLostAndRefused_areCounted() {
    assertEquals(
        "2 of 4 paths",
        inForce(
            ingress("old").ordinal(1).host("a.com").prefix("/lost", "svc", 80),
            web()
                .host("a.com")
                .prefix("/won", "svc", 80)
                .prefix("/lost", "svc", 80)
                .prefix("no path", "svc", 80)
                .prefix("/missing", "missing", 80)));
  }

  @Test
  void inForce_hostIsRefused_isNothing() {
    assertEquals("0 of 1 path", inForce(web().host("a..com").prefix("/", "svc", 80)));
  }

  @Test
  void inForce_defaultBackend_isOnePathMore() {
    assertEquals("1 of 1 path", inForce(web().defaultBackend("svc", 80)));
    assertEquals(
        "0 of 1 path",
        inForce(
            ingress("old").ordinal(1).defaultBackend("svc", 80), web().defaultBackend("svc", 80)));
    assertEquals(
        "2 of 2 paths",
        inForce(
            ingress("old").ordinal(1).defaultBackend("svc", 80),
            web().defaultBackend("svc", 80).host("a.com").prefix("/", "svc", 80)));
    assertEquals(
        "1 of 2 paths",
        inForce(
            ingress("old").ordinal(1).defaultBackend("svc", 80).host("a.com"),
            web().defaultBackend("svc", 80).host("a.com").prefix("/", "svc", 80)));
  }

  private static IngressBuilder canary(String weight) {
    return web()
        .host("a.com")
        .prefix("/x", "svc", 80)
        .annotation("isoline.io/canary", "true")
        .annotation("isoline.io/canary-weight", weight);
  }

  @Test
  void inForce_canary_isWhatItGetsRequestsOf() {
    IngressBuilder main = ingress("main").host("a.com").prefix("/x", "svc", 80);
    assertEquals("1 of 1 path", inForce(main, canary("30")));
    assertEquals("1 of 2 paths", inForce(main, canary("30").prefix("/other", "svc", 80)));
    assertEquals("0 of 1 path", inForce(canary("30")), "it is nobody's");
    assertEquals("0 of 1 path", inForce(main, canary("0")), "it gets nothing");
    assertEquals(
        "0 of 1 path",
        inForce(main.in("other"), canary("30")),
        "the main Ingress is one of another namespace");
  }

  @Test
  void inForce_secondCanary_isNot() {
    IngressBuilder main = ingress("main").host("a.com").prefix("/x", "svc", 80);
    IngressBuilder first =
        ingress("first")
            .ordinal(1)
            .host("a.com")
            .prefix("/x", "svc", 80)
            .annotation("isoline.io/canary", "true")
            .annotation("isoline.io/canary-weight", "10");
    assertEquals("0 of 1 path", inForce(main, first, canary("30")));
  }

  @Test
  void inForce_defaultBackendOfItsNamespaceAlone_isOneWhereThatHasHosts() {
    IngressBuilder old = ingress("old").in("other").ordinal(1).defaultBackend("svc", 80);
    IngressBuilder hosts = ingress("hosts").ordinal(6).host("a.com").prefix("/x", "svc", 80);
    assertEquals("0 of 1 path", inForce(old, web().defaultBackend("svc", 80)));
    assertEquals("1 of 1 path", inForce(old, hosts, web().defaultBackend("svc", 80)));
  }

  @Test
  void inForce_ofAnotherClass_isNothingOfNothing() {
    assertEquals("0 of 0 paths", inForce(web().ofClass("nginx").host("a.com")));
  }
}
