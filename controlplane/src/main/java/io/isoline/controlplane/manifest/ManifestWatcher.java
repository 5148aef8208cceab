package io.isoline.controlplane.manifest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads manifests and reads them again when they change.
 *
 * <p>It looks at the time, size and inode of each file a few times a second instead of asking the
 * system for events: events differ between systems, do not cross network file systems, need a
 * handle for each directory and are lost when there are many; this sees every way to save a file
 * (in place, by renaming another over it, by turning the link {@code ..data} of a ConfigMap), new
 * directories and deletions alike. What it costs is bounded: it rests for ten times as long as the
 * look took.
 *
 * <p>A change is taken up when nothing has moved between two looks, so that neither a file that is
 * half written nor half of a checkout is read; while files never come to rest, those that did are
 * taken up after a second. Only files that changed are read.
 *
 * <p>What was in service stays as it was when an edit makes it unreadable: an object that is
 * refused keeps its last good version; of a file with a syntax error, all objects stay that the
 * readable documents do not give; while a directory that was named is gone or unreadable, all of
 * its files stay. The verdicts say so. A file that is deleted takes its objects with it.
 *
 * <p>Updates are given one at a time: the first by {@link #start} on the thread of its caller, all
 * others by the watcher's own thread.
 */
public final class ManifestWatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ManifestWatcher.class);

  /** Between two looks while nothing changes. */
  private static final Duration IDLE = Duration.ofMillis(200);

  /** Between two looks while something does. */
  private static final Duration SETTLING = Duration.ofMillis(100);

  private static final int REST_FACTOR = 10;

  /** Whatever a look takes, nobody waits longer for the next. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(2);

  private final FileWatch watch;
  private final Consumer<ManifestUpdate> listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private ManifestWatcher(FileWatch watch, Consumer<ManifestUpdate> listener) {
    this.watch = watch;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("manifest-watcher").unstarted(this::run);
  }

  /**
   * Reads everything, gives it to the listener as changes from nothing, and watches from then on.
   *
   * @param paths files and directories as for {@link ManifestReader#read}; standard input is read
   *     once
   * @param listener what it throws is logged and changes nothing
   */
  public static ManifestWatcher start(
      List<Path> paths, ManifestReader reader, Consumer<ManifestUpdate> listener) {
    var watcher = new ManifestWatcher(new FileWatch(paths, reader), listener);
    watcher.deliver(watcher.watch.first());
    watcher.thread.start();
    return watcher;
  }

  private void run() {
    long rest = IDLE.toNanos();
    try {
      while (!closed.await(rest, TimeUnit.NANOSECONDS)) {
        long before = System.nanoTime();
        boolean settling = false;
        try {
          FileWatch.Look look = watch.look();
          settling = look.settling();
          if (look.update() != null && closed.getCount() > 0) {
            deliver(look.update());
          }
        } catch (RuntimeException e) {
          LOG.error("Looking at the manifests failed; it is tried again", e);
        }
        rest = restAfter(System.nanoTime() - before, settling);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long to leave the files alone after a look that took so long, in nanoseconds. */
  static long restAfter(long took, boolean settling) {
    long rest = Math.max((settling ? SETTLING : IDLE).toNanos(), REST_FACTOR * took);
    return Math.min(rest, LONGEST_REST.toNanos());
  }

  private void deliver(ManifestUpdate update) {
    try {
      listener.accept(update);
    } catch (RuntimeException e) {
      LOG.error("An update of the manifests was not taken", e);
    }
  }

  /** Stops. No update is given after it returned, unless it is called by the listener itself. */
  @Override
  public void close() {
    closed.countDown();
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
