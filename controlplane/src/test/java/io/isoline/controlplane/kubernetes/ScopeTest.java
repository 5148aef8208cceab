package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.NamespaceRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which namespaces are read, and which Secrets where it is not by name. */
final class ScopeTest {

  private FakeApiServer api;

  @BeforeEach
  void start() throws IOException {
    api = new FakeApiServer();
    for (String namespace : List.of("one", "two", "three")) {
      put("services", namespace, "web");
      put("secrets", namespace, "tls");
    }
    api.put("ingressclasses", "{'metadata':{'name':'isoline'},'spec':{'controller':'x'}}");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private void put(String plural, String namespace, String name) {
    api.put(
        plural,
        "{'metadata':{'namespace':'%s','name':'%s'},'spec':{}}".formatted(namespace, name));
  }

  private void putNamespace(String name, String team) {
    api.put("namespaces", "{'metadata':{'name':'%s','labels':{'team':'%s'}}}".formatted(name, team));
  }

  private static Scope of(Scope.Secrets secrets, String... namespaces) {
    return new Scope(Set.of(namespaces), null, secrets);
  }

  private boolean askedEverywhere(String plural) {
    return api.count(
            request -> request.plural().equals(plural) && request.namespace().isEmpty())
        > 0;
  }

  @Test
  void namespaces_byName_areReadAndNoOther() {
    try (Fed fed = Fed.from(api, of(Scope.Secrets.NAMED, "one", "two")).awaitLoaded()) {
      assertEquals(
          List.of("IngressClass isoline", "Service one/web", "Service two/web"), fed.names());
      assertFalse(askedEverywhere("services"));
      put("services", "two", "more");
      fed.await("the new one", () -> fed.has("Service two/more"));
    }
  }

  @Test
  void namespaces_byName_doWithoutClassesWhereTheseAreForbidden() {
    api.fail(403, "no", request -> request.path().equals("/apis/networking.k8s.io/v1/ingressclasses"));
    try (Fed fed = Fed.from(api, of(Scope.Secrets.NAMED, "one")).awaitLoaded()) {
      assertEquals(List.of("Service one/web"), fed.names());
      assertEquals(List.of(), fed.feed().problems());
      api.heal();
      fed.await("the classes", () -> fed.has("IngressClass isoline"));
    }
  }

  @Test
  void namespaces_ofTheCluster_areReadWithWhatTheyAreGiven() {
    api.put(
        "namespaces",
        "{'metadata':{'name':'shop','annotations':{'isoline.io/hosts':'a.test','x':'y'}}}");
    try (Fed fed = Fed.from(api, of(Scope.Secrets.NAMED)).awaitLoaded()) {
      assertEquals(
          new NamespaceRecord(
              ObjectRef.namespace("shop"), new TreeMap<>(Map.of("isoline.io/hosts", "a.test")), false),
          fed.object("Namespace shop"));

      api.put(
          "namespaces",
          "{'metadata':{'name':'shop','deletionTimestamp':'2026-11-30T00:00:00Z'}}");
      fed.await(
          "its end",
          () ->
              fed.object("Namespace shop") instanceof NamespaceRecord namespace
                  && namespace.terminating());
    }
  }

  @Test
  void namespaces_byName_areReadWithWhatTheyAreGivenAndNoOther() {
    putNamespace("one", "web");
    putNamespace("two", "web");
    try (Fed fed = Fed.from(api, of(Scope.Secrets.NAMED, "one")).awaitLoaded()) {
      assertEquals(
          List.of("IngressClass isoline", "Namespace one", "Service one/web"), fed.names());
    }
  }

  @Test
  void namespaces_byName_doWithoutTheirAnnotationsWhereTheseAreForbidden() {
    putNamespace("one", "web");
    api.fail(403, "no", request -> request.plural().equals("namespaces"));
    try (Fed fed = Fed.from(api, of(Scope.Secrets.NAMED, "one")).awaitLoaded()) {
      assertEquals(List.of("IngressClass isoline", "Service one/web"), fed.names());
      assertEquals(List.of(), fed.feed().problems());
      api.heal();
      fed.await("the namespace", () -> fed.has("Namespace one"));
    }
  }

  @Test
  void secrets_byNamespace_areThoseOfTheWatchedOnes() {
    try (Fed fed = Fed.from(api, of(Scope.Secrets.NAMESPACE, "one")).awaitLoaded()) {
      assertEquals(
          List.of("IngressClass isoline", "Secret one/tls", "Service one/web"), fed.names());
      assertFalse(askedEverywhere("secrets"));
    }
  }

  @Test
  void secrets_ofTheCluster_areReadAtOnce() {
    try (Fed fed = Fed.from(api, of(Scope.Secrets.CLUSTER)).awaitLoaded()) {
      assertEquals(7, fed.names().size());
      assertEquals(1, api.count(request -> request.plural().equals("secrets")));
    }
  }

  @Test
  void secrets_byNamespaceWithoutNamespaces_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> of(Scope.Secrets.NAMESPACE));
  }

  @Test
  void selector_namespacesThatComeAndGo_areFollowed() {
    putNamespace("one", "web");
    putNamespace("two", "db");
    putNamespace("three", "db");
    try (Fed fed =
        Fed.from(api, new Scope(Set.of("three"), "team=web", Scope.Secrets.NAMESPACE))
            .awaitLoaded()) {
      assertEquals(
          List.of(
              "IngressClass isoline",
              "Namespace one",
              "Namespace three",
              "Secret one/tls",
              "Secret three/tls",
              "Service one/web",
              "Service three/web"),
          fed.names());

      put("ingresses", "four", "web");
      put("services", "four", "web");
      putNamespace("four", "web");
      fed.await("the new namespace", () -> fed.has("Service four/web"));
      assertTrue(fed.has("Ingress four/web"), "all of a namespace at once");

      api.delete("namespaces", "", "one");
      fed.await("what was in it", () -> !fed.has("Service one/web"));
      fed.await("what was in it", () -> !fed.has("Secret one/tls"));
      assertTrue(fed.has("Service three/web"));
      put("services", "one", "late");
      put("services", "four", "late");
      fed.await("the other", () -> fed.has("Service four/late"));
      assertFalse(fed.has("Service one/late"));
      assertFalse(fed.has("Namespace one"));
      assertTrue(fed.has("Namespace four"));
    }
  }
}
