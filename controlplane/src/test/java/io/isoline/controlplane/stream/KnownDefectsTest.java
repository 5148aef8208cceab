package io.isoline.controlplane.stream;

import static io.isoline.controlplane.stream.Resources.cluster;
import static io.isoline.controlplane.stream.Resources.dnsCluster;
import static io.isoline.controlplane.stream.Resources.endpoint;
import static io.isoline.controlplane.stream.Resources.listener;
import static io.isoline.controlplane.stream.Resources.route;
import static io.isoline.translator.ResourceType.CLUSTER;
import static io.isoline.translator.ResourceType.ENDPOINT;
import static io.isoline.translator.ResourceType.LISTENER;
import static io.isoline.translator.ResourceType.ROUTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.stream.AdsRequest.ClientNode;
import io.isoline.controlplane.stream.AdsRequest.DeltaInterest;
import io.isoline.translator.Resource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The defects that were found in the usual control plane library's cache, by the numbers in
 * docs/architecture.md. None of them may be here.
 */
final class KnownDefectsTest {

  @Test
  void defect1_sotwWithOneMissingName_answersTheOthersAndFollowsThem() {
    Conversation sotw = new Conversation(Variant.SOTW, endpoint("a", "1"));
    sotw.ask(ENDPOINT, "a", "missing");
    assertEquals("ENDPOINT a@1", Conversation.show(sotw.ackOne("a", "missing")));
    sotw.put(endpoint("a", "2"));
    assertEquals("ENDPOINT a@2", Conversation.show(sotw.ackOne("a", "missing")));
    sotw.put(endpoint("missing", "1"));
    assertEquals("ENDPOINT missing@1", Conversation.show(sotw.takeOne()));
  }

  @ParameterizedTest
  @EnumSource
  void defect2_nack_isNotAnsweredWithTheSameResponse(Variant variant) {
    Conversation client = new Conversation(variant, route("r", "bad", "c"));
    client.ask(ROUTE, "r");
    client.nack(client.takeOne(), "no", "r");
    assertEquals(List.of(), client.take());
    client.elapse(10 * Conversation.LIMIT);
    assertEquals(List.of(), client.take());
    client.put(route("r", "2", "c"));
    assertEquals("ROUTE r@2", Conversation.show(client.takeOne()));
  }

  @Test
  void defect3_initialVersions_removeWhatIsGoneAndDoNotRepeatWhatIsHeld() {
    Conversation client =
        new Conversation(Variant.DELTA, dnsCluster("same", "1"), dnsCluster("other", "2"));
    client.resume(CLUSTER, Map.of("same", "1", "other", "1", "gone", "1"));
    assertEquals("CLUSTER other@2", Conversation.show(client.ackOne()));
    client.ask(LISTENER);
    client.ack(client.takeOne());
    client.ask(ROUTE);
    assertEquals("CLUSTER -gone", Conversation.show(client.takeOne()));
  }

  @Test
  void defect4_partialNack_whatWasTakenIsRemovedLater() {
    Conversation client =
        new Conversation(Variant.DELTA, dnsCluster("good", "1"), dnsCluster("evil", "1"));
    client.ask(CLUSTER);
    client.nack(client.takeOne(), "Error adding/updating cluster(s) evil: no");
    client.ackOne(); // good, alone
    client.nack(client.takeOne(), "no"); // evil, alone
    client.remove(CLUSTER, "good");
    assertEquals("CLUSTER -good", Conversation.show(client.ackOne()));
    client.remove(CLUSTER, "evil");
    assertEquals("CLUSTER -evil", Conversation.show(client.takeOne()));
  }

