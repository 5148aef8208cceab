package io.isoline.controlplane.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.ingress.InForce;
import io.isoline.tries.Draw;
import io.isoline.tries.Tries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PartiesTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");

  private final Parties parties = new Parties();

  @Test
  void programmed_nobodyHasEnvoys_isNot() {
    parties.here(told(0, "a", 0, 0));
    assertNull(parties.programmed(WEB));
  }

  @Test
  void programmed_onlyAnotherReplicaHasEnvoys_isWhenTheseHaveIt() {
    parties.here(told(0, "a", 0, 0));
    parties.reported(1, ReplicaReport.ofEnvoys(2));
    assertNull(parties.programmed(WEB));
    parties.reported(1, told(2, "a", 2, 2));
    assertEquals(new ProgrammedIngress(WEB, "a", 2, 2, new InForce(1, 1)), parties.programmed(WEB));
  }

  @Test
  void programmed_allHaveIt_countsAllEnvoys() {
    parties.here(told(1, "a", 1, 1));
    parties.reported(1, told(2, "a", 2, 2));
    assertEquals(new ProgrammedIngress(WEB, "a", 3, 3, new InForce(1, 1)), parties.programmed(WEB));
  }

  @Test
  void programmed_anotherReplicaWithEnvoysHasSaidNothing_isNot() {
    parties.here(told(1, "a", 1, 1));
    parties.reported(1, ReplicaReport.ofEnvoys(1));
    assertNull(parties.programmed(WEB));
  }

  @Test
  void programmed_anotherReplicaHasAnEarlierState_isNot() {
    parties.here(told(1, "b", 1, 1));
    parties.reported(1, told(1, "a", 1, 1));
    assertNull(parties.programmed(WEB));
  }

  @Test
  void programmed_anotherReplicaHasNoEnvoys_hasNoSay() {
    parties.here(told(1, "a", 1, 1));
    parties.reported(1, ReplicaReport.ofEnvoys(0));
    assertEquals(new ProgrammedIngress(WEB, "a", 1, 1, new InForce(1, 1)), parties.programmed(WEB));
  }

  @Test
  void programmed_noEnvoyTookIt_isNot() {
    parties.here(told(2, "a", 0, 2));
    assertNull(parties.programmed(WEB));
  }

  @Test
  void left_itHeldUpAnIngress_returnsItAndItIsProgrammed() {
    parties.here(told(1, "a", 1, 1));
    parties.reported(1, ReplicaReport.ofEnvoys(1));
    assertEquals(Set.of(WEB), parties.left(1));
    assertEquals(new ProgrammedIngress(WEB, "a", 1, 1, new InForce(1, 1)), parties.programmed(WEB));
  }

  @Test
  void refusals_severalReplicasSayTheSame_isSaidOnce() {
    Verdict refused =
        new Verdict(WEB, "", Outcome.REFUSED, Reason.RejectedByEnvoy, "Envoy refused it", "");
    Map<ObjectRef, List<Verdict>> judged = Map.of(WEB, List.of(refused));
    parties.reported(1, ReplicaReport.ofEnvoys(1).withVerdicts(judged));
    assertEquals(Set.of(WEB), parties.reported(2, ReplicaReport.ofEnvoys(1).withVerdicts(judged)));
    assertEquals(Set.of(refused), parties.refusals(WEB));
    parties.left(1);
    parties.left(2);
    assertEquals(Set.of(), parties.refusals(WEB));
  }

  @Test
  void withVerdicts_anotherClass_isGone() {
    Verdict other = new Verdict(WEB, "", Outcome.NO_EFFECT, Reason.OtherClass, "not ours", "");
    ReplicaReport report = ReplicaReport.ofEnvoys(0).withVerdicts(Map.of(WEB, List.of(other)));
    assertEquals(List.of(WEB), report.gone());
  }

  private static ReplicaReport told(int connected, String state, int acknowledged, int envoys) {
    return ReplicaReport.ofEnvoys(connected)
        .withProgrammed(
            List.of(
                new ProgrammedIngress(WEB, state, acknowledged, envoys, new InForce(1, 1))));
  }

  /** One thing that happens; party 0 is this replica. */
  sealed interface Step {
    record Told(int party, int ingress, String state, int acknowledged, int envoys)
        implements Step {}

    record Gone(int party, int ingress) implements Step {}

    record Envoys(int party, int envoys) implements Step {}

    record Left(int party) implements Step {}
  }

  private static Step step(Draw draw) {
    return switch (draw.below(11)) {
      case 0 -> new Step.Left(draw.between(1, 3));
      case 1 -> new Step.Gone(draw.below(4), draw.below(3));
      case 2, 3, 4 -> new Step.Envoys(draw.below(4), draw.below(3));
      default ->
          new Step.Told(
              draw.below(4), draw.below(3), draw.of("a", "b"), draw.below(3), draw.below(3));
    };
  }

  @Test
  void programmed_anySteps_isWhatTheDefinitionSays() {
    Tries.of(2000).run(draw -> isWhatTheDefinitionSays(draw.list(0, 40, PartiesTest::step)));
  }

  /** By the definition, from all that was ever said, and whoever changed was named. */
  private static void isWhatTheDefinitionSays(List<Step> steps) {
    Parties all = new Parties();
    Map<Integer, Integer> envoys = new HashMap<>(Map.of(0, 0));
    Map<Integer, Map<ObjectRef, ProgrammedIngress>> told = new HashMap<>();
    for (Step step : steps) {
      List<@Nullable ProgrammedIngress> before = now(all);
      Set<ObjectRef> touched =
          switch (step) {
            case Step.Told t -> {
              ProgrammedIngress ingress =
                  new ProgrammedIngress(
                      ref(t.ingress()),
                      t.state(),
                      t.acknowledged(),
                      t.envoys(),
                      new InForce(1, 1));
              envoys.putIfAbsent(t.party(), 0);
              told.computeIfAbsent(t.party(), any -> new HashMap<>())
                  .put(ingress.ingress(), ingress);
              yield take(
                  all,
                  t.party(),
                  ReplicaReport.ofEnvoys(envoys.getOrDefault(t.party(), 0))
                      .withProgrammed(List.of(ingress)));
            }
            case Step.Gone gone -> {
              envoys.putIfAbsent(gone.party(), 0);
              told.getOrDefault(gone.party(), new HashMap<>()).remove(ref(gone.ingress()));
              yield take(
                  all,
                  gone.party(),
                  new ReplicaReport(
                      envoys.getOrDefault(gone.party(), 0),
                      List.of(),
                      List.of(ref(gone.ingress())),
                      Map.of()));
            }
            case Step.Envoys e -> {
              envoys.put(e.party(), e.envoys());
              yield take(all, e.party(), ReplicaReport.ofEnvoys(e.envoys()));
            }
            case Step.Left left -> {
              envoys.remove(left.party());
              told.remove(left.party());
              yield all.left(left.party());
            }
          };
      List<@Nullable ProgrammedIngress> after = now(all);
      for (int i = 0; i < after.size(); i++) {
        assertEquals(expected(ref(i), envoys, told), after.get(i));
        assertTrue(
            touched.contains(ref(i)) || java.util.Objects.equals(before.get(i), after.get(i)),
            "nobody was told that " + ref(i) + " is different");
      }
    }
  }

  private static Set<ObjectRef> take(Parties all, int party, ReplicaReport report) {
    return party == 0 ? all.here(report) : all.reported(party, report);
  }

  private static List<@Nullable ProgrammedIngress> now(Parties all) {
    List<@Nullable ProgrammedIngress> now = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      now.add(all.programmed(ref(i)));
    }
    return now;
  }

  private static @Nullable ProgrammedIngress expected(
      ObjectRef ingress,
      Map<Integer, Integer> envoys,
      Map<Integer, Map<ObjectRef, ProgrammedIngress>> told) {
    ProgrammedIngress ours = told.getOrDefault(0, Map.of()).get(ingress);
    if (ours == null) {
      return null;
    }
    List<ProgrammedIngress> votes = new ArrayList<>();
    for (Map.Entry<Integer, Integer> party : envoys.entrySet()) {
      if (party.getValue() > 0) {
        ProgrammedIngress theirs = told.getOrDefault(party.getKey(), Map.of()).get(ingress);
        if (theirs == null || !theirs.state().equals(ours.state())) {
          return null;
        }
        votes.add(theirs);
      }
    }
    int acknowledged = votes.stream().mapToInt(ProgrammedIngress::acknowledged).sum();
    return acknowledged == 0
        ? null
        : new ProgrammedIngress(
            ingress,
            ours.state(),
            acknowledged,
            votes.stream().mapToInt(ProgrammedIngress::envoys).sum(),
            new InForce(1, 1));
  }

  private static ObjectRef ref(int number) {
    return ObjectRef.ingress("default", "i" + number);
  }
}
