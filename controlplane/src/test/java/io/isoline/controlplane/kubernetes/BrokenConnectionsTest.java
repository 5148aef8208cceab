package io.isoline.controlplane.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.translator.Change;
import io.isoline.translator.kube.KnownKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that end at any moment: of lists, of watches, and of Secrets that are read by name. */
final class BrokenConnectionsTest {

  private static final int INGRESSES = 40;
  private static final int ROUNDS = 12;

  private FakeApiServer api;

  @BeforeEach
  void start() throws IOException {
    api = new FakeApiServer();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void feed_connectionsCutAtAnyMoment_endsUpWithAll(boolean streamingLists) {
    long seed = System.nanoTime();
    try {
      converge(new Random(seed), streamingLists);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private void converge(Random random, boolean streamingLists) {
    if (!streamingLists) {
      api.withoutStreamingLists();
    }
    SortedSet<String> expected = new TreeSet<>();
    for (int i = 0; i < INGRESSES; i++) {
      put(i, 0, expected);
    }
    Random cuts = new Random(random.nextLong());
    api.cutConnections(() -> cutAfter(cuts));
    try (Fed fed = Fed.from(api)) {
      fed.awaitLoaded();
      for (int round = 1; round <= ROUNDS; round++) {
        for (int changes = random.nextInt(10); changes > 0; changes--) {
          int i = random.nextInt(INGRESSES);
          if (expected.contains("Ingress default/i" + i) && random.nextInt(3) == 0) {
            api.delete("ingresses", "default", "i" + i);
            api.delete("secrets", "default", "s" + i);
            expected.remove("Ingress default/i" + i);
            expected.remove("Secret default/s" + i);
          } else {
            put(i, round, expected);
          }
        }
        if (random.nextInt(4) == 0) {
          api.forgetHistory();
        }
        int before = api.cuts();
        fed.await("connections are cut", () -> cutSome(before));
      }
      api.cutNoMore();
      fed.await("all", () -> expected.equals(new TreeSet<>(fed.names())));
      fed.await("no problem is left", () -> fed.feed().problems().isEmpty());
      for (List<Change> batch : fed.batches()) {
        for (Change change : batch) {
          assertFalse(change instanceof Change.Unreadable, () -> "blamed for it: " + change);
        }
      }
      assertTrue(api.cuts() > ROUNDS * INGRESSES / 2);
    }
  }

  private boolean cutSome(int before) {
    api.endWatches();
    return api.cuts() > before + INGRESSES / 2;
  }

  private static int cutAfter(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> -1;
      case 1 -> random.nextInt(2000);
      default -> Integer.MAX_VALUE;
    };
  }

  private void put(int i, int round, SortedSet<String> expected) {
    api.put(
        "secrets",
        ("{'metadata':{'namespace':'default','name':'s%d'},'type':'kubernetes.io/tls',"
                + "'data':{'tls.crt':'b25l','tls.key':'YQ=='}}")
            .formatted(i));
    api.put(
        "ingresses",
        ("{'metadata':{'namespace':'default','name':'i%d','annotations':{'round':'%d'}},"
                + "'spec':{'ingressClassName':'isoline','tls':[{'secretName':'s%d'}]}}")
            .formatted(i, round, i));
    expected.add("Ingress default/i" + i);
    expected.add("Secret default/s" + i);
  }

  @Test
  void feed_somethingUnforeseenFails_readsOn() throws Exception {
    put(0, 0, new TreeSet<>());
    AtomicInteger failures = new AtomicInteger();
    FeedListener failing =
        new FeedListener() {
          @Override
          public void listed(KnownKind kind, int objects) {
            if (failures.incrementAndGet() <= 10) {
              throw new IllegalStateException("unforeseen");
            }
          }

          @Override
          public void event(KnownKind kind) {}

          @Override
          public void watchRestarted(KnownKind kind) {}

          @Override
          public void failed(KnownKind kind, String verb, int status) {}
        };
    CountDownLatch loaded = new CountDownLatch(1);
    List<Change> changes = new ArrayList<>();
    try (ApiServer server =
            ApiServer.of(new ApiServerOptions(null, null, api.url()), Map.of());
        ClusterFeed feed = new ClusterFeed(server, Scope.CLUSTER, failing, Fed.SOON)) {
      feed.start(Fed.SETTINGS, changes::addAll, loaded::countDown);
      assertTrue(loaded.await(120, TimeUnit.SECONDS), () -> "problems " + feed.problems());
    }
    assertEquals(2, changes.size());
  }
}
