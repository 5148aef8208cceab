package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.SecretRecord;
import io.isoline.translator.settings.IngressSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which Secrets and ConfigMaps are read, and that Ingresses come with theirs. */
final class NamedObjectsTest {

  private FakeApiServer api;

  @BeforeEach
  void start() throws IOException {
    api = new FakeApiServer();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private void putSecret(String name, String certificate) {
    api.put(
        "secrets",
        ("{'metadata':{'namespace':'default','name':'%s'},'type':'kubernetes.io/tls',"
                + "'data':{'tls.crt':'%s','tls.key':'YQ=='}}")
            .formatted(name, certificate));
  }

  private void putIngress(String name, String ingressClass, String secret) {
    api.put(
        "ingresses",
        ("{'metadata':{'namespace':'default','name':'%s'},'spec':{'ingressClassName':'%s',"
                + "'tls':[{'hosts':['x.com'],'secretName':'%s'}]}}")
            .formatted(name, ingressClass, secret));
  }

  private void putConfigMap(String name, String value) {
    api.put(
        "configmaps",
        "{'metadata':{'namespace':'default','name':'%s'},'data':{'X-A':'%s'}}"
            .formatted(name, value));
  }

  private void putAnnotated(String name, String ingressClass, String configMap) {
    api.put(
        "ingresses",
        ("{'metadata':{'namespace':'default','name':'%s','annotations':"
                + "{'nginx.ingress.kubernetes.io/custom-headers':'%s'}},"
                + "'spec':{'ingressClassName':'%s'}}")
            .formatted(name, configMap, ingressClass));
  }

  /** The names of Secrets that were asked for. */
  private List<String> asked() {
    return asked("secrets");
  }

  private List<String> asked(String plural) {
    return api.requests().stream()
        .filter(request -> request.plural().equals(plural))
        .map(
            request ->
                request.namespace()
                    + "/"
                    + request.parameter("fieldSelector").replace("metadata.name=", ""))
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void start_secretsOfOurIngresses_areReadAndNoOther() {
    putSecret("mine", "bWluZQ==");
    putSecret("nobodys", "bWluZQ==");
    putSecret("theirs", "bWluZQ==");
    putIngress("web", "isoline", "mine");
    putIngress("other", "nginx", "theirs");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertEquals(List.of("default/mine"), asked());
      assertTrue(fed.has("Secret default/mine"));
      assertEquals(1, fed.batches().size(), "all at once");
    }
  }

  @Test
  void start_missingSecret_isKnownToBeMissing() {
    putIngress("web", "isoline", "none");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertEquals(List.of("Ingress default/web"), fed.names());
    }
  }

