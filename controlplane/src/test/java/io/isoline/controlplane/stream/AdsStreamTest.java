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
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.controlplane.stream.AdsRequest.SotwInterest;
import io.isoline.translator.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
    void sotw_nameOfAClusterThatDoesNotExist_isAnsweredWithoutIt() {
      Conversation client =
          new Conversation(Variant.SOTW, dnsCluster("a", "1"), endpoint("e", "1"));
      client.ask(CLUSTER, "a");
      client.ackOne("a");
      client.ask(CLUSTER, "a", "gone");
      assertEquals("CLUSTER a@1", show(client.ackOne("a", "gone")));
      client.ask(ENDPOINT, "e");
      client.ackOne("e");
      client.ask(ENDPOINT, "e", "gone");
      assertEquals(List.of(), client.take(), "of endpoints none need to be told");
    }

    @Test
    void sotw_version_isThatOfWhatTheClientHolds() {
      Conversation client = new Conversation(Variant.SOTW, dnsCluster("a", "1"));
      client.ask(CLUSTER);
      String first = client.ackOne().version();
      client.put(dnsCluster("a", "2"));
      String second = client.ackOne().version();
      client.put(dnsCluster("a", "1"));
      String third = client.ackOne().version();
      assertEquals(32, first.length());
      assertNotEquals(first, second);
      assertEquals(first, third);
    }

    @Test
    void delta_version_isThatOfTheStore() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"), endpoint("b", "1"));
      client.ask(ENDPOINT, "a");
      assertEquals(client.store.version(ENDPOINT), client.ackOne().version());
    }

    @Test
    void isSubscribed_byNameAndByWildcard() {
      Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
      client.ask(CLUSTER);
      client.ask(ENDPOINT, "a");
      assertTrue(client.stream.isSubscribed(key(CLUSTER, "other")));
      assertTrue(client.stream.isSubscribed(key(ENDPOINT, "a")));
      assertFalse(client.stream.isSubscribed(key(ENDPOINT, "b")));
    }

    @Test
    void isAcknowledged_anyOfTheVersionsThatWasTakenLast() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
      client.ask(ENDPOINT, "a");
      assertFalse(client.stream.isAcknowledged(key(ENDPOINT, "a"), Set.of("1")));
      client.ackOne();
      assertTrue(client.stream.isAcknowledged(key(ENDPOINT, "a"), Set.of("0", "1")));
      assertFalse(client.stream.isAcknowledged(key(ENDPOINT, "a"), Set.of("2")));
      assertFalse(client.stream.isAcknowledged(key(ENDPOINT, "b"), Set.of("1")));
    }

    @Test
    void isProgrammed_noVersion_whenTheClientHoldsNone() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
      assertTrue(client.stream.isProgrammed(key(ENDPOINT, "a"), null));
      client.ask(ENDPOINT, "a");
      assertFalse(client.stream.isProgrammed(key(ENDPOINT, "a"), null));
      client.ackOne();
      client.remove(ENDPOINT, "a");
      assertFalse(client.stream.isProgrammed(key(ENDPOINT, "a"), null));
      client.ackOne();
      assertTrue(client.stream.isProgrammed(key(ENDPOINT, "a"), null));
    }

    @Test
    void bytes_namesThatTheStoreLacks_countTwiceAndTheirCharactersToo() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("known", "1"));
      client.ask(ENDPOINT, "known");
      long before = client.stream.bytes();
      client.ask(ENDPOINT, "x".repeat(100));
      assertEquals(StreamMemory.bytes(2, 100), client.stream.bytes() - before);
      client.unsubscribe(ENDPOINT, "x".repeat(100));
      assertEquals(before, client.stream.bytes());
    }

    @Test
    void bytes_nameThatTheClientHolds_countsOnceMore() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("known", "1"));
      long before = client.stream.bytes();
      client.ask(ENDPOINT, "known");
      // With the client's description of itself: the first request has it.
      long named = StreamMemory.bytes(0, "envoy-1edgeenvoy 1.40.0".length());
      assertEquals(named + StreamMemory.bytes(2, 0), client.stream.bytes() - before);
    }

    @Test
    void bytes_versionThatASotwClientCameWith_counts() {
      long without = bytesAfter(new SotwInterest(List.of(), ""));
      long with = bytesAfter(new SotwInterest(List.of(), "v".repeat(40)));
      assertEquals(StreamMemory.bytes(0, 40), with - without);
    }

    private static long bytesAfter(SotwInterest interest) {
      Conversation client = new Conversation(Variant.SOTW, dnsCluster("a", "1"));
      client.request(Conversation.request(CLUSTER, "", null, interest));
      return client.stream.bytes();
    }

    @Test
    void request_namesTooLong_areRefused() {
      Conversation client = new Conversation(Variant.DELTA, 2, endpoint("a", "1"));
      int most = 2 * AdsStream.AVERAGE_NAME;
      client.ask(ENDPOINT, "x".repeat(most));
      assertThrows(AdsStream.TooManyNames.class, () -> client.ask(ENDPOINT, "y"));
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
    void delta_resourcesThatTheClientNoLongerWants_areForgotten() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "2"), endpoint("b", "2"));
      client.resume(ENDPOINT, Map.of("a", "1", "b", "1"), "a");
      assertEquals("ENDPOINT a@2", show(client.ackOne()));
      client.put(endpoint("b", "3"));
      assertEquals(List.of(), client.take());
      assertTrue(client.stream.isProgrammed(key(ENDPOINT, "b"), null));
    }

    @Test
    void delta_currentVersion_isNotSentAgain() {
      Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
      client.resume(ENDPOINT, Map.of("a", "1"), "a");
      assertEquals(List.of(), client.take());
      assertTrue(client.stream.isProgrammed(key(ENDPOINT, "a"), "1"));
    }

    @Test
    void delta_removalOfAHeldCluster_doesNotWaitForEver() {
      Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
      client.resume(CLUSTER, Map.of("a", "1", "old", "1"));
      assertEquals(List.of(), client.take());
      assertEquals(LIMIT, client.untilDeadline());
      client.elapse(LIMIT / 4);
      assertEquals(LIMIT - LIMIT / 4, client.untilDeadline());
      client.elapse(client.untilDeadline());
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
    void clustersThatKeepComing_holdRoutesUpToTheLimit() {
      Conversation client = settled(Variant.DELTA);
      client.put(cluster("b", "1"), endpoint("b", "1"), route("r", "2", "b"));
      client.ackOne();
      client.elapse(LIMIT / 2);
      client.put(cluster("c", "1"), endpoint("c", "1"));
      client.ackOne();
      client.ask(ENDPOINT, "b");
      client.ackOne();
      assertEquals(LIMIT / 2, client.untilDeadline());
      client.elapse(LIMIT / 2 - 1);
      assertEquals(List.of(), client.take());
      client.elapse(1);
      assertEquals("ROUTE r@2", show(client.ackOne()), "though c is not warm");
      client.put(route("r", "3", "c"));
      assertEquals(LIMIT / 2, client.untilDeadline());
      assertEquals(List.of(), client.take(), "what comes later is held anew");
      client.elapse(LIMIT / 2);
      assertEquals("ROUTE r@3", show(client.takeOne()));
    }

    @Test
    void clientThatNeverAsksForEndpoints_waitsForThemOnce() {
      Conversation client =
          new Conversation(
              Variant.DELTA, dnsCluster("a", "1"), listener("l", "1", "r"), route("r", "1", "a"));
      client.ask(CLUSTER);
      client.ackOne();
      client.ask(LISTENER);
      client.ackOne();
      client.ask(ROUTE, "r");
      client.ackOne();
      client.put(cluster("b", "1"), endpoint("b", "1"), route("r", "2", "b"));
      assertEquals("CLUSTER b@1", show(client.ackOne()));
      client.elapse(LIMIT - 1);
      assertEquals(List.of(), client.take());
      client.elapse(1);
      assertEquals("ROUTE r@2", show(client.ackOne()));
      client.put(cluster("c", "1"), endpoint("c", "1"), route("r", "3", "c"));
      assertEquals("CLUSTER c@1", show(client.ackOne()));
      assertEquals("ROUTE r@3", show(client.takeOne()));
    }

    @Test
    void deadline_ofWhatIsHeld_isTheEndOfTheWait() {
      Conversation client = settled(Variant.DELTA);
      client.elapse(10 * LIMIT);
      client.put(dnsCluster("b", "1"), route("r", "2", "b"));
      assertEquals(LIMIT, client.untilDeadline());
      client.elapse(LIMIT / 4);
      assertEquals(LIMIT - LIMIT / 4, client.untilDeadline());
    }

    @Test
    void changesThatKeepComing_holdRemovalsUpToTwiceTheLimit() {
      Conversation client = settled(Variant.DELTA);
      client.put(secret("s", "1"));
      client.ask(SECRET, "s");
      client.ackOne();
      client.elapse(10 * LIMIT);
      client.put(listener("l", "2", "r"));
      client.remove(CLUSTER, "a");
      assertEquals(List.of("LISTENER l@2"), client.showAll(), "never acknowledged");
      assertEquals(LIMIT, client.untilDeadline());
      client.elapse(LIMIT * 9 / 10);
      client.put(route("r", "2", "b"));
      assertEquals(List.of("ROUTE r@2"), client.showAll(), "never acknowledged");
      client.elapse(LIMIT * 9 / 10);
      client.put(secret("s", "2"));
      assertEquals(List.of("SECRET s@2"), client.showAll(), "never acknowledged");
      client.elapse(LIMIT * 15 / 100);
      assertEquals(LIMIT * 5 / 100, client.untilDeadline());
      client.elapse(LIMIT * 5 / 100 - 1);
      assertEquals(List.of(), client.take());
      client.elapse(1);
      assertEquals("CLUSTER -a", show(client.takeOne()));
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
      client.elapse(client.untilDeadline());
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
  void traffic_ofAStream_isTold() {
    Conversation client = new Conversation(Variant.DELTA, route("r", "bad"));
    client.ask(ROUTE, "r");
    client.nack(client.takeOne(), "no");
    assertEquals(
        List.of(
            "requested",
            "sent ROUTE 1 of " + route("r", "bad").bytes() + " bytes",
            "refused ROUTE",
            "requested"),
        client.traffic);
  }

  @Test
  void unknownType_delta_namesAreAnsweredWithTheirRemoval() {
    Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
    client.request(unknown("", new DeltaInterest(List.of("layer"), List.of(), Map.of())));
    assertEquals(List.of("layer"), client.takeOne().removed());
  }

  @Test
  void unknownType_delta_wildcardIsNoName() {
    Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
    client.request(unknown("", new DeltaInterest(List.of("*", "layer"), List.of(), Map.of())));
    assertEquals(List.of("layer"), client.takeOne().removed());
  }

  @ParameterizedTest
  @EnumSource
  void unknownType_answered_isNotAnsweredAgain(Variant variant) {
    Conversation client = new Conversation(variant, dnsCluster("a", "1"));
    AdsRequest.Interest nothing =
        variant == Variant.DELTA
            ? new DeltaInterest(List.of(), List.of(), Map.of())
            : new SotwInterest(List.of(), "");
    client.request(unknown("", nothing));
    AdsResponse first = client.takeOne();
    assertEquals(List.of(), first.resources());
    client.request(unknown(first.nonce(), nothing));
    assertEquals(List.of(), client.take());
    client.ask(CLUSTER);
    assertNotEquals(first.nonce(), client.takeOne().nonce());
  }

  private static AdsRequest unknown(String nonce, AdsRequest.Interest interest) {
    return new AdsRequest(
        "type.googleapis.com/envoy.service.runtime.v3.Runtime", nonce, null, null, interest);
  }

  @Nested
  class Describing {

    @ParameterizedTest
    @EnumSource
    void info_isWhatTheFirstRequestSays(Variant variant) {
      Conversation client = new Conversation(variant, dnsCluster("a", "1"));
      assertEquals("stream 7 from peer", client.stream.toString());
      client.ask(CLUSTER);
      assertEquals(
          new StreamInfo(
              7, "peer", variant == Variant.DELTA, "envoy-1", "edge", "envoy 1.40.0"),
          client.stream.info());
      assertEquals("Envoy envoy-1 at peer (stream 7)", client.stream.toString());
    }

    @ParameterizedTest
    @EnumSource
    void info_ofAClientWithoutANode_isEmpty(Variant variant) {
      Conversation client = new Conversation(variant, dnsCluster("a", "1"));
      client.request(
          new AdsRequest(
              CLUSTER.typeUrl(),
              "",
              null,
              null,
              variant == Variant.DELTA
                  ? new DeltaInterest(List.of(), List.of(), Map.of())
                  : new SotwInterest(List.of(), "")));
      assertEquals(
          new StreamInfo(7, "peer", variant == Variant.DELTA, "", "", ""), client.stream.info());
    }

    @Test
    void isProxy_onceItAskedForListeners() {
      Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
      client.ask(CLUSTER);
      assertFalse(client.stream.isProxy());
      client.ask(LISTENER);
      assertTrue(client.stream.isProxy());
    }

    @Test
    void unansweredSince_theOldestResponseWithoutAnAnswer() {
      Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"), secret("s", "1"));
      assertEquals(OptionalLong.empty(), client.stream.unansweredSince());
      client.ask(SECRET, "s");
      long first = client.now;
      AdsResponse secrets = client.takeOne();
      client.elapse(10);
      client.ask(CLUSTER);
      AdsResponse clusters = client.takeOne();
      assertEquals(OptionalLong.of(first), client.stream.unansweredSince());
      client.ack(secrets);
      assertEquals(OptionalLong.of(first + 10), client.stream.unansweredSince());
      client.put(secret("s", "2"));
      client.elapse(10);
      assertEquals(OptionalLong.of(first + 10), client.stream.unansweredSince());
      client.ack(clusters);
      assertEquals(OptionalLong.of(first + 10), client.stream.unansweredSince(), "the next Secret");
    }

    @Test
    void isRejected_ofAClusterThatIsGoneAndStaysForARefusedRoute() {
      Conversation client = settled(Variant.DELTA);
      assertFalse(client.stream.isRejected(key(CLUSTER, "a")));
      client.put(route("r", "bad", "b"));
      client.nack(client.takeOne(), "no");
      assertFalse(client.stream.isRejected(key(CLUSTER, "a")), "it is not gone");
      client.remove(CLUSTER, "a");
      assertTrue(client.stream.isRejected(key(CLUSTER, "a")));
      client.put(route("r", "3", "b"));
      client.ackOne();
      assertFalse(client.stream.isRejected(key(CLUSTER, "a")));
    }
  }

  @Nested
  class Memory {
    private final List<Long> asked = new ArrayList<>();
    private long most = Long.MAX_VALUE;
    private final ResourceStore store = new ResourceStore();
    private final AdsStream stream =
        new AdsStream(7, "peer", Variant.DELTA, store, StreamEvents.NONE, LIMIT, 100, this::may);

    private boolean may(AdsStream asking) {
      asked.add(asking.bytes());
      return asking.bytes() <= most;
    }

    private void request(String name) {
      stream.request(
          Conversation.request(
              ENDPOINT, "", null, new DeltaInterest(List.of(name), List.of(), Map.of())),
          0);
    }

    @Test
    void requests_beforeTheStoreIsLoaded_countUntilItIs() {
      request("a");
      long one = stream.bytes();
      request("b".repeat(50));
      assertEquals(StreamMemory.bytes(1, 50), stream.bytes() - one);
      assertEquals(List.of(one, stream.bytes()), asked);
      store.markLoaded();
      stream.loaded(0);
      // Each name twice, as the store has neither.
      assertEquals(
          one - StreamMemory.bytes(1, 1) + StreamMemory.bytes(4, 51), stream.bytes());
    }

    @Test
    void request_beforeTheStoreIsLoaded_thatTakesTooMuch_isRefused() {
      request("a");
      most = stream.bytes();
      assertThrows(AdsStream.TooManyNames.class, () -> request("b"));
    }

    @Test
    void request_thatTakesTooMuch_isRefusedAndSaysHowMuch() {
      store.markLoaded();
      request("a");
      most = stream.bytes();
      AdsStream.TooManyNames refused =
          assertThrows(AdsStream.TooManyNames.class, () -> request("b".repeat(2000)));
      String words = String.valueOf(refused.getMessage());
      assertTrue(words.startsWith(stream + " takes " + (stream.bytes() / 1024) + " kB"), words);
    }
  }
}
