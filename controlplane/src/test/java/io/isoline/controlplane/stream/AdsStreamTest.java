package io.isoline.controlplane.stream;

import static io.isoline.controlplane.stream.Conversation.LIMIT;
import static io.isoline.controlplane.stream.Conversation.show;
import static io.isoline.controlplane.stream.Resources.cluster;
import static io.isoline.controlplane.stream.Resources.dnsCluster;
import static io.isoline.controlplane.stream.Resources.endpoint;
import static io.isoline.controlplane.stream.Resources.key;
import static io.isoline.controlplane.stream.Resources.listener;
import static io.isoline.controlplane.stream.Resources.route;
import static io.isoline.controlplane.stream.Resources.secret;
import static io.isoline.translator.ResourceType.CLUSTER;
import static io.isoline.translator.ResourceType.ENDPOINT;
import static io.isoline.translator.ResourceType.EXTENSION;
import static io.isoline.translator.ResourceType.LISTENER;
import static io.isoline.translator.ResourceType.ROUTE;
import static io.isoline.translator.ResourceType.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of one stream, one by one. */
final class AdsStreamTest {

  /** A client that has a cluster with endpoints, a listener and a route, all acknowledged. */
  private static Conversation settled(Variant variant) {
    Conversation client =
        new Conversation(
            variant,
            cluster("a", "1"),
            endpoint("a", "1"),
            listener("l", "1", "r"),
            route("r", "1", "a"));
    client.ask(CLUSTER);
    client.ackOne();
    client.ask(ENDPOINT, "a");
    client.ackOne("a");
    client.ask(LISTENER);
    client.ackOne();
    client.ask(ROUTE, "r");
    client.ackOne("r");
    return client;
  }

  @Nested
  class Loading {

    @ParameterizedTest
    @EnumSource
    void request_beforeTheStoreIsLoaded_isAnsweredOnceItIs(Variant variant) {
      Conversation client = new Conversation(variant);
      client.ask(CLUSTER);
      client.put(dnsCluster("a", "1"));
      assertEquals(List.of(), client.take());
      client.store.markLoaded();
      assertEquals("CLUSTER a@1", show(client.takeOne()));
    }

    @ParameterizedTest
    @EnumSource
    void wildcard_emptyStore_isAnsweredWithNothingAtOnce(Variant variant) {
      Conversation client = new Conversation(variant);
      client.store.markLoaded();
      client.ask(CLUSTER);
      assertEquals("CLUSTER", show(client.ackOne()));
      assertEquals(List.of(), client.take());
    }
  }

  @Nested
  class Subscribing {

    @ParameterizedTest
    @EnumSource
    void request_explicitWildcard_getsEverything(Variant variant) {
      Conversation client = new Conversation(variant, endpoint("a", "1"), endpoint("b", "1"));
      client.ask(ENDPOINT, "*");
      assertEquals("ENDPOINT a@1 b@1", show(client.takeOne()));
    }

    @Test
    void emptyFirstRequest_ofEndpoints_isNoWildcard() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
      client.ask(ENDPOINT);
      assertEquals(List.of(), client.take());
    }

    @Test
    void sotw_namesAfterTheOldWildcard_endIt() {
      Conversation client =
          new Conversation(Variant.SOTW, dnsCluster("a", "1"), dnsCluster("b", "1"));
      client.ask(CLUSTER);
      client.ack(client.takeOne(), "a");
      client.put(dnsCluster("b", "2"));
      assertEquals(List.of(), client.take());
      client.put(dnsCluster("a", "2"));
      assertEquals("CLUSTER a@2", show(client.takeOne()));
    }

