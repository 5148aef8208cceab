package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StatusWriterTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final PublishedAddress ONE = new PublishedAddress("192.0.2.1", null);
  private static final PublishedAddress TWO = new PublishedAddress("192.0.2.2", null);

  private final FakeApi api = new FakeApi();
  private final ManualThread thread = new ManualThread();
  private final Set<ObjectRef> programmed = new HashSet<>();
  private final Set<ObjectRef> lost = new HashSet<>();
  private boolean leads = true;

  private final IngressAddresses ingresses =
      new IngressAddresses(
          api,
          ingress ->
              lost.contains(ingress)
                  ? Progress.NOTHING_IN_FORCE
                  : programmed.contains(ingress) ? Progress.PROGRAMMED : Progress.WAITING,
          "isoline");

  private final StatusWriter writer =
      new StatusWriter(
          api,
          ingresses,
          () -> leads,
          thread.workers(),
          thread,
          thread::nanoTime,
          StatusListener.NONE);

  @Test
  void look_programmed_writesTheAddressOnce() {
    begin(ONE);
    assertEquals(List.of(), api.requests);
    programmed(WEB);
    assertEquals(List.of(ONE), api.addresses(WEB));
    again();
    assertEquals(1, api.requests.size());
  }

  @Test
  void look_theWatchLags_doesNotWriteAgain() {
    begin(ONE);
    api.lag(true);
    programmed(WEB);
    again();
    assertEquals(1, api.requests.size());
    api.lag(false);
    again();
    assertEquals(1, api.requests.size());
  }

  @Test
  void look_somebodyElseOverwroteIt_writesAgain() {
    begin(ONE);
    programmed(WEB);
    api.put(WEB, TWO);
    again();
    assertEquals(List.of(ONE), api.addresses(WEB));
  }

  @Test
  void look_isBeingDeleted_getsNoAddressButLosesIts() {
    begin(ONE);
    api.terminate(WEB);
    programmed(WEB);
    assertEquals(List.of(), api.requests);
    api.terminate(WEB, ONE);
    lost.add(WEB);
    again();
    assertEquals(List.of(), api.addresses(WEB));
  }

  @Test
  void want_otherAddresses_writesThem() {
    begin(ONE);
    programmed(WEB);
    want(List.of(TWO));
    thread.run();
    assertEquals(List.of(TWO), api.addresses(WEB));
  }

  @Test
  void want_noneAnyMore_clears() {
    begin(ONE);
    programmed(WEB);
    want(List.of());
    thread.run();
    assertEquals(List.of(), api.addresses(WEB));
  }

  @Test
  void judged_anotherClass_clearsOnce() {
    begin(ONE);
    programmed(WEB);
    judged(WEB, Judged.otherClass(WEB));
    thread.run();
    assertEquals(List.of(), api.addresses(WEB));
    // It is the other controller's from now on, whatever it writes.
    api.put(WEB, TWO);
    again();
    assertEquals(List.of(TWO), api.addresses(WEB));
    assertEquals(2, api.requests.size());
  }

  @Test
  void judged_theClassCameBackWhileItIsCleared_writesAgain() {
    begin(ONE);
    programmed(WEB);
    judged(WEB, Judged.otherClass(WEB));
    judged(WEB, Judged.ours(WEB));
    thread.run();
    assertEquals(List.of(ONE), api.addresses(WEB));
  }

  @Test
  void judged_theClassWentWhileItIsWritten_clears() {
    begin(ONE);
    programmed.add(WEB);
    writer.look(List.of(WEB));
    assertEquals(1, thread.unanswered());
    judged(WEB, Judged.otherClass(WEB));
    thread.run();
    again();
    assertEquals(List.of(), api.addresses(WEB));
  }

  @Test
  void lead_anIngressLostItsClassBefore_clearsOurAddress() {
    api.put(WEB, ONE);
    want(List.of(ONE));
    judged(WEB, Judged.otherClass(WEB));
    writer.lead(true);
    thread.run();
    assertEquals(List.of(), api.addresses(WEB));
  }

  @Test
  void lead_anIngressOfAnotherControllerFromTheStart_isNotTouched() {
    api.put(WEB, TWO);
    want(List.of(ONE));
    judged(WEB, Judged.otherClass(WEB));
    writer.lead(true);
    thread.run();
    assertEquals(List.of(), api.requests);
  }

  @Test
  void look_notLeading_writesNothing() {
    begin(ONE);
    writer.lead(false);
    programmed(WEB);
    assertEquals(List.of(), api.requests);
    writer.lead(true);
    thread.run();
    assertEquals(List.of(ONE), api.addresses(WEB));
  }

  @Test
  void look_theLeadWasLostJustNow_writesNothing() {
    begin(ONE);
    programmed.add(WEB);
    writer.look(List.of(WEB));
    leads = false;
    thread.run();
    assertEquals(List.of(), api.requests);
  }

  @Test
  void look_many_sendsEightAtATime() {
    want(List.of(ONE));
    for (int i = 0; i < 100; i++) {
      ObjectRef ingress = ObjectRef.ingress("default", "i" + i);
      api.put(ingress);
      programmed.add(ingress);
      judged(ingress, Judged.ours(ingress));
    }
    writer.lead(true);
    assertEquals(8, thread.unanswered());
    thread.run();
    assertEquals(100, api.requests.size());
  }

  @Test
  void look_thousands_areSpreadOverTime() {
    want(List.of(ONE));
    for (int i = 0; i < 2000; i++) {
      ObjectRef ingress = ObjectRef.ingress("default", "i" + i);
      api.put(ingress);
      programmed.add(ingress);
      judged(ingress, Judged.ours(ingress));
    }
    writer.lead(true);
    thread.run();
    assertTrue(api.requests.size() < 500, () -> api.requests.size() + " at once");
    thread.advance(Duration.ofSeconds(10));
    assertEquals(2000, api.requests.size());
  }

  @Test
  void look_theApiServerFails_triesAgainWithGrowingPauses() {
    begin(ONE);
    api.failWith(Outcome.FAILED);
    programmed(WEB);
    thread.advance(Duration.ofMinutes(1));
    int tries = api.requests.size();
    assertTrue(tries >= 5 && tries <= 15, () -> tries + " tries in a minute");
    api.failWith(null);
    thread.advance(Duration.ofSeconds(11));
    assertEquals(List.of(ONE), api.addresses(WEB));
  }

  @Test
  void look_forbidden_triesAgainAfterAMinute() {
    begin(ONE);
    api.failWith(Outcome.FORBIDDEN);
    programmed(WEB);
    for (int i = 0; i < 50; i++) {
      thread.advance(Duration.ofSeconds(1));
      again();
    }
    assertEquals(1, api.requests.size());
    api.failWith(null);
    thread.advance(Duration.ofSeconds(11));
    again();
    assertEquals(List.of(ONE), api.addresses(WEB));
  }

  @Test
  void look_theIngressIsGone_forgetsIt() {
    begin(ONE);
    programmed.add(WEB);
    writer.look(List.of(WEB));
    api.remove(WEB);
    judged(WEB, List.of());
    thread.run();
    again();
    assertEquals(1, api.requests.size());
  }

  /** WEB is ours and has no address; this replica leads. */
  private void begin(PublishedAddress... addresses) {
    api.put(WEB);
    want(List.of(addresses));
    judged(WEB, Judged.ours(WEB));
    writer.lead(true);
    thread.run();
  }

  private void programmed(ObjectRef ingress) {
    programmed.add(ingress);
    writer.look(List.of(ingress));
    thread.run();
  }

  @Test
  void look_lostToOthers_clearsAndStaysSo() {
    begin(ONE);
    programmed(WEB);
    assertEquals(List.of(ONE), api.addresses(WEB));
    lost.add(WEB);
    again();
    assertEquals(List.of(), api.addresses(WEB));
    int requests = api.requests.size();
    again();
    assertEquals(requests, api.requests.size());
    lost.remove(WEB);
    again();
    assertEquals(List.of(ONE), api.addresses(WEB));
  }

  private void judged(ObjectRef ingress, List<Verdict> verdicts) {
    ingresses.judged(ingress, verdicts);
    if (verdicts.isEmpty()) {
      writer.forget(ingress);
    } else {
      writer.look(List.of(ingress));
    }
  }

  private void want(List<PublishedAddress> addresses) {
    ingresses.want(addresses);
    writer.lookAtAll();
  }

  private void again() {
    writer.lookAtAll();
    thread.run();
  }
}
