package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.kube.ServiceRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reaches the engine of what the API server says, and of what goes wrong on the way. */
final class ClusterFeedTest {

  private FakeApiServer api;

  @BeforeEach
  void start() throws IOException {
    api = new FakeApiServer();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static String service(String name, int port) {
    return "{'metadata':{'namespace':'default','name':'%s'},'spec':{'ports':[{'port':%d}]}}"
        .formatted(name, port);
  }

  private static String ingress(String name) {
    return ("{'metadata':{'namespace':'default','name':'%s',"
            + "'creationTimestamp':'2026-01-01T00:00:00Z'},'spec':{'ingressClassName':'isoline',"
            + "'defaultBackend':{'service':{'name':'web','port':{'number':80}}}}}")
        .formatted(name);
  }

  private void putAll() {
    api.put("services", service("web", 80));
    api.put("ingresses", ingress("web"));
    api.put(
        "ingressclasses", "{'metadata':{'name':'isoline'},'spec':{'controller':'isoline.io/x'}}");
    api.put(
        "endpointslices",
        "{'metadata':{'namespace':'default','name':'web-1',"
            + "'labels':{'kubernetes.io/service-name':'web'}},'addressType':'IPv4',"
            + "'endpoints':[{'addresses':['10.0.0.1']}],'ports':[{'port':8080}]}");
  }

  @Test
  void start_everythingThere_isSubmittedAtOnceAndThenLoaded() {
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertEquals(
          List.of(
              "EndpointSlice default/web-1",
              "Ingress default/web",
              "IngressClass isoline",
              "Service default/web"),
          fed.names());
      assertEquals(1, fed.loadedAfter());
      assertEquals(1, fed.batches().size());
      assertEquals(5, api.count(FakeApiServer.Request::isWatch), "a watch for each, and no list");
      assertEquals(5, api.requests().size());
    }
  }