  @Test
  void start_forbiddenSecret_isExplainedAndHoldsUpNobody() {
    putSecret("mine", "bWluZQ==");
    putIngress("web", "isoline", "mine");
    api.fail(403, "secrets is forbidden", request -> request.plural().equals("secrets"));
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      Change.Unreadable fault = fed.unreadable("Secret default/mine");
      assertNotNull(fault);
      assertEquals("Isoline may not read it: secrets is forbidden (403)", fault.message());
      assertEquals(
          "grant get, list and watch on secrets (resourceNames: mine) with a Role in namespace"
              + " default",
          fault.fix());
      assertEquals(1, fed.feed().problems().size());

      api.heal();
      fed.await("allowed", () -> fed.has("Secret default/mine"));
      assertNull(fed.unreadable("Secret default/mine"));
    }
  }

  @Test
  void forbiddenSecret_thatTurnsOutToBeMissing_isNoLongerUnreadable() {
    putIngress("web", "isoline", "none");
    api.fail(403, "secrets is forbidden", request -> request.plural().equals("secrets"));
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertNotNull(fed.unreadable("Secret default/none"));
      api.heal();
      fed.await("missing", () -> fed.unreadable("Secret default/none") == null);
    }
  }

  @Test
  void newIngress_comesTogetherWithItsSecret() {
    putSecret("mine", "bWluZQ==");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      putIngress("web", "isoline", "mine");
      fed.await("the Ingress", () -> fed.has("Ingress default/web"));
      assertTrue(fed.has("Secret default/mine"), "before the Ingress");
    }
  }

  @Test
  void newIngress_whoseSecretIsSlow_holdsUpNoOther() {
    putSecret("mine", "bWluZQ==");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.fail(503, "busy", request -> request.plural().equals("secrets"));
      putIngress("web", "isoline", "mine");
      fed.await("tries", () -> fed.counted("failed Secret list 503") > 2);
      putIngress("plain", "nginx", "");
      fed.await("the other", () -> fed.has("Ingress default/plain"));
      assertFalse(fed.has("Ingress default/web"));
      api.heal();
      fed.await("the first", () -> fed.has("Ingress default/web"));
      assertTrue(fed.has("Secret default/mine"));
    }
  }

  @Test
  void newIngress_whoseSecretIsNotAnswered_goesOnInTime() {
    putSecret("mine", "bWluZQ==");
    Timing hurried =
        new Timing(
            Fed.SOON.answer(),
            Fed.SOON.silence(),
            Fed.SOON.firstRetry(),
            Fed.SOON.lastRetry(),
            Fed.SOON.optionalRetry(),
            Duration.ofMillis(100));
    try (Fed fed = Fed.from(api, Scope.CLUSTER, hurried).awaitLoaded()) {
      api.fail(503, "busy", request -> request.plural().equals("secrets"));
      putIngress("web", "isoline", "mine");
      fed.await("the Ingress", () -> fed.has("Ingress default/web"));
      assertFalse(fed.has("Secret default/mine"));
      assertNotNull(fed.unreadable("Secret default/mine"));
      api.heal();
      fed.await("its Secret", () -> fed.has("Secret default/mine"));
    }
  }

  @Test
  void newIngress_whoseSecretFailsForAWhile_isStillWaitedFor() {
    putSecret("mine", "bWluZQ==");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.fail(500, "etcdserver: leader changed", request -> request.plural().equals("secrets"));
      putIngress("web", "isoline", "mine");
      fed.await("a problem", () -> !fed.feed().problems().isEmpty());
      api.heal();
      fed.await("the Ingress", () -> fed.has("Ingress default/web"));
      assertTrue(fed.has("Secret default/mine"));
      assertTrue(
          fed.batches().stream()
              .flatMap(List::stream)
              .noneMatch(change -> change instanceof Change.Unreadable),
          () -> "" + fed.batches());
    }
  }

  @Test
  void secret_createdLaterRenewedAndDeleted_isFollowed() {
    putIngress("web", "isoline", "mine");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      putSecret("mine", "b25l");
      fed.await("created", () -> "one".equals(certificate(fed)));
      putSecret("mine", "dHdv");
      fed.await("renewed", () -> "two".equals(certificate(fed)));
      api.delete("secrets", "default", "mine");
      fed.await("deleted", () -> !fed.has("Secret default/mine"));
    }
  }

  private static String certificate(Fed fed) {
    return fed.object("Secret default/mine") instanceof SecretRecord secret
            && secret.certificate() != null
        ? secret.certificate().toStringUtf8()
        : "";
  }

  @Test
  void ingress_thatNamesAnotherSecret_keepsTheFirstUntilTheSecondIsThere() {
    putSecret("one", "b25l");
    putSecret("two", "dHdv");
    putIngress("web", "isoline", "one");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.fail(503, "busy", request -> request.plural().equals("secrets"));
      putIngress("web", "isoline", "two");
      fed.await("tries", () -> fed.counted("failed Secret list 503") > 2);
      assertTrue(fed.has("Secret default/one"));
      assertEquals(List.of("one"), named(fed));
      api.heal();
      fed.await("the change", () -> named(fed).equals(List.of("two")));
      assertEquals(List.of("Ingress default/web", "Secret default/two"), fed.names());
      assertNull(fed.identity(ObjectRef.secret("default", "one")));
      assertNotNull(fed.identity(ObjectRef.secret("default", "two")));
    }
  }

  private static List<String> named(Fed fed) {
    return fed.object("Ingress default/web") instanceof IngressRecord ingress
        ? ingress.tls().stream().map(tls -> String.valueOf(tls.secretName())).toList()
        : List.of();
  }

  @Test
  void ingress_deleted_leavesNoSecretUnlessAnotherNamesIt() {
    putSecret("shared", "b25l");
    putIngress("a", "isoline", "shared");
    putIngress("b", "isoline", "shared");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.delete("ingresses", "default", "a");
      fed.await("the first is gone", () -> !fed.has("Ingress default/a"));
      assertTrue(fed.has("Secret default/shared"));
      api.delete("ingresses", "default", "b");
      fed.await("the second is gone", () -> !fed.has("Ingress default/b"));
      fed.await("its Secret", () -> !fed.has("Secret default/shared"));
    }
  }

  @Test
  void ingress_thatBecomesOurs_comesWithItsSecret() {
    putSecret("mine", "b25l");
    putIngress("web", "fancy", "mine");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertEquals(List.of(), asked());
      api.put(
          "ingressclasses",
          "{'metadata':{'name':'fancy'},'spec':{'controller':'isoline.io/ingress-controller'}}");
      fed.await("the class", () -> fed.has("IngressClass fancy"));
      assertTrue(fed.has("Secret default/mine"), "before the class");
      api.delete("ingressclasses", "", "fancy");
      fed.await("no longer ours", () -> !fed.has("Secret default/mine"));
    }
  }

  @Test
  void settings_withAnotherClass_readOtherSecrets() {
    putSecret("mine", "b25l");
    putSecret("theirs", "b25l");
    putIngress("web", "isoline", "mine");
    putIngress("other", "second", "theirs");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      IngressSettings.Classes was = Fed.SETTINGS.ingress().classes();
      fed.feed()
          .configure(
              Fed.SETTINGS.with(
                  Fed.SETTINGS
                      .ingress()
                      .with(
                          new IngressSettings.Classes(
                              List.of("second"), was.controller(), was.withoutClass()))));
      fed.await("the other", () -> fed.has("Secret default/theirs"));
      fed.await("the first is gone", () -> !fed.has("Secret default/mine"));
    }
  }

  @Test
  void ingress_withANameThatNoSecretCanHave_isNotAskedFor() {
    putIngress("web", "isoline", "../a,b=c");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertTrue(fed.has("Ingress default/web"));
      assertEquals(List.of(), asked());
    }
  }

  @Test
  void start_manySecrets_areAskedForSomeAtATime() {
    api.freeze(request -> request.plural().equals("secrets"));
    for (int i = 0; i < 300; i++) {
      putSecret("s" + i, "b25l");
      putIngress("i" + i, "isoline", "s" + i);
    }
    try (Fed fed = Fed.from(api)) {
      fed.await("some", () -> asked().size() >= 64);
      assertEquals(64, asked().size());
      assertEquals(-1, fed.loadedAfter());
      api.thaw();
      fed.awaitLoaded();
      assertEquals(600, fed.names().size());
      assertEquals(1, fed.batches().size());
    }
  }

  @Test
  void start_configMapsOfOurIngresses_areReadAndNoOther() {
    putConfigMap("mine", "1");
    putConfigMap("nobodys", "1");
    putConfigMap("theirs", "1");
    putAnnotated("web", "isoline", "default/mine");
    putAnnotated("other", "nginx", "default/theirs");
    putAnnotated("far", "isoline", "elsewhere/map");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertEquals(List.of("default/mine"), asked("configmaps"));
      assertTrue(fed.has("ConfigMap default/mine"));
      assertEquals(1, fed.batches().size(), "all at once");

      putAnnotated("web", "isoline", "nobodys");
      fed.await("the other one", () -> fed.has("ConfigMap default/nobodys"));
      fed.await("not the first one any more", () -> !fed.has("ConfigMap default/mine"));
    }
  }

  @Test
  void start_whereSecretsAreReadTogether_configMapsAreReadByNameAllTheSame() {
    putConfigMap("mine", "1");
    putAnnotated("web", "isoline", "mine");
    Scope scope = new Scope(Set.of(), null, Scope.Secrets.CLUSTER);
    try (Fed fed = Fed.from(api, scope).awaitLoaded()) {
      assertEquals(List.of("default/mine"), asked("configmaps"));
      assertTrue(fed.has("ConfigMap default/mine"));
    }
  }

  @Test
  void forbiddenConfigMap_isExplained() {
    putAnnotated("web", "isoline", "mine");
    api.fail(403, "configmaps is forbidden", request -> request.plural().equals("configmaps"));
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      Change.Unreadable fault = fed.unreadable("ConfigMap default/mine");
      assertNotNull(fault);
      assertEquals(
          "grant get, list and watch on configmaps (resourceNames: mine) with a Role in namespace"
              + " default",
          fault.fix());
    }
  }
}
