package io.isoline.controlplane.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Resource;
import io.isoline.translator.ResourceType;
import io.isoline.tries.Draw;
import io.isoline.tries.Tries;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens in whatever order, a client that behaves ends up with what the store has, and a
 * route that serves never names a cluster that does not.
 */
final class ConvergenceTest {
  private static final long NEVER = 1L << 50;

  sealed interface Step {
    /** The store becomes this; the seed decides what is in it. */
    record Update(long seed, boolean withBad) implements Step {}

    record ToServer(int messages) implements Step {}

    record ToClient(int messages) implements Step {}

    record Reconnect() implements Step {}

    record Drain() implements Step {}
  }

  @Test
  void stream_anySteps_convergesWithoutABreak() {
    Tries.of(1500).run(draw -> runAnySteps(draw, false));
  }

  @Test
  void stream_anyStepsWithBadResources_convergesToTheLastGood() {
    Tries.of(1500).run(draw -> runAnySteps(draw, true));
  }

  private static void runAnySteps(Draw draw, boolean withBad) {
    FakeEnvoy client =
        new FakeEnvoy(
            draw.of(Variant.values()), draw.of(FakeEnvoy.Refusal.values()), draw.flag());
    new World(client).runAll(draw.list(1, 40, step -> step(step, withBad)));
  }

  private static Step step(Draw draw, boolean withBad) {
    return switch (draw.below(19)) {
      case 0, 1 -> new Step.Drain();
      case 2 -> new Step.Reconnect();
      case 3, 4, 5, 6, 7, 8 -> new Step.ToServer(draw.between(1, 4));
      case 9, 10, 11, 12, 13, 14 -> new Step.ToClient(draw.between(1, 4));
      default -> new Step.Update(draw.seed(), withBad);
    };
  }

  /** A store, one stream and one client, with messages under way between them. */
  private static final class World {
    private final FakeEnvoy client;
    private final Variant variant;
    private final ResourceStore store = new ResourceStore();
    private final Deque<AdsResponse> toClient = new ArrayDeque<>();
    private final Set<String> everBad = new HashSet<>();
    private AdsStream stream;
    private boolean knowsWhatClientHolds = true;
    private boolean reconnected;
    private long now;
    private final List<String> trace = new ArrayList<>();

    World(FakeEnvoy client) {
      this.client = client;
      variant = client.variant();
      store.listen(
          new ResourceStore.Listener() {
            @Override
            public void loaded() {
              send(stream.loaded(0));
            }

            @Override
            public void changed(List<Resource.Key> keys) {
              send(stream.changed(keys, now));
            }
          });
      stream = newStream();
      client.connect();
    }

    private AdsStream newStream() {
      return new AdsStream(1, "test", variant, store, StreamEvents.NONE, NEVER, 1000);
    }

    private void send(AdsStream.Output output) {
      toClient.addAll(output.responses());
    }

    void runAll(List<Step> steps) {
      try {
        steps.forEach(this::run);
        drain();
        assertConverged();
      } catch (Throwable e) {
        throw new AssertionError(String.join("\n", trace), e);
      }
    }

    private void run(Step step) {
      trace.add(step.toString());
      switch (step) {
        case Step.Update update -> update(update);
        case Step.ToServer move -> {
          for (int i = 0; i < move.messages(); i++) {
            deliverToServer();
          }
        }
        case Step.ToClient move -> {
          for (int i = 0; i < move.messages(); i++) {
            deliverToClient();
          }
        }
        case Step.Reconnect() -> reconnect();
        case Step.Drain() -> drain();
      }
    }

    private void reconnect() {
      reconnected = true;
      toClient.clear();
      stream = newStream();
      client.connect();
      // State of the world cannot say what it holds, so what vanished meanwhile goes at once.
      knowsWhatClientHolds = variant == Variant.DELTA;
    }

    private boolean deliverToServer() {
      AdsRequest request = client.requests.poll();
      if (request == null) {
        return false;
      }
      trace.add("> " + request);
      send(stream.request(request, now));
      return true;
    }

    private boolean deliverToClient() {
      AdsResponse response = toClient.poll();
      if (response == null) {
        return false;
      }
      trace.add("< " + response);
      client.receive(response);
      Set<String> broken = new TreeSet<>(client.brokenClusters());
      broken.removeAll(everBad);
      if (knowsWhatClientHolds && everBad.stream().noneMatch(World::isListenerNeed)) {
        assertEquals(Set.of(), broken, "clusters that a route in use lacks");
      }
      return true;
    }

    /** A listener that can never get warm leaves its predecessor in place. */
    private static boolean isListenerNeed(String name) {
      return name.startsWith("s") || name.startsWith("e") || name.startsWith("r");
    }

    void drain() {
      store.markLoaded();
      for (int i = 0; i < 5000; i++) {
        boolean moved = deliverToServer();
        moved |= deliverToClient();
        // State of the world cannot say that endpoints are gone which the client waits for.
        if (!moved && (variant == Variant.SOTW || !everBad.isEmpty())) {
          moved = client.fetchTimeout();
        }
        if (!moved && !client.hasRoutes() && stream.tick(now).deadline().isPresent()) {
          // Whether a client that came back has routes is known only after a while.
          now += NEVER;
          send(stream.tick(now));
          moved = !toClient.isEmpty();
        }
        if (!moved) {
          // What a refused response of state of the world left behind stays unknown.
          knowsWhatClientHolds |= everBad.isEmpty();
          return;
        }
      }
      throw new AssertionError("the two never stop to talk");
    }