  @Test
  void start_nothingThere_isLoaded() {
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertEquals(List.of(), fed.names());
    }
  }

  @Test
  void start_serverWithoutStreamingLists_isReadByLists() {
    api.withoutStreamingLists();
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertEquals(4, fed.names().size());
      api.put("services", service("more", 80));
      fed.await("the new one", () -> fed.has("Service default/more"));
      assertEquals(List.of(), fed.feed().problems());
    }
  }

  @Test
  void start_oneKindForbidden_nothingIsSubmittedUntilItIsAllowed() {
    putAll();
    api.fail(403, "services is forbidden", request -> request.plural().equals("services"));
    try (Fed fed = Fed.from(api)) {
      fed.await("tries", () -> fed.counted("failed Service list 403") > 5);
      assertEquals(List.of(), fed.batches());
      assertFalse(fed.feed().isSynced());
      assertEquals(
          List.of(
              "API server "
                  + api.url()
                  + " refuses: services is forbidden (403); grant get, list and watch on services"
                  + " with a ClusterRole"),
          fed.feed().problems());

      api.heal();
      fed.awaitLoaded();
      assertEquals(1, fed.batches().size());
      assertEquals(List.of(), fed.feed().problems());
    }
  }

  @Test
  void start_credentialsRefused_isOneProblemForAllKinds() {
    api.fail(401, "Unauthorized", request -> true);
    try (Fed fed = Fed.from(api)) {
      fed.await("tries", () -> fed.counted("failed Service list 401") > 3);
      fed.await("tries", () -> fed.counted("failed Ingress list 401") > 3);
      assertEquals(1, fed.feed().problems().size());
      assertTrue(
          fed.feed()
              .problems()
              .getFirst()
              .startsWith(
                  "API server "
                      + api.url()
                      + " does not accept the credentials from --server: Unauthorized"));
    }
  }

  @Test
  void start_somethingElseAnswers_isAProblemThatSaysSo() {
    api.fail(404, "", request -> true);
    try (Fed fed = Fed.from(api)) {
      fed.await("problems", () -> fed.feed().problems().size() == 5);
      assertTrue(
          fed.feed()
              .problems()
              .contains(
                  "API server " + api.url() + " does not list services: it answers 404"));
    }
  }

  @Test
  void events_ofEachKind_areSubmittedAsTheyCome() {
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.put("services", service("web", 80));
      fed.await("created", () -> fed.has("Service default/web"));
      api.put("services", service("web", 81));
      fed.await(
          "changed",
          () ->
              fed.object("Service default/web") instanceof ServiceRecord record
                  && record.ports().getFirst().number() == 81);
      api.delete("services", "default", "web");
      fed.await("deleted", () -> !fed.has("Service default/web"));
    }
  }

  @Test
  void event_aboutWhatNobodyReads_isNotSubmittedButRemembered() {
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      ObjectRef web = ObjectRef.ingress("default", "web");
      ObjectIdentity before = fed.identity(web);
      assertNotNull(before);
      assertEquals("networking.k8s.io/v1", before.apiVersion());

      api.put(
          "ingresses",
          ingress("web")
              .replaceFirst(
                  "}$",
                  ",'status':{'loadBalancer':{'ingress':[{'ip':'192.0.2.1'},{'hostname':'lb.x'}]}}}"));
      fed.await(
          "its identity",
          () ->
              List.of(new PublishedAddress("192.0.2.1", null), new PublishedAddress(null, "lb.x"))
                  .equals(addresses(fed.identity(web))));
      ObjectIdentity after = fed.identity(web);
      assertNotNull(after);
      assertEquals(before.uid(), after.uid());
      assertFalse(before.resourceVersion().equals(after.resourceVersion()));
      assertEquals(1, fed.batches().size());
    }
  }

  private static List<PublishedAddress> addresses(@Nullable ObjectIdentity of) {
    return of == null ? List.of() : of.addresses();
  }

  @Test
  void find_endpointSliceOrGone_isNull() {
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      assertNull(fed.identity(ObjectRef.endpointSlice("default", "web-1")));
      assertNotNull(fed.identity(ObjectRef.service("default", "web")));
      api.delete("services", "default", "web");
      fed.await("gone", () -> fed.identity(ObjectRef.service("default", "web")) == null);
    }
  }

  @Test
  void watch_ended_goesOnFromWhereItWas() {
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.endWatches();
      fed.await("again", () -> fed.counted("watch Service") > 0);
      api.put("services", service("more", 80));
      fed.await("the new one", () -> fed.has("Service default/more"));
      assertEquals(2, fed.batches().size());
      assertEquals(1, fed.counted("listed Service"));
      assertEquals(List.of(), fed.feed().problems());
    }
  }

  @Test
  void watch_versionTooOld_readsEverythingAndSubmitsTheDifference() {
    putAll();
    api.put("services", service("other", 80));
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.stop();
      api.delete("services", "default", "web");
      api.put("services", service("new", 80));
      api.forgetHistory();
      restart();
      fed.await("the difference", () -> fed.has("Service default/new"));
      assertFalse(fed.has("Service default/web"));
      fed.await("all is read", () -> fed.counted("listed Ingress") == 2);
      assertEquals(
          List.of(
              List.of(
                  "Upsert Service default/new",
                  "Delete Service default/web")),
          fed.batches().subList(1, fed.batches().size()).stream()
              .map(ClusterFeedTest::words)
              .toList());
    }
  }

  private void restart() {
    try {
      api.restart();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> words(List<Change> changes) {
    return changes.stream()
        .map(
            change ->
                switch (change) {
                  case Change.Upsert upsert -> "Upsert " + upsert.object().ref();
                  case Change.Delete delete -> "Delete " + delete.object();
                  case Change.Unreadable fault -> "Unreadable " + fault.object();
                  case Change.Configure _ -> "Configure";
                })
        .toList();
  }

  @Test
  void relist_withoutChange_submitsNothing() {
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.put("services", service("unrelated", 1));
      fed.await("it", () -> fed.has("Service default/unrelated"));
      api.forgetHistory();
      api.endWatches();
      fed.await("all again", () -> fed.counted("listed Ingress") == 2);
      fed.await("all again", () -> fed.counted("listed EndpointSlice") == 2);
      assertEquals(2, fed.batches().size());
    }
  }

  @Test
  void outage_nothingIsDeletedAndDeletionsMeanwhileAreSeenAfterwards() {
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.stop();
      fed.await("a problem", () -> !fed.feed().problems().isEmpty());
      assertEquals(
          List.of("API server " + api.url() + " cannot be reached"),
          fed.feed().problems().stream()
              .map(problem -> problem.substring(0, problem.lastIndexOf(": ")))
              .toList());
      assertEquals(4, fed.names().size());
      assertTrue(fed.feed().isSynced());

      api.delete("ingresses", "default", "web");
      restart();
      fed.await("the deletion", () -> !fed.has("Ingress default/web"));
      fed.await("no problem", () -> fed.feed().problems().isEmpty());
      assertEquals(2, fed.batches().size());
    }
  }

  @Test
  void silence_ofTheServer_endsTheWatchAndChangesNothing() {
    putAll();
    Timing impatient =
        new Timing(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Fed.SOON.firstRetry(),
            Fed.SOON.lastRetry(),
            Fed.SOON.optionalRetry(),
            Fed.SOON.hold());
    try (Fed fed = Fed.from(api, Scope.CLUSTER, impatient).awaitLoaded()) {
      api.freeze(request -> true);
      fed.await("a problem", () -> !fed.feed().problems().isEmpty());
      assertEquals(4, fed.names().size());
      api.put("services", service("more", 80));
      api.thaw();
      fed.await("the new one", () -> fed.has("Service default/more"));
    }
  }

  @Test
  void malformedObject_isUnreadableAndTheOthersGoOn() {
    putAll();
    api.put(
        "ingresses",
        "{'metadata':{'namespace':'default','name':'odd'},'spec':{'rules':{'host':'x'}}}");
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      Change.Unreadable fault = fed.unreadable("Ingress default/odd");
      assertNotNull(fault);
      assertTrue(
          fault.message().startsWith("does not fit the Kubernetes API: spec.rules"),
          fault::message);
      assertTrue(fed.has("Ingress default/web"));

      api.put("ingresses", ingress("odd"));
      fed.await("mended", () -> fed.has("Ingress default/odd"));
      assertNull(fed.unreadable("Ingress default/odd"));
    }
  }

  @Test
  void malformedEdit_leavesTheLastGoodVersion() {
    putAll();
    try (Fed fed = Fed.from(api).awaitLoaded()) {
      api.put("services", "{'metadata':{'namespace':'default','name':'web'},'spec':[]}");
      fed.await("the fault", () -> fed.unreadable("Service default/web") != null);
      assertInstanceOf(ServiceRecord.class, fed.object("Service default/web"));
      api.delete("services", "default", "web");
      fed.await("gone", () -> !fed.has("Service default/web"));
      assertNull(fed.unreadable("Service default/web"));
    }
  }

  @Test
  void close_endsAllWatches() {
    putAll();
    Fed fed = Fed.from(api).awaitLoaded();
    fed.close();
    api.put("services", service("late", 80));
    assertFalse(fed.has("Service default/late"));
  }
}
