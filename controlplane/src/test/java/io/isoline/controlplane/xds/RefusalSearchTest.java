package io.isoline.controlplane.xds;

import static io.isoline.controlplane.xds.Resources.dnsCluster;
import static io.isoline.translator.ResourceType.CLUSTER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Resource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How the search for a culprit goes on while the world does. */
final class RefusalSearchTest {

  private static final int CLUSTERS = 64;

  /** A client that says nothing of use: no name, and nothing of the response is taken. */
  private static void answer(Conversation talk, AdsResponse response) {
    if (response.resources().stream().anyMatch(Resources::isBad)) {
      talk.nack(response, "Proto constraint validation failed");
    } else {
      talk.ack(response);
    }
  }

  private static Conversation among(Resource... bad) {
    Resource[] all =
        IntStream.range(0, CLUSTERS).mapToObj(i -> dnsCluster("c" + i, "1")).toArray(Resource[]::new);
    for (int i = 0; i < bad.length; i++) {
      all[i * 7] = bad[i];
    }
    Conversation talk = new Conversation(Variant.DELTA, 10_000, all);
    talk.ask(CLUSTER);
    return talk;
  }

  @Test
  void search_whileSomethingChangesAllTheTime_ends() {
    Conversation talk = among(dnsCluster("c0", "bad"));

    for (int round = 0; round < 40; round++) {
      AdsResponse response = talk.takeOne();
      talk.put(dnsCluster("busy", "v" + round));
      answer(talk, response);
    }

    assertTrue(
        talk.events.stream().anyMatch(event -> event.startsWith("rejected CLUSTER c0")),
        talk.events::toString);
  }

  /** What has nothing to do with a refusal does not wait for the end of the search either. */
  @Test
  void change_duringASearch_goesWithinTwoResponses() {
    Conversation talk = among(dnsCluster("c0", "bad"));
    AdsResponse response = talk.takeOne();
    answer(talk, response);
    AdsResponse trial = talk.takeOne();
    talk.put(dnsCluster("other", "1"));
    answer(talk, trial);
    AdsResponse next = talk.takeOne();
    answer(talk, next);
    AdsResponse afterNext = talk.takeOne();

    assertTrue(
        List.of(next, afterNext).stream()
            .anyMatch(each -> Conversation.show(each).equals("CLUSTER other@1")),
        () -> Conversation.show(next) + ", " + Conversation.show(afterNext));
  }

  @Test
  void search_ofThree_findsEachOnce() {
    Conversation talk =
        among(dnsCluster("c0", "bad"), dnsCluster("c7", "bad"), dnsCluster("c14", "bad"));

    for (var inbox = talk.take(); !inbox.isEmpty(); inbox = talk.take()) {
      inbox.forEach(response -> answer(talk, response));
    }

    assertEquals(
        3, talk.events.stream().filter(event -> event.startsWith("rejected")).count());
  }

  /**
   * Envoy repeats the whole resource when it breaks a rule. That is many kilobytes for a listener,
   * names hosts that have nothing to do with it, and of a Secret it is the private key.
   */
  @Test
  void refused_withTheResourceInItsWords_isToldWithoutIt() {
    Conversation talk = new Conversation(Variant.DELTA, dnsCluster("c0", "bad"));
    talk.ask(CLUSTER);
    String why = "Proto constraint validation failed (A.B: embedded | caused by C.D: too short)";
    talk.nack(talk.takeOne(), "name: \"c0\"\nkey: \"-----BEGIN\"\n: " + why);

    assertEquals("rejected CLUSTER c0 @bad: " + why, talk.events.getLast());
  }

  /** Envoy says 4,096 characters at most, and the reason is at the end. */
  @Test
  void refused_withNothingButTheResourceInItsWords_isToldWithoutIt() {
    Conversation talk = new Conversation(Variant.DELTA, dnsCluster("c0", "bad"));
    talk.ask(CLUSTER);
    talk.nack(talk.takeOne(), "goo.gle/debugonly  \nname: \"c0\"\nkey: \"-----BEGIN\"\n");

    assertEquals(
        "rejected CLUSTER c0 @bad: it breaks a rule of its proto; Envoy repeats it instead of"
            + " saying which",
        talk.events.getLast());
  }
}
