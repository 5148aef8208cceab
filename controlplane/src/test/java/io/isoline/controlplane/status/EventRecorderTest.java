package io.isoline.controlplane.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.controlplane.engine.Told;
import io.isoline.controlplane.kubernetes.ObjectIdentity.PublishedAddress;
import io.isoline.controlplane.replicas.Parties;
import io.isoline.controlplane.replicas.ReplicaReport;
import io.isoline.controlplane.status.StatusListener.Outcome;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.ingress.InForce;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class EventRecorderTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final ObjectRef SECRET = ObjectRef.secret("default", "tls");
  private static final Verdict MISSING =
      Judged.finding(WEB, Reason.BackendNotFound, "there is no Service");
  private static final Verdict CONFLICT = Judged.finding(WEB, Reason.Conflict, "it was first");

  private final FakeApi api = new FakeApi();
  private final ManualThread thread = new ManualThread();
  private final Parties parties = new Parties();
  private boolean leads = true;
  private EventRecorder recorder = recorder();

  private EventRecorder recorder() {
    return new EventRecorder(
        api,
        new EventBook(api, parties),
        () -> leads,
        thread.workers(),
        thread,
        thread::nanoTime,
        thread.clock(),
        StatusListener.NONE);
  }

  @Test
  void judged_aFinding_isSaidWithFieldAndFix() {
    begin();
    judged(MISSING);
    assertEquals(
        List.of("create: web BackendNotFound x1 spec: there is no Service. Fix: mend it"),
        api.requests);
    RecordedEvent event = api.events.values().iterator().next();
    assertTrue(event.about().warning());
    assertEquals("spec", event.about().fieldPath());
    assertEquals("uid-web", event.about().uid());
  }

  @Test
  void judged_oneMoreFinding_onlyThatIsSaid() {
    begin();
    judged(MISSING);
    judged(MISSING, CONFLICT);
    assertEquals(2, api.requests.size());
    assertTrue(api.requests.getLast().contains("Conflict"), api.requests::toString);
  }

  @Test
  void judged_aFindingComesBack_countsUp() {
    begin();
    judged(MISSING);
    judged();
    judged(MISSING);
    assertEquals(
        "update: web BackendNotFound x2 spec: there is no Service. Fix: mend it",
        api.requests.getLast());
  }

  @Test
  void judged_nothingWrong_saysNothing() {
    begin();
    judged();
    recorder.judged(WEB, Judged.otherClass(WEB));
    thread.run();
    assertEquals(List.of(), api.requests);
  }

  @Test
  void judged_aSecret_isSaidOnTheSecret() {
    api.put(SECRET);
    begin();
    recorder.judged(
        SECRET, List.of(Judged.finding(SECRET, Reason.TLSSecretInvalid, "it has no key")));
    thread.run();
    assertEquals(
        List.of("create: tls TLSSecretInvalid x1 spec: it has no key. Fix: mend it"), api.requests);
  }

  @Test
  void judged_anObjectThatTheServerDoesNotHave_saysNothing() {
    begin();
    recorder.judged(
        SECRET, List.of(Judged.finding(SECRET, Reason.TLSSecretInvalid, "it is missing")));
    thread.run();
    assertEquals(List.of(), api.requests);
  }

  @Test
  void changed_programmed_isSaidOnceForEachState() {
    begin();
    judged();
    programmed("a", 3, 3);
    programmed("a", 3, 3);
    assertEquals(List.of("create: web Programmed x1 acknowledged by 3 of 3 Envoys"), api.requests);
    programmed("b", 3, 3);
    assertEquals("update: web Programmed x2 acknowledged by 3 of 3 Envoys", api.requests.getLast());
  }

  @Test
  void changed_firstNotAllEnvoys_isSaidAgainWhenAllHaveIt() {
    begin();
    judged();
    programmed("a", 2, 3);
    programmed("a", 3, 3);
    assertEquals(
        List.of(
            "create: web Programmed x1 acknowledged by 2 of 3 Envoys",
            "create: web Programmed x1 acknowledged by 3 of 3 Envoys"),
        api.requests);
  }

  @Test
  void changed_anotherReplicasEnvoyRefuses_isSaid() {
    begin();
    judged();
    Verdict refused = Judged.finding(WEB, Reason.RejectedByEnvoy, "Envoy refused it");
    recorder.changed(
        parties.reported(1, ReplicaReport.ofEnvoys(1).withVerdicts(Map.of(WEB, List.of(refused)))));
    thread.run();
    assertTrue(api.requests.getLast().contains("RejectedByEnvoy"), api.requests::toString);
  }

  /** While a new version is rolled out. */
  @Test
  void changed_anotherReplicaHasTheSameInOtherWords_isSaidToBeProgrammed() {
    begin();
    judged(MISSING);
    told(MISSING, Judged.finding(WEB, Reason.BackendNotFound, "no Service has that name"));
    assertTrue(api.requests.getLast().contains("Programmed"), api.requests::toString);
    assertTrue(api.requests.getLast().contains("2 of 2 Envoys"), api.requests::toString);
  }

  @Test
  void changed_anotherReplicaHasAnotherOutcome_isHeldBack() {
    begin();
    judged(MISSING);
    told(
        MISSING,
        new Verdict(
            WEB,
            MISSING.field(),
            Verdict.Outcome.APPLIED_WITH_DIFFERENCE,
            MISSING.reason(),
            MISSING.message(),
            MISSING.fix()));
    assertEquals(1, api.requests.size(), api.requests::toString);
    told(MISSING, MISSING);
    assertTrue(api.requests.getLast().contains("Programmed"), api.requests::toString);
  }

  /** This replica, and another one, tell of the Ingress as each of them judges it. */
  private void told(Verdict here, Verdict there) {
    ReplicaReport report = ReplicaReport.ofEnvoys(1);
    IngressRecord web =
        new IngressRecord(
            WEB, new Age(null, 0), null, new TreeMap<>(), null, List.of(), List.of());
    recorder.changed(
        parties.reported(1, report.withProgrammed(List.of(Told.of(web, List.of(there))))));
    recorder.changed(parties.here(report.withProgrammed(List.of(Told.of(web, List.of(here))))));
    thread.run();
  }

  @Test
  void lead_eventsOfBeforeCannotBeRead_speaksAllTheSame() {
    api.hideEvents();
    begin();
    judged(MISSING);
    assertEquals(
        List.of("create: web BackendNotFound x1 spec: there is no Service. Fix: mend it"),
        api.requests);
  }

  @Test
  void lead_afterARestart_doesNotRepeatWhatEventsSay() {
    begin();
    judged(MISSING);
    programmed("a", 1, 1);
    api.requests.clear();
    recorder = recorder();
    recorder.judged(WEB, List.of(MISSING, CONFLICT));
    recorder.changed(List.of(WEB));
    recorder.lead(true);
    thread.run();
    assertEquals(List.of("create: web Conflict x1 spec: it was first. Fix: mend it"), api.requests);
    programmed("b", 1, 1);
    assertEquals("update: web Programmed x2 acknowledged by 1 of 1 Envoys", api.requests.getLast());
  }

  @Test
  void lead_afterARestart_anIngressWithAnAddressWasProgrammedBefore() {
    api.put(WEB, new PublishedAddress("192.0.2.1", null));
    recorder.lead(true);
    judged();
    programmed("a", 1, 1);
    assertEquals(List.of(), api.requests);
    programmed("b", 1, 1);
    assertEquals(List.of("create: web Programmed x1 acknowledged by 1 of 1 Envoys"), api.requests);
  }

  @Test
  void tick_following_whatWasLongAgoWasSaidByTheLeader() {
    api.put(WEB);
    judged(MISSING);
    thread.advance(EventRecorder.HEARD.plusSeconds(1));
    recorder.tick(true);
    judged(MISSING, CONFLICT);
    recorder.lead(true);
    thread.run();
    assertEquals(List.of("create: web Conflict x1 spec: it was first. Fix: mend it"), api.requests);
  }

  @Test
  void tick_noLeader_nothingCountsAsSaid() {
    api.put(WEB);
    judged(MISSING);
    thread.advance(EventRecorder.HEARD.plusSeconds(1));
    recorder.tick(false);
    recorder.lead(true);
    thread.run();
    assertEquals(1, api.requests.size());
  }

  @Test
  void lead_theApiServerFails_isSaidWhenItIsBack() {
    begin();
    api.failWith(Outcome.FAILED);
    judged(MISSING);
    thread.advance(Duration.ofSeconds(20));
    recorder.lead(false);
    thread.advance(Duration.ofSeconds(20));
    api.failWith(null);
    recorder.lead(true);
    thread.advance(Duration.ofSeconds(20));
    assertEquals(1, api.events.size());
  }

  @Test
  void say_theLeadWasLostJustNow_isSaidInTheNextTerm() {
    begin();
    leads = false;
    judged(MISSING);
    assertEquals(List.of(), api.requests);
    recorder.lead(false);
    leads = true;
    recorder.lead(true);
    thread.advance(Duration.ofSeconds(1));
    assertEquals(1, api.events.size());
  }

  @Test
  void say_theEventHasExpired_isMadeAgain() {
    begin();
    judged(MISSING);
    api.events.clear();
    judged();
    judged(MISSING);
    assertEquals(1, api.events.size());
    assertEquals(2, api.events.values().iterator().next().count());
  }

  @Test
  void judged_aStormOnOneObject_isBounded() {
    begin();
    for (int i = 0; i < 1000; i++) {
      judged(Judged.finding(WEB, Reason.Conflict, "number " + i));
    }
    assertEquals(EventCorrelator.BURST, api.requests.size());
    assertEquals(10, api.events.size());
  }

  @Test
  void programmed_partly_saysHowMuch() {
    begin();
    judged(CONFLICT);
    programmed(new ProgrammedIngress(WEB, "a", 1, 1, new InForce(2, 3)));
    assertTrue(
        api.requests.getLast().contains("2 of 3 paths, acknowledged by 1 of 1 Envoys"),
        api.requests::toString);
  }

  @Test
  void programmed_nothingInForce_isSaidWhenSomethingIsAgain() {
    begin();
    judged();
    programmed("a", 1, 1);
    judged(CONFLICT);
    programmed(new ProgrammedIngress(WEB, "b", 1, 1, new InForce(0, 3)));
    List<String> before = List.copyOf(api.requests);
    assertTrue(before.getLast().contains("Conflict"), before::toString);
    judged();
    programmed("a", 1, 1);
    assertEquals(before.size() + 1, api.requests.size());
    assertTrue(api.requests.getLast().contains("Programmed"), api.requests::toString);
  }

  private void begin() {
    api.put(WEB);
    recorder.lead(true);
    thread.run();
  }

  private void judged(Verdict... findings) {
    List<Verdict> verdicts = new ArrayList<>(List.of(findings));
    if (verdicts.isEmpty()) {
      verdicts.addAll(Judged.ours(WEB));
    }
    recorder.judged(WEB, verdicts);
    thread.run();
  }

  private void programmed(String state, int acknowledged, int envoys) {
    programmed(new ProgrammedIngress(WEB, state, acknowledged, envoys, new InForce(1, 1)));
  }

  private void programmed(ProgrammedIngress ingress) {
    recorder.changed(
        parties.here(
            ReplicaReport.ofEnvoys(ingress.envoys()).withProgrammed(List.of(ingress))));
    thread.run();
  }
}
