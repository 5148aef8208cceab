package io.isoline.controlplane.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.Any;
import io.isoline.controlplane.xds.Programmed;
import io.isoline.controlplane.stream.ResourceStore;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.translator.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeliveriesTest {

  private static final List<Change> FIRST =
      List.of(new Change.Delete(ObjectRef.ingress("default", "first")));
  private static final List<Change> SECOND =
      List.of(new Change.Delete(ObjectRef.ingress("default", "second")));

  private final ResourceStore store = new ResourceStore();

  /** By {@code NAME VERSION}, the version {@code null} for one that is gone. */
  private final Map<String, Programmed> reached = new HashMap<>();

  private final List<String> asked = new ArrayList<>();
  private int envoys = 2;
  private final Deliveries deliveries = new Deliveries(store, this::reach, () -> envoys);

  @Test
  void settled_someHaveNotAnswered_isOpen() {
    follow(FIRST, List.of(route("r", "1")), 0);
    assertEquals(List.of(), deliveries.settled(1));
    reached.put("r 1", new Programmed(1, 0, 2, 2));
    assertEquals(List.of(), deliveries.settled(2));
  }

  @Test
  void settled_allHaveTakenIt_saysWhatItWasAndHowLongItTook() {
    follow(FIRST, List.of(route("r", "1"), route("s", "1")), 10);
    reached.put("r 1", new Programmed(2, 0, 2, 2));
    assertEquals(List.of(), deliveries.settled(20));
    reached.put("s 1", new Programmed(2, 0, 2, 2));
    List<Delivery> settled = deliveries.settled(40);
    assertEquals(List.of(new Delivery(FIRST, 2, 2, 0, Duration.ofNanos(30))), settled);
    assertSame(FIRST, settled.getFirst().changes());
    assertEquals(List.of(), deliveries.settled(50));
  }

  @Test
  void settled_refused_countsTheResourceOnceHoweverManyRefuseIt() {
    follow(FIRST, List.of(route("r", "1"), route("s", "1"), route("t", "1")), 0);
    reached.put("r 1", new Programmed(0, 2, 2, 2));
    reached.put("s 1", new Programmed(1, 1, 2, 2));
    reached.put("t 1", new Programmed(2, 0, 2, 2));
    assertEquals(
        List.of(new Delivery(FIRST, 3, 2, 2, Duration.ZERO)), deliveries.settled(0));
  }

  @Test
  void settled_removedResource_waitsUntilAllHaveRemovedIt() {
    follow(FIRST, List.of(), Set.of(route("r", "1").key()), 0);
    assertEquals(List.of(), deliveries.settled(0));
    reached.put("r null", new Programmed(2, 0, 2, 2));
    assertEquals(
        List.of(new Delivery(FIRST, 1, 2, 0, Duration.ZERO)), deliveries.settled(0));
  }

  /** What they refused was the version of before; nobody can refuse that it goes. */
  @Test
  void settled_removedResourceThatWasRefused_isNoRefusal() {
    follow(FIRST, List.of(), Set.of(route("r", "1").key()), 0);
    reached.put("r null", new Programmed(1, 1, 2, 2));
    assertEquals(
        List.of(new Delivery(FIRST, 1, 2, 0, Duration.ZERO)), deliveries.settled(0));
  }

  @Test
  void settled_replacedByALaterBatch_isAtItsEnd() {
    follow(FIRST, List.of(route("r", "1")), 0);
    follow(SECOND, List.of(route("r", "2")), 0);
    assertEquals(
        List.of(new Delivery(FIRST, 1, 2, 0, Duration.ZERO)), deliveries.settled(0));
    reached.put("r 2", new Programmed(2, 0, 2, 2));
    assertEquals(
        List.of(new Delivery(SECOND, 1, 2, 0, Duration.ZERO)), deliveries.settled(0));
  }

  @Test
  void settled_laterBatchIsThereFirst_isToldFirst() {
    follow(FIRST, List.of(route("r", "1")), 0);
    follow(SECOND, List.of(route("s", "1")), 0);
    reached.put("s 1", new Programmed(2, 0, 2, 2));
    assertEquals(List.of(SECOND), deliveries.settled(0).stream().map(Delivery::changes).toList());
    reached.put("r 1", new Programmed(2, 0, 2, 2));
    assertEquals(List.of(FIRST), deliveries.settled(0).stream().map(Delivery::changes).toList());
  }

  @Test
  void settled_nobodyAskedForIt_isAtItsEndAtOnce() {
    envoys = 0;
    follow(FIRST, List.of(route("r", "1")), 0);
    reached.put("r 1", new Programmed(0, 0, 0, 0));
    assertEquals(
        List.of(new Delivery(FIRST, 1, 0, 0, Duration.ZERO)), deliveries.settled(0));
  }

  @Test
  void settled_batchThatChangedNothing_isAtItsEndAtOnce() {
    follow(FIRST, List.of(), 0);
    assertEquals(
        List.of(new Delivery(FIRST, 0, 2, 0, Duration.ZERO)), deliveries.settled(0));
  }

  @Test
  void settled_resourceThatAllHave_isNotAskedAboutAgain() {
    follow(FIRST, List.of(route("r", "1"), route("s", "1")), 0);
    reached.put("r 1", new Programmed(2, 0, 2, 2));
    deliveries.settled(0);
    deliveries.settled(0);
    assertEquals(List.of("r 1", "s 1", "s 1"), asked);
  }

  private void follow(List<Change> changes, List<Resource> changed, long since) {
    follow(changes, changed, Set.of(), since);
  }

  private void follow(
      List<Change> changes, List<Resource> changed, Set<Resource.Key> removed, long since) {
    store.apply(changed, removed);
    deliveries.follow(changes, new Update(changed, removed, Map.of(), null, List.of()), since);
  }

  private static Resource route(String name, String version) {
    return new Resource(ResourceType.ROUTE, name, version, Any.getDefaultInstance());
  }

  /** Two Envoys have asked for what nothing is known of, and have not answered. */
  private Programmed reach(Resource.Key key, @Nullable String version) {
    String which = key.name() + " " + version;
    asked.add(which);
    return reached.getOrDefault(which, new Programmed(0, 0, 2, 2));
  }
}
