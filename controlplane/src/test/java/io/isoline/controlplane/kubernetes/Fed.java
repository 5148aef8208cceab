package io.isoline.controlplane.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.kube.ClusterObject;
import com.google.protobuf.ByteString;
import io.isoline.translator.kube.KnownKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A feed, and what has come of it where the engine would be. */
final class Fed implements AutoCloseable {

  static final Timing SOON =
      new Timing(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofMillis(20),
          Duration.ofSeconds(20));

  static final Settings SETTINGS = Settings.defaults(ByteString.EMPTY, ByteString.EMPTY);

  private final ApiServer server;
  private final ClusterFeed feed;

  @GuardedBy("this")
  private final List<List<Change>> batches = new ArrayList<>();
  @GuardedBy("this")
  private final SortedMap<String, ClusterObject> objects = new TreeMap<>();
  @GuardedBy("this")
  private final SortedMap<String, Change.Unreadable> unreadable =
      new TreeMap<>();
  @GuardedBy("this")
  private int loadedAfter = -1;
  @GuardedBy("this")
  private final Map<String, Integer> counts = new HashMap<>();

  private Fed(ApiServer server, Scope scope, Timing timing) {
    this.server = server;
    this.feed = new ClusterFeed(server, scope, new Counting(), timing);
    feed.start(SETTINGS, this::take, this::loaded);
  }

  static Fed from(ApiServer server, Scope scope, Timing timing) {
    return new Fed(server, scope, timing);
  }

  static Fed from(FakeApiServer fake, Scope scope, Timing timing) {
    try {
      return new Fed(
          ApiServer.of(new ApiServerOptions(null, null, fake.url()), Map.of()), scope, timing);
    } catch (ApiServerException e) {
      throw new IllegalStateException(e);
    }
  }

  static Fed from(FakeApiServer fake, Scope scope) {
    return from(fake, scope, SOON);
  }

  static Fed from(FakeApiServer fake) {
    return from(fake, Scope.CLUSTER);
  }

  /** Counts what is told to a listener. */
  private final class Counting implements FeedListener {

    @Override
    public void listed(KnownKind kind, int objects) {
      count("listed " + kind);
    }

    @Override
    public void event(KnownKind kind) {
      count("event " + kind);
    }

    @Override
    public void watchRestarted(KnownKind kind) {
      count("watch " + kind);
    }

    @Override
    public void failed(KnownKind kind, String verb, int status) {
      count("failed " + kind + " " + verb + " " + status);
    }
  }

  private synchronized void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private synchronized void take(List<Change> changes) {
    batches.add(changes);
    for (Change change : changes) {
      switch (change) {
        case Change.Upsert upsert -> {
          objects.put(upsert.object().ref().toString(), upsert.object());
          unreadable.remove(upsert.object().ref().toString());
        }
        case Change.Delete delete -> {
          objects.remove(delete.object().toString());
          unreadable.remove(delete.object().toString());
        }
        case Change.Unreadable fault -> unreadable.put(fault.object().toString(), fault);
        case Change.Configure _ -> {}
      }
    }
  }

  private synchronized void loaded() {
    if (loadedAfter >= 0) {
      throw new IllegalStateException("loaded twice");
    }
    loadedAfter = batches.size();
  }

  ClusterFeed feed() {
    return feed;
  }

  /** The names of all objects that the engine has, {@code Ingress default/web}. */
  synchronized List<String> names() {
    return List.copyOf(objects.keySet());
  }

  synchronized boolean has(String name) {
    return objects.containsKey(name);
  }

  synchronized @Nullable ClusterObject object(String name) {
    return objects.get(name);
  }

  synchronized List<List<Change>> batches() {
    return List.copyOf(batches);
  }

  synchronized Change.@Nullable Unreadable unreadable(String name) {
    return unreadable.get(name);
  }

  /** How many batches there were before it was said that all is loaded; -1 when it was not said. */
  synchronized int loadedAfter() {
    return loadedAfter;
  }

  synchronized int counted(String what) {
    return counts.getOrDefault(what, 0);
  }

  Fed awaitLoaded() {
    await("loaded", () -> loadedAfter() >= 0 && feed.isSynced());
    return this;
  }

  void await(String what, Callable<Boolean> condition) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() - end >= 0) {
          throw new AssertionError(
              "never: " + what + "; there are " + names() + ", problems " + feed.problems());
        }
        LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
      }
    } catch (Exception e) {
      throw new IllegalStateException(what, e);
    }
  }

  @Nullable ObjectIdentity identity(ObjectRef ref) {
    return feed.find(ref);
  }

  @Override
  public void close() {
    feed.close();
    server.close();
  }
}