  @ParameterizedTest
  @EnumSource
  void defect5_clusterSwaps_neverLeaveARouteWithoutItsCluster(Variant variant) {
    FakeEnvoy client = new FakeEnvoy(variant);
    ResourceStore store = new ResourceStore();
    Deque<AdsResponse> toClient = new ArrayDeque<>();
    AdsStream stream = new AdsStream(1, "", variant, store, StreamEvents.NONE, 1L << 50, 1000);
    store.listen(
        new ResourceStore.Listener() {
          @Override
          public void loaded() {
            toClient.addAll(stream.loaded(0).responses());
          }

          @Override
          public void changed(List<Resource.Key> keys) {
            toClient.addAll(stream.changed(keys, 0).responses());
          }
        });
    client.connect();
    for (int i = 0; i < 200; i++) {
      store.apply(
          List.of(
              cluster("c" + i, "1"),
              endpoint("c" + i, "1"),
              listener("l", "1", "r"),
              route("r", "v" + i, "c" + i)),
          i == 0
              ? Set.of()
              : Set.of(
                  Resources.key(CLUSTER, "c" + (i - 1)), Resources.key(ENDPOINT, "c" + (i - 1))));
      store.markLoaded();
      while (!client.requests.isEmpty() || !toClient.isEmpty()) {
        if (!client.requests.isEmpty()) {
          toClient.addAll(stream.request(client.requests.remove(), 0).responses());
        }
        if (!toClient.isEmpty()) {
          client.receive(toClient.remove());
          assertEquals(Set.of(), client.brokenClusters());
        }
      }
      assertEquals(Set.of("c" + i), client.activeClusters.keySet());
    }
  }

  @Test
  void defect6_node_isReadFromTheFirstRequestOnly() {
    Conversation client = new Conversation(Variant.DELTA, dnsCluster("a", "1"));
    client.ask(CLUSTER);
    client.request(
        new AdsRequest(
            LISTENER.typeUrl(),
            "",
            null,
            new ClientNode("somebody else", "", ""),
            new DeltaInterest(List.of(), List.of(), Map.of())));
    StreamInfo info = client.stream.info();
    assertEquals("envoy-1", info == null ? "" : info.nodeId());
    assertEquals(List.of("opened envoy-1 envoy 1.40.0"), client.events);
  }

  @ParameterizedTest
  @EnumSource
  void defect7_unknownNonceOrType_leavesTheStreamAlive(Variant variant) {
    Conversation client = new Conversation(variant, dnsCluster("a", "1"));
    AdsRequest.Interest nothing =
        variant == Variant.DELTA
            ? new DeltaInterest(List.of(), List.of(), Map.of())
            : new AdsRequest.SotwInterest(List.of(), "");
    client.request(new AdsRequest("type.googleapis.com/what.Ever", "", null, null, nothing));
    AdsResponse empty = client.take().getFirst();
    assertTrue(empty.resources().isEmpty());
    client.request(
        new AdsRequest("type.googleapis.com/what.Ever", empty.nonce(), null, null, nothing));
    assertEquals(List.of(), client.take());
    client.request(Conversation.request(CLUSTER, "never sent", null, nothing));
    assertEquals("CLUSTER a@1", Conversation.show(client.ackOne()));
    client.request(Conversation.request(CLUSTER, "never sent", "no", nothing));
    assertEquals(List.of(), client.take());
  }

  @Test
  void defect8_deltaSubscriptionToAMissingName_isAnsweredWithItsRemoval() {
    Conversation client = new Conversation(Variant.DELTA, endpoint("a", "1"));
    client.ask(ENDPOINT, "a", "missing");
    assertEquals("ENDPOINT a@1 -missing", Conversation.show(client.ackOne()));
    client.put(endpoint("missing", "1"));
    assertEquals("ENDPOINT missing@1", Conversation.show(client.takeOne()));
  }

  @ParameterizedTest
  @EnumSource
  void defect9_oneEndpointOfTenThousand_sendsOneResource(Variant variant) {
    List<Resource> all = new ArrayList<>();
    String[] names = new String[10_000];
    for (int i = 0; i < names.length; i++) {
      names[i] = "c" + i;
      all.add(cluster(names[i], "1"));
      all.add(endpoint(names[i], "1"));
    }
    Conversation client = new Conversation(variant, 100_000, all.toArray(Resource[]::new));
    client.ask(CLUSTER);
    client.ackOne();
    client.ask(ENDPOINT, names);
    assertEquals(10_000, client.ackOne(names).resources().size());
    client.put(endpoint("c77", "2"));
    assertEquals("ENDPOINT c77@2", Conversation.show(client.takeOne()));
  }
}
