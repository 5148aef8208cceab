package io.isoline.translator;

import static io.isoline.translator.TestObjects.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.translator.FailingPipeline.Step;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.kube.IngressRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of everything else when the translation fails. */
final class DefectTest {

  private static final ObjectRef BAD = ObjectRef.ingress("default", "bad");

  /** A world that knows the Ingress {@code bad}, which leads to {@code v1}. */
  private static World world(Predicate<Change> fails) {
    return world((seen, batch) -> seen.stream().anyMatch(fails));
  }

  private static World world(BiPredicate<List<Change>, List<Change>> fails) {
    World world = new World(FailingPipeline.on(World.DEFAULTS, Step.TRANSLATE, fails));
    world.apply(service("v1", 80), service("v2", 80), ingress("bad", "v1"));
    return world;
  }

  private static IngressRecord ingress(String name, String service) {
    return IngressBuilder.ingress(name).host(name + ".com").prefix("/", service, 80).build();
  }

  private static Change upsert(String name, String service) {
    return new Change.Upsert(ingress(name, service));
  }

  private static List<Change> goodOnes(int count) {
    return new ArrayList<>(
        IntStream.range(0, count).mapToObj(i -> upsert("good" + i, "v2")).toList());
  }

  private static void assertServed(World world, int count) {
    for (int i = 0; i < count; i++) {
      assertEquals("default/v2/80", world.request("good" + i + ".com", "/"));
    }
  }

  private static List<Change> leftOut(Update update) {
    return update.defects().stream().flatMap(defect -> defect.changes().stream()).toList();
  }

  private static List<String> unreadable(World world, ObjectRef ref) {
    return world.verdicts(ref).stream()
        .filter(verdict -> verdict.reason() == Reason.Unreadable)
        .map(Verdict::message)
        .toList();
  }

  @Test
  void oneOfMany_staysAsItWasAndTheOthersAreTranslated() {
    Change bad = upsert("bad", "v2");
    World world = world(bad::equals);
    List<Change> batch = goodOnes(20);
    batch.add(7, bad);

    Update update = world.apply(batch, World.NOW);

    assertEquals(List.of(bad), leftOut(update));
    assertEquals("default/v1/80", world.request("bad.com", "/"));
    assertServed(world, 20);
    assertEquals(
        List.of(
            "Isoline fails on it, which is a defect of Isoline; its log has the"
                + " IllegalStateException; what was read of it before stays in service"),
        unreadable(world, BAD));
  }

  @Test
  void later_changesAreTranslatedAsUsual() {
    Change bad = upsert("bad", "v2");
    World world = world(bad::equals);
    world.apply(List.of(bad), World.NOW);

    assertEquals(List.of(), world.apply(goodOnes(3), World.NOW).defects());
    assertServed(world, 3);

    world.apply(ingress("bad", "v3"), service("v3", 80));
    assertEquals("default/v3/80", world.request("bad.com", "/"));
    assertEquals(List.of(), unreadable(world, BAD));
  }

  @Test
  void deletion_thatFails_leavesTheObjectAndSaysSo() {
    World world = world(change -> change instanceof Change.Delete);

    assertEquals(1, world.delete(BAD).defects().size());
    assertEquals("default/v1/80", world.request("bad.com", "/"));
    assertEquals(1, unreadable(world, BAD).size());
  }

  @Test
  void settings_thatFail_areLeftOut() {
    World world = world(change -> change instanceof Change.Configure);
    List<Change> batch = goodOnes(3);
    batch.add(new Change.Configure(SettingsVariants.named("everything", World.DEFAULTS)));

    assertEquals(List.of(batch.getLast()), leftOut(world.apply(batch, World.NOW)));
    assertServed(world, 3);
    assertEquals("default/v1/80", world.request("bad.com", "/"));
  }

  /** A certificate that expires, for example. */
  @Test
  void time_thatMakesAKnownObjectFail_takesItOutAlone() {
    boolean[] late = {false};
    Change bad = upsert("bad", "v1");
    World world = world(change -> late[0] && change.equals(bad));
    world.apply(goodOnes(3), World.NOW);
    late[0] = true;

    assertEquals(List.of(bad), leftOut(world.apply(List.of(), World.NOW)));
    assertServed(world, 3);
    assertEquals("404", world.request("bad.com", "/"));
  }

  @Test
  void two_thatCannotBeTogether_theFirstIsServed() {
    Change one = upsert("good0", "v2");
    Change other = upsert("other", "v2");
    World world = world((seen, batch) -> seen.contains(one) && seen.contains(other));

    assertEquals(List.of(other), leftOut(world.apply(List.of(one, other), World.NOW)));
    assertServed(world, 1);
  }

  /** What failed together is not put together again. */
  @Test
  void changes_thatFailInOneBatchOnly_areAllTranslated() {
    Change bad = upsert("bad", "v2");
    List<Change> batch = goodOnes(2);
    batch.add(bad);
    World world =
        world((seen, now) -> now.contains(bad) || now.containsAll(batch.subList(0, 2)));

    assertEquals(List.of(bad), leftOut(world.apply(batch, World.NOW)));
    assertServed(world, 2);
  }

  @Test
  void failure_thatDoesNotComeAgain_isToldAndNothingIsLeftOut() {
    int[] batches = {0};
    World world = world((seen, batch) -> ++batches[0] == 2);

    Update update = world.apply(goodOnes(3), World.NOW);

    assertEquals(1, update.defects().size());
    assertEquals(List.of(), leftOut(update));
    assertServed(world, 3);
  }

  @Test
  void manyThatFail_areLeftOutAndNoOther() {
    List<Change> bad = goodOnes(300);
    World world = world(bad::contains);
    List<Change> batch = new ArrayList<>();
    for (int i = 0; i < bad.size(); i++) {
      batch.add(upsert("fine" + i, "v2"));
      batch.add(bad.get(i));
    }

    assertEquals(bad, leftOut(world.apply(batch, World.NOW)));
    for (int i = 0; i < bad.size(); i++) {
      assertEquals("default/v2/80", world.request("fine" + i + ".com", "/"));
      assertEquals("404", world.request("good" + i + ".com", "/"));
      assertEquals(1, unreadable(world, ObjectRef.ingress("default", "good" + i)).size());
    }
  }

  /** Each with any of the others, so that they are good alone. */
  @Test
  void tooManyThatCannotBeTogether_areLeftOutAsTheyComeButNoDeletion() {
    List<Change> rivals = goodOnes(200);
    World world = world((seen, now) -> seen.stream().filter(rivals::contains).count() > 1);
    List<Change> batch = new ArrayList<>(rivals);
    batch.add(new Change.Delete(BAD));

    List<Change> leftOut = leftOut(world.apply(batch, World.NOW));

    assertServed(world, 1);
    assertEquals(Set.copyOf(rivals.subList(1, rivals.size())), Set.copyOf(leftOut));
    assertEquals("404", world.request("bad.com", "/"));
  }
}
