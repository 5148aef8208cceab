package io.isoline.controlplane.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import io.isoline.controlplane.xds.Programmed;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.ingress.InForce;
import io.isoline.translator.kube.Age;
import io.isoline.translator.kube.IngressRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ProgrammingTest {

  private static final ObjectRef WEB = ObjectRef.ingress("default", "web");
  private static final ObjectRef SHOP = ObjectRef.ingress("default", "shop");
  private static final Resource.Key ROUTES = new Resource.Key(ResourceType.ROUTE, "ingress");
  private static final Resource.Key CERTIFICATE = new Resource.Key(ResourceType.SECRET, "s");

  /** What each Envoy acknowledged last, and what it refuses. */
  private final Map<String, Map<Resource.Key, String>> envoys = new LinkedHashMap<>();

  private final Map<String, Set<Resource.Key>> refused = new HashMap<>();
  private final Map<ObjectRef, List<Verdict>> verdicts = new HashMap<>();
  private final Programming programming =
      new Programming(
          this::covered,
          object -> verdicts.getOrDefault(object, List.of()),
          object -> new InForce(1, 1));

  @Test
  void newIngress_toldWhenItsRoutesAreAcknowledged() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    assertEquals(List.of(), told(0));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of("web 1/1"), told(0));
    assertEquals(List.of(), told(0));
  }

  @Test
  void routesReplacedBeforeTheirAcknowledgement_theLaterVersionCountsForBoth() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    turn(List.of(served(SHOP, null)), Map.of(ROUTES, "2"));
    turn(List.of(), Map.of(ROUTES, "3"));
    assertEquals(List.of(), told(0));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of("web 1/1"), told(0));
    acknowledge("a", ROUTES, "3");
    assertEquals(List.of("shop 1/1"), told(0));
  }

  @Test
  void certificateNotYetAcknowledged_notTold() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1", CERTIFICATE, "1"));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of(), told(0));
    acknowledge("a", CERTIFICATE, "1");
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void oneEnvoySilent_toldWithoutItAfterAWhileAndAgainWhenItAnswers() {
    envoys.put("a", new HashMap<>());
    envoys.put("b", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of(), told(0));
    assertTrue(programming.deadline(0).isPresent());
    assertEquals(List.of("web 1/2"), told(Programming.PATIENCE.toNanos()));
    acknowledge("b", ROUTES, "1");
    assertEquals(List.of("web 2/2"), told(0));
    assertFalse(programming.deadline(0).isPresent());
  }

  @Test
  void oneEnvoySilent_patienceBeginsWithTheTurn() {
    envoys.put("a", new HashMap<>());
    envoys.put("b", new HashMap<>());
    long patience = Programming.PATIENCE.toNanos();
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"), Set.of(), patience);
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of(), told(2 * patience - 1));
    assertEquals(OptionalLong.of(2 * patience), programming.deadline(2 * patience - 1));
    assertEquals(OptionalLong.empty(), programming.deadline(2 * patience));
    assertEquals(List.of("web 1/2"), told(2 * patience));
  }

  @Test
  void clusterNotAcknowledged_toldAllTheSame() {
    envoys.put("a", new HashMap<>());
    Resource.Key cluster = new Resource.Key(ResourceType.CLUSTER, "default/web/80");
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1", cluster, "1"));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void certificateOfALaterTurn_notWaitedFor() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    turn(List.of(), Map.of(CERTIFICATE, "1"));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void certificateOfATurnThatNobodyWaitsFor_notWaitedFor() {
    envoys.put("a", new HashMap<>());
    turn(List.of(), Map.of(CERTIFICATE, "1"));
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void certificateOfWhoWasTold_notWaitedForAgain() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1", CERTIFICATE, "1"));
    acknowledge("a", ROUTES, "1");
    acknowledge("a", CERTIFICATE, "1");
    assertEquals(List.of("web 1/1"), told(0));
    envoys.put("a", new HashMap<>());
    turn(List.of(served(SHOP, null)), Map.of(ROUTES, "2"));
    acknowledge("a", ROUTES, "2");
    assertEquals(List.of("shop 1/1"), told(0));
  }

  @Test
  void certificateRemovedBeforeItsAcknowledgement_noLongerWaitedFor() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1", CERTIFICATE, "1"));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of(), told(0));
    turn(List.of(), Map.of(), Set.of(CERTIFICATE), 0);
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void everyEnvoySilent_notToldHoweverLongItTakes() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    long late = Programming.PATIENCE.toNanos() * 100;
    assertEquals(List.of(), told(late));
    assertFalse(programming.deadline(late).isPresent(), "nothing to do before an Envoy answers");
  }

  @Test
  void envoyRefusesTheRoutes_toldThatNobodyHasItAndAgainWhenTheNextVersionIsTaken() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    refused.put("a", Set.of(ROUTES));
    assertEquals(List.of("web 0/1"), told(0));
    refused.clear();
    turn(List.of(), Map.of(ROUTES, "2"));
    assertEquals(List.of(), told(0));
    acknowledge("a", ROUTES, "2");
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void noEnvoy_toldSoAndAgainWhenTheFirstOneHasIt() {
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    assertEquals(List.of("web 0/0"), told(0));
    assertEquals(List.of(), told(0));
    envoys.put("a", new HashMap<>());
    assertEquals(List.of(), told(0));
    acknowledge("a", ROUTES, "1");
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void otherClass_neverTold() {
    envoys.put("a", new HashMap<>());
    turn(List.of(ingress(WEB, null, Reason.OtherClass)), Map.of());
    assertEquals(List.of(), told(0));
    turn(List.of(served(WEB, null)), Map.of(ROUTES, "1"));
    turn(List.of(ingress(WEB, null, Reason.OtherClass)), Map.of(ROUTES, "2"));
    acknowledge("a", ROUTES, "2");
    assertEquals(List.of(), told(0));
  }

  @Test
  void sameAgain_notToldAgain() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of());
    assertEquals(List.of("web 1/1"), told(0));
    turn(List.of(served(WEB, null)), Map.of());
    assertEquals(List.of(), told(0));
  }

  @Test
  void deletedAndMadeAnew_toldAgain() {
    envoys.put("a", new HashMap<>());
    turn(List.of(served(WEB, null)), Map.of());
    told(0);
    turn(List.of(new Change.Delete(WEB), served(WEB, null)), Map.of());
    assertEquals(List.of("web 1/1"), told(0));
  }

  @Test
  void state_tellsVerdictsAndContentApart_butNotReplicas() {
    Programming other =
        new Programming(
          this::covered,
          object -> verdicts.getOrDefault(object, List.of()),
          object -> new InForce(1, 1));
    List<Change> changes = List.of(served(WEB, null));
    String first = state(programming, changes, 1);
    assertEquals(first, state(other, List.of(aged(7)), 1));
    String second = state(programming, List.of(served(WEB, "isoline")), 2);
    assertNotEquals(first, second);
    verdicts.put(
        WEB, List.of(new Verdict(WEB, "", Outcome.REFUSED, Reason.BackendNotFound, "", "")));
    assertNotEquals(second, state(programming, List.of(), 3));
  }

  private String state(Programming followed, List<Change> changes, int version) {
    List<Verdict> now = verdicts.getOrDefault(WEB, List.of());
    followed.follow(
        changes, update(Map.of(ROUTES, String.valueOf(version)), Set.of(), Map.of(WEB, now)), 0);
    return followed.settled(0).iterator().next().state();
  }

  private static Change aged(long ordinal) {
    return new Change.Upsert(
        new IngressRecord(
            WEB,
            new Age(Instant.EPOCH, ordinal),
            null,
            new TreeMap<>(),
            null,
            List.of(),
            List.of()));
  }

  private Change served(ObjectRef ref, @Nullable String className) {
    return ingress(ref, className, Reason.Accepted);
  }

  private Change ingress(ObjectRef ref, @Nullable String className, Reason reason) {
    verdicts.put(ref, List.of(new Verdict(ref, "", Outcome.APPLIED, reason, "", "")));
    return new Change.Upsert(
        new IngressRecord(
            ref,
            new Age(Instant.EPOCH, 1),
            className,
            new TreeMap<>(),
            null,
            List.of(),
            List.of()));
  }

  private void turn(List<Change> changes, Map<Resource.Key, String> resources) {
    turn(changes, resources, Set.of(), 0);
  }

  private void turn(
      List<Change> changes,
      Map<Resource.Key, String> resources,
      Set<Resource.Key> removed,
      long now) {
    programming.follow(changes, update(resources, removed, verdicts), now);
  }

  private static Update update(
      Map<Resource.Key, String> resources,
      Set<Resource.Key> removed,
      Map<ObjectRef, List<Verdict>> verdicts) {
    List<Resource> changed = new ArrayList<>();
    resources.forEach(
        (key, version) ->
            changed.add(new Resource(key.type(), key.name(), version, Any.getDefaultInstance())));
    return new Update(changed, removed, Map.copyOf(verdicts), null, List.of());
  }

  private void acknowledge(String envoy, Resource.Key key, String version) {
    envoys.getOrDefault(envoy, new HashMap<>()).put(key, version);
  }

  private List<String> told(long now) {
    return programming.settled(now).stream()
        .map(p -> p.ingress().name() + " " + p.acknowledged() + "/" + p.envoys())
        .toList();
  }

  private Programmed covered(Map<Resource.Key, Set<String>> wanted) {
    int acknowledged = 0;
    int rejected = 0;
    for (Map.Entry<String, Map<Resource.Key, String>> envoy : envoys.entrySet()) {
      if (wanted.entrySet().stream()
          .allMatch(w -> w.getValue().contains(envoy.getValue().getOrDefault(w.getKey(), "")))) {
        acknowledged++;
      } else {
        Set<Resource.Key> bad =
            new HashSet<>(refused.getOrDefault(envoy.getKey(), Set.of()));
        rejected += bad.removeAll(wanted.keySet()) ? 1 : 0;
      }
    }
    return new Programmed(acknowledged, rejected, envoys.size(), envoys.size());
  }
}
