package io.isoline.translator;

import static io.isoline.translator.IngressBuilder.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.isoline.translator.kube.ClusterObject;
import io.isoline.tries.Tries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds for any objects, in any order, with any nonsense in them. */
final class TranslatorPropertiesTest {

  private static List<Change> upserts(List<ClusterObject> objects) {
    List<Change> changes = new ArrayList<>();
    objects.forEach(object -> changes.add(new Change.Upsert(object)));
    return changes;
  }

  private static void same(World expected, World actual) {
    assertEquals(expected.verdicts().keySet(), actual.verdicts().keySet());
    expected
        .verdicts()
        .forEach(
            (object, verdicts) ->
                assertEquals(verdicts, actual.verdicts(object), object::toString));
    assertEquals(expected.resources().keySet(), actual.resources().keySet());
    if (expected.resources().equals(actual.resources())) {
      return;
    }
    // The same again in words.
    expected
        .resources()
        .forEach(
            (key, resource) ->
                assertEquals(
                    World.proto(resource),
                    World.proto(actual.resource(key.type(), key.name())),
                    key::toString));
    assertEquals(expected.resources(), actual.resources());
  }

  @Test
  void apply_anyObjects_everyResourceKeepsEnvoysRules() {
    Tries.of(300).run(draw -> everyResourceKeepsEnvoysRules(draw.seed()));
  }

  private static void everyResourceKeepsEnvoysRules(long seed) {
    RandomObjects random = new RandomObjects(seed);
    World world = new World(random.settings());

    world.apply(upserts(random.cluster()), World.NOW);

    for (Resource resource : world.resources().values()) {
      assertEquals(List.of(), EnvoyRules.brokenBy(resource, EnvoyTypes.REGISTRY));
    }
  }

  @Test
  void apply_anyObjects_everyObjectHasAVerdict() {
    Tries.of(300).run(draw -> everyObjectHasAVerdict(draw.seed()));
  }

  private static void everyObjectHasAVerdict(long seed) {
    RandomObjects random = new RandomObjects(seed);
    World world = new World(random.settings());
    List<ClusterObject> objects = random.cluster();

    world.apply(upserts(objects), World.NOW);

    for (ClusterObject object : objects) {
      for (Verdict verdict : world.verdicts(object.ref())) {
        assertEquals(object.ref(), verdict.object());
        assertTrue(!verdict.message().isEmpty(), verdict::toString);
        assertTrue(!verdict.message().contains("null"), verdict::toString);
      }
    }
  }

  @Test
  void apply_anyOrderOfArrival_givesTheSame() {
    Tries.of(200).run(draw -> anyOrderGivesTheSame(draw.seed()));
  }

  private static void anyOrderGivesTheSame(long seed) {
    RandomObjects random = new RandomObjects(seed);
    Settings settings = random.settings();
    List<ClusterObject> objects = random.cluster();
    World atOnce = new World(settings);
    atOnce.apply(upserts(objects), World.NOW);

    World oneByOne = new World(settings);
    oneByOne.apply(List.of(), World.NOW);
    for (Change change : upserts(random.shuffled(objects))) {
      oneByOne.apply(List.of(change), World.NOW);
    }

    same(atOnce, oneByOne);
  }

  @Test
  void apply_anyHistory_isLikeItsEndAlone() {
    Tries.of(200).run(draw -> historyIsLikeItsEnd(draw.seed()));
  }

  private static void historyIsLikeItsEnd(long seed) {
    RandomObjects random = new RandomObjects(seed);
    Settings settings = random.settings();
    World world = new World(settings);
    Map<ObjectRef, ClusterObject> remaining = new TreeMap<>();
    List<Change> history = new ArrayList<>();
    for (List<Change> batch : random.batches()) {
      Update update = world.apply(batch, World.NOW);
      for (Change change : batch) {
        history.add(change);
        switch (change) {
          case Change.Upsert upsert -> remaining.put(upsert.object().ref(), upsert.object());
          case Change.Delete delete -> remaining.remove(delete.object());
          case Change.Unreadable unreadable -> {}
          case Change.Configure configure -> settings = configure.settings();
        }
      }
      World fresh = new World(settings);
      Update whole = fresh.apply(upserts(List.copyOf(remaining.values())), World.NOW);
      same(fresh, world);
      assertEquals(whole.recheckAt(), update.recheckAt(), history::toString);
    }
  }

  @Test
  void apply_brokenIngressOnHostsOfItsOwn_changesNothingForOthers() {
    Tries.of(300).run(draw -> brokenIngressChangesNothing(draw.seed()));
  }

  private static void brokenIngressChangesNothing(long seed) {
    RandomObjects random = new RandomObjects(seed);
    World world = new World(random.settings());
    world.apply(upserts(random.cluster()), World.NOW);
    Map<String, VirtualHost> before = virtualHosts(world);
    Map<Resource.Key, Resource> resources = new HashMap<>(world.resources());

    world.apply(
        ingress("broken")
            .created("1960-01-01T00:00:00Z")
            .host("own.org")
            .prefix("/", "missing", 80)
            .prefix("/", "missing", "a\u0000b")
            .path(null, null, null)
            .path("/%", "Exact", IngressBuilder.resource("X", "x"))
            .host("not a host")
            .prefix("/", "s1", 80)
            .host("*.own.org")
            .tls("bad", "own.org", "not a host", "")
            .tls("missing", "*.own.org")
            .tls(null)
            .build());

    Map<String, VirtualHost> after = virtualHosts(world);
    before.forEach((name, virtualHost) -> assertEquals(virtualHost, after.get(name)));
    resources.forEach(
        (key, resource) -> {
          switch (key.type()) {
            case CLUSTER, ENDPOINT, SECRET -> assertEquals(resource, world.resources().get(key));
            case LISTENER, EXTENSION, SCOPE, ROUTE -> assertTrue(world.resources().containsKey(key));
          }
        });
  }

  @Test
  void apply_failingOnSomeObjects_isAsIfTheyCouldNotBeRead() {
    Tries.of(100).run(draw -> failingIsAsIfNotRead(draw.seed()));
  }

  private static void failingIsAsIfNotRead(long seed) {
    RandomObjects random = new RandomObjects(seed);
    Settings settings = random.settings();
    World failing =
        new World(
            FailingPipeline.on(
                settings, FailingPipeline.Step.of(seed), TranslatorPropertiesTest::fails));
    World plain = new World(settings);
    for (List<Change> batch : random.batches()) {
      Update update = failing.apply(batch, World.NOW);
      List<Change> readable = new ArrayList<>();
      for (Change change : batch) {
        readable.add(
            fails(change) && change instanceof Change.Upsert upsert
                ? FailingPipeline.instead(upsert.object().ref())
                : change);
      }
      Update expected = plain.apply(readable, World.NOW);
      same(plain, failing);
      assertEquals(expected.recheckAt(), update.recheckAt());
      assertEquals(
          batch.stream().filter(TranslatorPropertiesTest::fails).toList(),
          update.defects().stream().flatMap(defect -> defect.changes().stream()).toList());
    }
  }

  private static boolean fails(Change change) {
    return change instanceof Change.Upsert upsert
        && Math.floorMod(upsert.object().hashCode(), 6) == 0;
  }

  private static Map<String, VirtualHost> virtualHosts(World world) {
    Map<String, VirtualHost> byName = new HashMap<>();
    world.routes().virtualHosts().forEach(v -> byName.put(v.getName(), v));
    return byName;
  }
}
