package io.isoline.controlplane.stream;

import static io.isoline.controlplane.stream.Resources.dnsCluster;
import static io.isoline.controlplane.stream.Resources.listener;
import static io.isoline.controlplane.stream.Resources.secret;
import static io.isoline.translator.ResourceType.CLUSTER;
import static io.isoline.translator.ResourceType.EXTENSION;
import static io.isoline.translator.ResourceType.LISTENER;
import static io.isoline.translator.ResourceType.SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Resource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** Envoy takes for good what it has had before, also if it refused it. */
  @Test
  void secrets_refusedTogether_areTriedInOtherBytes() {
    Resource bad = secret("s0", "bad");
    Conversation talk = new Conversation(Variant.DELTA, bad, secret("s1", "1"));
    talk.ask(SECRET, "s0", "s1");
    talk.nack(talk.takeOne(), "Failed to load certificate chain from <inline>");
    AdsResponse first = talk.takeOne();
    talk.nack(first, "Failed to load certificate chain from <inline>");
    AdsResponse second = talk.ackOne();
    talk.nack(talk.takeOne(), "Failed to load certificate chain from <inline>");

    assertEquals("SECRET s0@bad", Conversation.show(first));
    assertNotEquals(bad.body(), first.resources().getFirst().body());
    assertEquals("SECRET s1@1", Conversation.show(second));
    assertEquals(List.of(), talk.take());
    assertTrue(talk.stream.isProgrammed(secret("s1", "1").key(), "1"));
    assertTrue(
        talk.events.stream().anyMatch(each -> each.startsWith("rejected SECRET s0 @bad")),
        talk.events::toString);
  }

  @Test
  void secret_refused_isReplacedByItsLastGood() {
    Conversation talk = new Conversation(Variant.DELTA, secret("s0", "1"));
    talk.ask(SECRET, "s0");
    talk.ackOne();
    talk.put(secret("s0", "bad"));
    talk.nack(talk.takeOne(), "no");

    assertEquals("SECRET s0@1", Conversation.show(talk.ackOne()));
    assertFalse(talk.stream.isProgrammed(secret("s0", "bad").key(), "bad"));
    assertEquals(List.of(), talk.take());
    talk.put(secret("s0", "2"));
    assertEquals("SECRET s0@2", Conversation.show(talk.takeOne()));
  }

  /** Envoy makes a TLS context of all Secrets of a chain, so one that is bad spoils the others. */
  @Test
  void secrets_refusedTogether_goBackToTheirLastGoodBeforeTheyAreTried() {
    Conversation talk = new Conversation(Variant.DELTA, secret("s0", "1"), secret("s1", "1"));
    talk.ask(SECRET, "s0", "s1");
    talk.ackOne();
    talk.put(secret("s0", "2"), secret("s1", "bad"));
    talk.nack(talk.takeOne(), "no");

    assertEquals("SECRET s0@1 s1@1", Conversation.show(talk.ackOne()));
    assertEquals("SECRET s0@2", Conversation.show(talk.ackOne()));
    talk.nack(talk.takeOne(), "no");
    assertEquals("SECRET s1@1", Conversation.show(talk.ackOne()));
    assertEquals(List.of(), talk.take());
    assertTrue(talk.stream.isProgrammed(secret("s0", "2").key(), "2"));
  }

  /** The first is refused for the sake of the second, which is in the same chain. */
  @Test
  void newSecrets_refusedTogether_areTriedAgainBeforeOneIsBlamed() {
    String last = Resource.DEFAULT_CERTIFICATE.name();
    Conversation talk =
        new Conversation(
            Variant.DELTA, secret(last, "1"), secret("s0", "1"), secret("s1", "bad"));
    talk.ask(SECRET, last);
    talk.ackOne();
    talk.ask(SECRET, "s0", "s1");
    talk.nack(talk.takeOne(), "no");

    assertEquals("SECRET s0@1", show(talk.takeOne(), talk, "no"));
    assertEquals("SECRET s0@1 (default)", show(talk.takeOne(), talk, "no"));
    assertEquals("SECRET s0@1 (default)", show(talk.takeOne(), talk, "no"));
    assertEquals("SECRET s1@bad", show(talk.takeOne(), talk, "no"));
    assertEquals("SECRET s1@1 (default)", show(talk.takeOne(), talk, ""));
    assertEquals(List.of(), rejections(talk));
    assertEquals("SECRET s0@1", show(talk.takeOne(), talk, ""));
    assertEquals("SECRET s1@bad", show(talk.takeOne(), talk, "still no"));
    assertEquals("SECRET s1@1 (default)", show(talk.takeOne(), talk, ""));

    assertEquals(List.of(), talk.take());
    assertEquals(List.of("rejected SECRET s1 @bad: still no"), rejections(talk));
    assertTrue(talk.stream.isProgrammed(secret("s0", "1").key(), "1"));
  }

  /** What a response brings; it is refused with these words, or acknowledged. */
  private static String show(AdsResponse response, Conversation talk, String words) {
    if (words.isEmpty()) {
      talk.ack(response);
    } else {
      talk.nack(response, words);
    }
    Resource only = response.resources().getFirst();
    boolean isDefault =
        only.equals(SecretBytes.named(secret(Resource.DEFAULT_CERTIFICATE.name(), "1"), only.name()));
    return Conversation.show(response) + (isDefault ? " (default)" : "");
  }

  private static List<String> rejections(Conversation talk) {
    return talk.events.stream().filter(event -> event.startsWith("rejected")).toList();
  }

  /** A client that took the default certificate, and has it in the place of {@code s0}, too. */
  private static Conversation whereTheDefaultStandsIn() {
    String last = Resource.DEFAULT_CERTIFICATE.name();
    Conversation talk = new Conversation(Variant.DELTA, secret(last, "1"), secret("s0", "bad"));
    talk.ask(SECRET, last);
    talk.ackOne();
    talk.ask(SECRET, "s0");
    talk.nack(talk.takeOne(), "no");
    talk.ackOne();
    return talk;
  }

  @Test
  void defaultCertificate_changed_isFollowedWhereItStandsIn() {
    String last = Resource.DEFAULT_CERTIFICATE.name();
    Conversation talk = whereTheDefaultStandsIn();
    talk.put(secret("s0", "also bad"));
    talk.nack(talk.takeOne(), "no");
    talk.ackOne();
    talk.put(secret(last, "2"));
    talk.ackOne();

    AdsResponse replacement = talk.ackOne();
    assertEquals(List.of(SecretBytes.named(secret(last, "2"), "s0")), replacement.resources());
    talk.put(secret("s0", "1"));
    talk.ackOne();
    talk.put(secret(last, "3"));
    assertEquals("SECRET " + last + "@3", Conversation.show(talk.ackOne()));
    assertEquals(List.of(), talk.take());
  }

  @Test
  void defaultCertificate_refused_doesNotStandIn() {
    String last = Resource.DEFAULT_CERTIFICATE.name();
    Conversation talk = whereTheDefaultStandsIn();
    talk.put(secret(last, "bad"));
    talk.nack(talk.takeOne(), "no");

    assertEquals("SECRET " + last + "@1", Conversation.show(talk.ackOne()));
    List<Resource> standIn = List.of(SecretBytes.named(secret(last, "1"), "s0"));
    assertEquals(standIn, talk.ackOne().resources());
    assertEquals(List.of(), talk.take());
    talk.put(secret("s0", "also bad"));
    talk.nack(talk.takeOne(), "no");
    assertEquals(standIn, talk.ackOne().resources());
    assertEquals(List.of(), talk.take());
  }

  @Test
  void defaultCertificate_thatIsNotAskedFor_isFollowedToo() {
    String last = Resource.DEFAULT_CERTIFICATE.name();
    Conversation talk = new Conversation(Variant.DELTA, secret(last, "1"), secret("s0", "bad"));
    talk.ask(SECRET, "s0");
    talk.nack(talk.takeOne(), "no");
    talk.ackOne();
    talk.put(secret(last, "2"));

    assertEquals(
        List.of(SecretBytes.named(secret(last, "2"), "s0")), talk.ackOne().resources());
    assertEquals(List.of(), talk.take());
  }

  /** Without anything to put in the place of the bad one, the good one is blamed for a while. */
  @Test
  void newSecrets_refusedTogetherWithoutAReplacement_areTriedAgainWhenOneIsMended() {
    Conversation talk = new Conversation(Variant.DELTA, secret("s0", "1"), secret("s1", "bad"));
    talk.ask(SECRET, "s0", "s1");
    for (String expected : List.of("s0@1 s1@bad", "s0@1", "s1@bad", "s0@1", "s1@bad")) {
      AdsResponse response = talk.takeOne();
      assertEquals("SECRET " + expected, Conversation.show(response));
      talk.nack(response, "no");
    }
    assertEquals(List.of(), talk.take());
    assertEquals(
        List.of("rejected SECRET s0 @1: no", "rejected SECRET s1 @bad: no"), rejections(talk));

    talk.put(secret("s1", "2"));
    assertEquals("SECRET s1@2", Conversation.show(talk.ackOne()));
    assertEquals("SECRET s0@1", Conversation.show(talk.ackOne()));
    assertEquals(List.of(), talk.take());
    assertTrue(talk.stream.isProgrammed(secret("s0", "1").key(), "1"));
  }

  /** It may have refused these bytes at the end of its last stream, and nobody heard of it. */
  @Test
  void secret_thatAReturningClientHasOtherwise_goesInOtherBytes() {
    Resource bad = secret("s0", "bad");
    Conversation talk =
        new Conversation(
            Variant.DELTA, secret(Resource.DEFAULT_CERTIFICATE.name(), "1"), bad);
    talk.resume(SECRET, Map.of("s0", "1"), "s0");

    AdsResponse response = talk.takeOne();
    assertEquals("SECRET s0@bad", Conversation.show(response));
    assertNotEquals(bad.body(), response.resources().getFirst().body());
  }

  /** Gone, as it was refused: nothing could replace it, and Envoy keeps the refused bytes. */
  @ParameterizedTest
  @EnumSource
  void secret_refusedWhenGone_isSentAgainWhenItIsBack(Variant variant) {
    Conversation talk = new Conversation(variant, secret("s", "v1"));
    talk.ask(SECRET, "s");
    talk.ackOne("s");
    talk.put(secret("s", "bad"));
    AdsResponse bad = talk.takeOne();
    talk.remove(SECRET, "s");
    talk.nack(bad, "Error adding/updating: s: is bad", "s");
    talk.take().forEach(response -> talk.ack(response, "s"));

    talk.put(secret("s", "v1"));

    assertEquals(List.of("SECRET s@v1"), talk.showAll());
  }

  /** Envoy takes of a refused response what it can, so that nobody knows to what it goes back. */
  @ParameterizedTest
  @EnumSource
  void refusedAlone_afterARefusalInPart_itsLastGoodIsSentAgain(Variant variant) {
    Conversation talk = new Conversation(variant, extension("a", "v1"), extension("b", "v1"));
    talk.ask(EXTENSION, "a", "b");
    talk.ackOne("a", "b");
    talk.put(extension("a", "bad1"), extension("b", "v2"));
    AdsResponse inPart = talk.takeOne();
    talk.put(extension("b", "bad2"));
    for (AdsResponse refused = inPart; refused != null; ) {
      talk.nack(refused, "Error adding/updating: is bad", "a", "b");
      List<AdsResponse> next = talk.take();
      refused = next.isEmpty() ? null : next.getFirst();
    }

    talk.put(extension("b", "v1"));

    assertEquals(List.of("EXTENSION b@v1"), talk.showAll());
  }

  private static Resource extension(String name, String version) {
    return Resources.resource(EXTENSION, name, version);
  }

  /** A listener may have been refused for what Envoy had of a Secret. */
  @Test
  void secret_mended_letsARefusedListenerBeTriedAgain() {
    Resource listener = listener("l", "bad", "s0");
    Conversation talk = new Conversation(Variant.DELTA, secret("s0", "bad"), listener);
    talk.ask(SECRET, "s0");
    talk.nack(talk.takeOne(), "no");
    talk.ask(LISTENER);
    talk.nack(talk.takeOne(), "no");
    assertEquals(List.of(), talk.take());
    talk.put(secret("s0", "2"));
    talk.ackOne();

    assertEquals("LISTENER l@bad", Conversation.show(talk.ackOne()));
    assertTrue(talk.stream.isProgrammed(listener.key(), "bad"));
  }

  @Test
  void newSecret_refused_isReplacedByTheDefaultCertificate() {
    String name = Resource.DEFAULT_CERTIFICATE.name();
    Conversation talk = new Conversation(Variant.DELTA, secret(name, "1"), secret("s0", "bad"));
    talk.ask(SECRET, "s0");
    talk.nack(talk.takeOne(), "no");
    AdsResponse replacement = talk.takeOne();

    assertEquals(List.of(SecretBytes.named(secret(name, "1"), "s0")), replacement.resources());
    // Another Secret of the chain may be the reason. If it is not, this one is left alone.
    talk.nack(replacement, "no");
    talk.nack(talk.takeOne(), "no");
    assertEquals(List.of(), talk.take());
    assertTrue(talk.stream.isRejected(secret("s0", "bad").key()));
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
