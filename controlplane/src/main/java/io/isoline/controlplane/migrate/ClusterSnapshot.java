package io.isoline.controlplane.migrate;

import io.isoline.controlplane.kubernetes.ApiServer;
import io.isoline.controlplane.kubernetes.ClusterFeed;
import io.isoline.controlplane.kubernetes.FeedListener;
import io.isoline.controlplane.kubernetes.Scope;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.translator.Change;
import io.isoline.translator.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads once what is in a cluster, as the running program would. */
public final class ClusterSnapshot {

  /** How long something may keep it from reading before it gives up. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long reading may take in all. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private ClusterSnapshot() {}

  /**
   * Reads everything, the Secrets that Ingresses of ours name one by one.
   *
   * @throws Failure when something keeps it from reading, with the reason
   */
  public static List<Change> read(ApiServer server, Scope scope, Settings settings)
      throws Failure, InterruptedException {
    return read(server, scope, settings, PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long something may keep it from reading before it gives up
   */
  public static List<Change> read(
      ApiServer server, Scope scope, Settings settings, Duration patience)
      throws Failure, InterruptedException {
    List<Change> changes = new ArrayList<>();
    CountDownLatch loaded = new CountDownLatch(1);
    try (ClusterFeed feed = new ClusterFeed(server, scope, FeedListener.NONE)) {
      feed.start(
          settings,
          batch -> {
            if (loaded.getCount() > 0) {
              changes.addAll(batch);
            }
          },
          loaded::countDown);
      long start = System.nanoTime();
      long well = start;
      while (!loaded.await(100, TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        if (feed.problems().isEmpty()) {
          well = now;
        } else if (now - well > patience.toNanos()) {
          throw new Failure(
              "%s cannot be read:\n  %s".formatted(server, String.join("\n  ", feed.problems())));
        }
        if (now - start > LIMIT.toNanos()) {
          throw new Failure(
              "%s was not read within %d minutes".formatted(server, LIMIT.toMinutes()));
        }
      }
    }
    return List.copyOf(changes);
  }
}