    private void update(Step.Update update) {
      Map<Resource.Key, Resource> next = snapshot(new Random(update.seed()), update.withBad());
      List<Resource> changed = new ArrayList<>(next.values());
      Set<Resource.Key> removed = new HashSet<>();
      for (ResourceType type : ResourceType.values()) {
        store.all(type).forEach(resource -> removed.add(resource.key()));
      }
      removed.removeAll(next.keySet());
      for (Resource resource : changed) {
        if (Resources.isBad(resource)) {
          everBad.add(resource.name());
        }
      }
      trace.add("  changed " + changed + " removed " + removed);
      store.apply(changed, removed);
      store.markLoaded();
    }

    /** Those of several clusters. */
    private static final String SHARED_ENDPOINTS = "x";

    /** Resources as a translator makes them: what is referred to exists. */
    private static Map<Resource.Key, Resource> snapshot(Random random, boolean withBad) {
      Map<Resource.Key, Resource> all = new HashMap<>();
      List<String> clusters = pick(random, "ca", "cb", "cc", "cd");
      List<String> secrets = pick(random, "sa", "sb");
      List<String> routes = pick(random, "ra", "rb", "rc");
      all.put(
          Resource.DEFAULT_CERTIFICATE,
          Resources.secret(Resource.DEFAULT_CERTIFICATE.name(), "v"));
      for (String name : clusters) {
        boolean eds = random.nextInt(4) > 0;
        if (eds) {
          String endpoints = random.nextInt(3) > 0 ? name : SHARED_ENDPOINTS;
          add(all, random, withBad, ResourceType.CLUSTER, name, "eds", endpoints);
          if (!all.containsKey(new Resource.Key(ResourceType.ENDPOINT, endpoints))) {
            add(all, random, withBad, ResourceType.ENDPOINT, endpoints);
          }
        } else {
          add(all, random, withBad, ResourceType.CLUSTER, name, "dns");
        }
      }
      for (String name : secrets) {
        add(all, random, withBad, ResourceType.SECRET, name);
      }
      for (String name : routes) {
        add(all, random, withBad, ResourceType.ROUTE, name, some(random, clusters));
      }
      for (String route : routes) {
        // Each has its own, or Envoy has to do without for a moment.
        if (random.nextBoolean()) {
          add(all, random, withBad, ResourceType.SCOPE, "p" + route, route);
        }
      }
      List<String> extensions = pick(random, "ea", "eb");
      for (String name : extensions) {
        add(all, random, withBad, ResourceType.EXTENSION, name);
      }
      for (String name : pick(random, "la", "lb")) {
        List<String> needs = new ArrayList<>();
        needs.addAll(
            random.nextBoolean() ? List.of(Resources.SCOPES) : List.of(some(random, routes)));
        needs.addAll(List.of(some(random, secrets)));
        needs.addAll(List.of(some(random, extensions)));
        String[] words = needs.toArray(String[]::new);
        add(all, random, withBad, ResourceType.LISTENER, name, words);
      }
      return all;
    }

    private static List<String> pick(Random random, String... names) {
      List<String> picked = new ArrayList<>();
      for (String name : names) {
        if (random.nextInt(3) > 0) {
          picked.add(name);
        }
      }
      return picked;
    }

    private static String[] some(Random random, List<String> names) {
      return names.isEmpty()
          ? new String[0]
          : new String[] {names.get(random.nextInt(names.size()))};
    }

    private static void add(
        Map<Resource.Key, Resource> all,
        Random random,
        boolean withBad,
        ResourceType type,
        String name,
        String... words) {
      boolean bad = withBad && random.nextInt(8) == 0;
      String version = (bad ? "bad" : "v") + random.nextInt(3) + "/" + String.join(",", words);
      all.put(new Resource.Key(type, name), Resources.resource(type, name, version, words));
    }

    void assertConverged() {
      boolean anyBad = false;
      if (!reconnected) {
        // What is gone stays as it is until the listener that named it is.
        Set<String> spoiled = client.spoiledSecrets();
        spoiled.removeIf(name -> store.find(ResourceType.SECRET, name) == null);
        assertEquals(Set.of(), spoiled);
      }
      for (ResourceType type : ResourceType.values()) {
        for (Resource resource : store.all(type)) {
          if (!client.isSubscribed(type, resource.name())) {
            continue;
          }
          Resource held = client.held(type).get(resource.name());
          if (Resources.isBad(resource)) {
            anyBad = true;
            assertTrue(held == null || !Resources.isBad(held), "took " + held);
            assertFalse(
                stream.isProgrammed(resource.key(), resource.version()), "believes in " + resource);
          } else {
            assertNotNull(held, "lacks " + resource);
            assertEquals(resource.version(), held.version(), resource.toString());
          }
        }
      }
      if (anyBad) {
        return; // The last good of what is bad may keep more.
      }
      for (ResourceType type : ResourceType.values()) {
        for (Resource held : client.held(type).values()) {
          boolean sotwCannotSayIt = variant == Variant.SOTW && !variant.canRemove(type);
          assertTrue(
              store.find(held.key()) != null || sotwCannotSayIt, "holds " + held + " for ever");
        }
      }
      assertEquals(Map.of(), client.warmingClusters);
      assertEquals(Map.of(), client.warmingListeners);
      assertFalse(
          store.isLoaded()
              && client.activeListeners.size() != store.all(ResourceType.LISTENER).size());
    }
  }
}