    @Test
    void delta_nameSubscribedAgain_isSentThoughUnchanged() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
      client.ask(ENDPOINT, "a");
      client.ackOne();
      client.ask(ENDPOINT, "a");
      assertEquals("ENDPOINT a@1", show(client.takeOne()));
    }

    @Test
    void delta_nameUnsubscribed_isNotSentAnyMore() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
      client.ask(ENDPOINT, "a");
      client.ackOne();
      client.unsubscribe(ENDPOINT, "a");
      client.put(endpoint("a", "2"));
      assertEquals(List.of(), client.take());
    }

    @Test
    void delta_nameUnsubscribedUnderTheWildcard_isSentSoThatTheClientKnows() {
      Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
      client.ask(CLUSTER, "*", "a");
      client.ackOne();
      client.unsubscribe(CLUSTER, "a");
      assertEquals("CLUSTER a@1", show(client.takeOne()));
    }

    @ParameterizedTest
    @EnumSource
    void request_whileAResponseIsUnacknowledged_isAnsweredAfterwards(Variant variant) {
      Conversation client = new Conversation(variant, endpoint("a", "1"), endpoint("b", "1"));
      client.ask(ENDPOINT, "a");
      AdsResponse first = client.takeOne();
      client.ask(ENDPOINT, "a", "b");
      assertEquals(List.of(), client.take());
      client.ack(first, "a", "b");
      String second = show(client.takeOne());
      assertTrue(second.contains("b@1"), second);
    }

    @Test
    void changes_whileAResponseIsUnacknowledged_becomeOne() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
      client.ask(ENDPOINT, "a");
      AdsResponse first = client.takeOne();
      client.put(endpoint("a", "2"));
      client.put(endpoint("a", "3"));
      assertEquals(List.of(), client.take());
      client.ack(first);
      assertEquals("ENDPOINT a@3", show(client.takeOne()));
    }

    @Test
    void request_tooManyNames_isRefused() {
      Conversation client = new Conversation(Variant.DELTA, 2, endpoint("a", "1"));
      assertThrows(AdsStream.TooManyNames.class, () -> client.ask(ENDPOINT, "x", "y", "z"));
    }
  }

  @Nested
  class ComingBack {

    @Test
    void sotw_sameVersionOfEverything_getsItAgain() {
      Conversation before = new Conversation(Variant.SOTW, dnsCluster("a", "1"));
      before.ask(CLUSTER);
      String version = before.ackOne().version();
      Conversation after = new Conversation(Variant.SOTW, dnsCluster("a", "1"));
      after.request(Conversation.request(CLUSTER, "", null, new SotwInterest(List.of(), version)));
      assertFalse(after.stream.isProgrammed(key(CLUSTER, "a"), "1"));
      assertEquals(List.of(dnsCluster("a", "1")), after.ackOne().resources());
      assertTrue(after.stream.isProgrammed(key(CLUSTER, "a"), "1"));
    }

    @Test
    void delta_removalOfAHeldCluster_waitsForWhatTheClientHoldsOfRoutes() {
      Conversation client =
          new Conversation(
              Variant.DELTA,
              listener("l", "1", "r"),
              route("r", "2", "new"),
              dnsCluster("new", "1"));
      client.resume(CLUSTER, Map.of("old", "1"));
      assertEquals("CLUSTER new@1", show(client.ackOne()));
      client.resume(LISTENER, Map.of("l", "1"));
      assertEquals(List.of(), client.take());
      client.resume(ROUTE, Map.of("r", "1"), "r");
      assertEquals("ROUTE r@2", show(client.ackOne()));
      assertEquals("CLUSTER -old", show(client.takeOne()));
    }

    @Test
    void delta_removalOfAHeldCluster_doesNotWaitForEver() {
      Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
      client.resume(CLUSTER, Map.of("a", "1", "old", "1"));
      assertEquals(List.of(), client.take());
      client.elapse(client.deadline().orElseThrow());
      assertEquals("CLUSTER -old", show(client.takeOne()));
    }
  }

  @Nested
  class Ordering {

    @Test
    void swap_delta_goesClusterEndpointsRouteRemoval() {
      Conversation client = settled(Variant.DELTA);
      client.store.apply(
          List.of(cluster("b", "1"), endpoint("b", "1"), route("r", "2", "b")),
          Set.of(key(CLUSTER, "a"), key(ENDPOINT, "a")));
      AdsResponse clusters = client.takeOne();
      assertEquals("CLUSTER b@1", show(clusters));
      client.ask(ENDPOINT, "b");
      AdsResponse endpoints = client.takeOne();
      assertEquals("ENDPOINT b@1", show(endpoints));
      client.ack(clusters);
      assertEquals(List.of(), client.take(), "routes wait for the cluster to be warm");
      client.ack(endpoints);
      assertEquals("ROUTE r@2", show(client.ackOne()));
      assertEquals("CLUSTER -a", show(client.ackOne()));
    }

    @Test
    void swap_sotw_sendsTheUnionFirst() {
      Conversation client = settled(Variant.SOTW);
      client.store.apply(
          List.of(cluster("b", "1"), endpoint("b", "1"), route("r", "2", "b")),
          Set.of(key(CLUSTER, "a"), key(ENDPOINT, "a")));
      assertEquals("CLUSTER a@1 b@1", show(client.ackOne()));
      client.ask(ENDPOINT, "a", "b");
      client.ackOne("a", "b");
      assertEquals("ROUTE r@2", show(client.ackOne("r")));
      assertEquals("CLUSTER b@1", show(client.takeOne()));
    }

    @Test
    void changedCluster_itsEndpointsAreSentAgainWithoutBeingAskedFor() {
      Conversation client = settled(Variant.DELTA);
      client.put(cluster("a", "2"));
      assertEquals(List.of("CLUSTER a@2", "ENDPOINT a@1"), client.showAll());
    }

    @Test
    void endpointsAndSecrets_doNotWaitForRoutes() {
      Conversation client = settled(Variant.DELTA);
      client.put(secret("s", "1"));
      client.ask(SECRET, "s");
      client.ackOne();
      client.put(route("r", "2", "a"));
      client.take(); // never acknowledged
      client.put(endpoint("a", "2"), secret("s", "2"));
      assertEquals(List.of("ENDPOINT a@2", "SECRET s@2"), client.showAll());
    }

    @Test
    void clusterThatNeverGetsWarm_holdsRoutesUpToTheLimit() {
      Conversation client = settled(Variant.DELTA);
      client.put(cluster("b", "1"), endpoint("b", "1"), route("r", "2", "b"));
      client.ackOne();
      client.elapse(LIMIT - 1);
      assertEquals(List.of(), client.take());
      client.elapse(1);
      assertEquals("ROUTE r@2", show(client.takeOne()));
    }

    @Test
    void clustersThatAreNeverAcknowledged_holdRoutesUpToTheLimit() {
      Conversation client = settled(Variant.DELTA);
      client.put(dnsCluster("b", "1"), route("r", "2", "b"));
      assertEquals("CLUSTER b@1", show(client.takeOne()));
      client.elapse(LIMIT);
      assertEquals("ROUTE r@2", show(client.takeOne()));
    }

    @Test
    void routesThatAreNeverAcknowledged_holdRemovalsUpToTheLimit() {
      Conversation client = settled(Variant.DELTA);
      client.put(route("r", "2", "b"));
      assertEquals("ROUTE r@2", show(client.takeOne()));
      client.remove(CLUSTER, "a");
      assertEquals(List.of(), client.take());
      client.elapse(client.deadline().orElseThrow() - client.now);
      assertEquals("CLUSTER -a", show(client.takeOne()));
    }

    /** A client that serves by what there was before, when the gate is new. */
    private static Conversation withAGate(String version) {
      Conversation client = settled(Variant.DELTA);
      client.put(extension("e", "1"));
      client.ask(EXTENSION, "e");
      client.ackOne();
      client.put(gate(version), extension("e", "2"), listener("l", "2", "r"));
      return client;
    }

    private static Resource gate(String version) {
      return route(Resource.GATE.name(), version);
    }

    private static Resource extension(String name, String version) {
      return Resources.resource(EXTENSION, name, version);
    }

    @Test
    void gate_goesBeforeTheListenersAndExtensionsThatNeedIt() {
      Conversation client = withAGate("1");
      assertEquals(List.of(), client.take());
      client.ask(ROUTE, Resource.GATE.name());
      AdsResponse gate = client.takeOne();
      assertEquals("ROUTE isoline.gate@1", show(gate));
      client.ack(gate);
      assertEquals(List.of("LISTENER l@2", "EXTENSION e@2"), client.showAll());
    }

    @Test
    void gate_refusedOrNeverAcknowledged_holdsNothingUpForLong() {
      Conversation refusing = withAGate("1");
      refusing.ask(ROUTE, Resource.GATE.name());
      refusing.nack(refusing.takeOne(), "no");
      assertEquals(List.of("LISTENER l@2", "EXTENSION e@2"), refusing.showAll());

      Conversation silent = withAGate("1");
      silent.elapse(silent.deadline().orElseThrow() - silent.now);
      assertEquals(List.of("LISTENER l@2", "EXTENSION e@2"), silent.showAll());
    }

    @Test
    void gate_ofAClientThatHasNothing_isAskedForByTheListener() {
      Conversation client =
          new Conversation(
              Variant.DELTA, gate("1"), listener("l", "1", "r"), extension("e", "1"));
      client.ask(LISTENER);
      assertEquals("LISTENER l@1", show(client.takeOne()));
      client.ask(EXTENSION, "e");
      assertEquals("EXTENSION e@1", show(client.takeOne()));
    }

    @Test
    void clusterWithoutEndpointsInTheStore_holdsNothingUp() {
      Conversation client = settled(Variant.DELTA);
      client.put(dnsCluster("b", "1"), route("r", "2", "b"));
      client.ackOne();
      assertEquals("ROUTE r@2", show(client.takeOne()));
    }

    @Test
    void clientWithoutEndpoints_getsItsFirstListenersAtOnce() {
      Conversation client =
          new Conversation(
              Variant.DELTA, cluster("a", "1"), endpoint("a", "1"), listener("l", "1"));
      client.ask(CLUSTER);
      client.ask(LISTENER);
      assertEquals("CLUSTER a@1", show(client.ackOne()));
      assertEquals("LISTENER l@1", show(client.takeOne()));
    }

    @Test
    void refusedCluster_releasesTheRoutes() {
      Conversation client = settled(Variant.DELTA);
      client.put(cluster("b", "bad"), endpoint("b", "1"), route("r", "2", "a"));
      client.nack(client.takeOne(), "no");
      assertEquals("ROUTE r@2", show(client.takeOne()));
    }

    @Test
    void settled_needsNoTimer() {
      assertFalse(settled(Variant.DELTA).deadline().isPresent());
      assertFalse(settled(Variant.SOTW).deadline().isPresent());
    }
  }

  @Nested
  class Refusing {

    @Test
    void nack_oneOfMany_theRestGoesThroughAndTheCulpritIsTold() {
      Resource[] all = new Resource[16];
      for (int i = 0; i < all.length; i++) {
        all[i] = dnsCluster("c" + i, i == 11 ? "bad" : "1");
      }
      Conversation client = new Conversation(Variant.DELTA, all);
      client.ask(CLUSTER);
      int responses = 0;
      for (List<AdsResponse> inbox = client.take(); !inbox.isEmpty(); inbox = client.take()) {
        responses++;
        AdsResponse response = inbox.getFirst();
        if (response.resources().stream().anyMatch(Resources::isBad)) {
          client.nack(response, "Proto constraint validation failed");
        } else {
          client.ack(response);
        }
      }
      assertEquals(9, responses, "1 + 2 log2 16");
      assertTrue(
          client.events.contains("rejected CLUSTER c11 @bad: Proto constraint validation failed"));
      for (int i = 0; i < all.length; i++) {
        assertEquals(i != 11, client.stream.isProgrammed(all[i].key(), "1"));
      }
      assertTrue(client.stream.isRejected(key(CLUSTER, "c11")));
    }

    @Test
    void nack_sotw_keepsThePreviousGoodVersionInTheSet() {
      Conversation client = new Conversation(Variant.SOTW, dnsCluster("a", "1"));
      client.ask(CLUSTER);
      client.ackOne();
      client.put(dnsCluster("a", "bad"));
      client.nack(client.takeOne(), "no");
      client.put(dnsCluster("b", "1"));
      assertEquals("CLUSTER a@1 b@1", show(client.takeOne()));
    }

    @Test
    void rejected_subscribedAgain_isSentAgain() {
      Conversation client = new Conversation(Variant.DELTA, route("r", "bad"));
      client.ask(ROUTE, "r");
      client.nack(client.takeOne(), "no");
      client.ask(ROUTE, "r");
      assertEquals("ROUTE r@bad", show(client.takeOne()));
    }

    /** Envoy says so when nothing of it uses the type any more. */
    @Test
    void sotw_answerWithTheVersionOfBefore_isNoneAndHoldsNothingUp() {
      Conversation client = new Conversation(Variant.SOTW, endpoint("a", "1"), endpoint("b", "1"));
      client.ask(ENDPOINT, "a");
      String before = client.ackOne("a").version();
      client.put(endpoint("a", "2"));
      AdsResponse passed = client.takeOne();
      client.request(
          Conversation.request(
              ENDPOINT, passed.nonce(), null, new SotwInterest(List.of("b"), before)));
      assertFalse(client.stream.isProgrammed(key(ENDPOINT, "a"), "2"));
      assertEquals("ENDPOINT b@1", show(client.ackOne("b")));
    }

    /** The client knows nothing any more of what it gave up, and waits for an answer. */
    @Test
    void rejected_givenUpAndSubscribedAgain_isSentAgain() {
      Conversation client = new Conversation(Variant.DELTA, route("r", "bad"));
      client.ask(ROUTE, "r");
      client.nack(client.takeOne(), "no");
      client.unsubscribe(ROUTE, "r");
      client.ask(ROUTE, "r");
      assertEquals("ROUTE r@bad", show(client.takeOne()));
    }

    @ParameterizedTest
    @EnumSource
    void rejectedRoute_keepsTheClusterOfItsLastGoodVersion(Variant variant) {
      Conversation client = settled(variant);
      client.put(dnsCluster("unrelated", "1"));
      client.ackOne();
      client.store.apply(
          List.of(route("r", "bad", "b")), Set.of(key(CLUSTER, "a"), key(ENDPOINT, "a")));
      client.nack(client.takeOne(), "no", "r");
      assertEquals(List.of(), client.take());
      client.remove(CLUSTER, "unrelated");
      assertEquals(
          variant == Variant.DELTA ? "CLUSTER -unrelated" : "CLUSTER a@1", show(client.ackOne()));
      client.put(route("r", "3", "b"));
      assertEquals("ROUTE r@3", show(client.ackOne("r")));
      assertEquals(variant == Variant.DELTA ? "CLUSTER -a" : "CLUSTER", show(client.takeOne()));
    }
  }

  @Test
  void events_ofAStream_areTold() {
    Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
    client.ask(CLUSTER);
    client.ackOne();
    client.stream.closed();
    assertEquals(
        List.of("opened envoy-1 envoy 1.40.0", "acknowledged CLUSTER {a=1} -[]", "closed envoy-1"),
        client.events);
  }

  @Test
  void unknownType_delta_namesAreAnsweredWithTheirRemoval() {
    Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
    client.request(
        new AdsRequest(
            "type.googleapis.com/envoy.service.runtime.v3.Runtime",
            "",
            null,
            null,
            new DeltaInterest(List.of("layer"), List.of(), Map.of())));
    assertEquals(List.of("layer"), client.takeOne().removed());
  }
}
