package io.isoline.controlplane.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ManifestWatcherTest {

  @TempDir Path dir;
  private final BlockingQueue<ManifestUpdate> updates = new LinkedBlockingQueue<>();

  private ManifestUpdate next() throws InterruptedException {
    ManifestUpdate update = updates.poll(120, TimeUnit.SECONDS);
    assertNotNull(update);
    return update;
  }

  @Test
  void start_givesTheFirstUpdateBeforeItReturns() throws IOException {
    Files.writeString(dir.resolve("a.yaml"), Reading.service("a", 80));
    try (var watcher = ManifestWatcher.start(List.of(dir), new ManifestReader(), updates::add)) {
      assertNotNull(watcher);
      assertEquals(1, updates.size());
    }
  }

  @Test
  void edit_givesAnUpdate() throws IOException, InterruptedException {
    Path file = dir.resolve("a.yaml");
    Files.writeString(file, Reading.service("a", 80));
    try (var watcher = ManifestWatcher.start(List.of(dir), new ManifestReader(), updates::add)) {
      assertNotNull(watcher);
      next();
      Files.writeString(file, Reading.service("a", 8080));
      assertEquals(1, next().changes().size());
      Files.delete(file);
      assertEquals(List.of(), next().manifests().objects());
    }
  }

  @Test
  void listenerThatThrows_getsTheNextUpdate() throws IOException, InterruptedException {
    try (var watcher =
        ManifestWatcher.start(
            List.of(dir),
            new ManifestReader(),
            update -> {
              updates.add(update);
              throw new IllegalStateException("thrown on purpose by a test");
            })) {
      assertNotNull(watcher);
      next();
      Files.writeString(dir.resolve("a.yaml"), Reading.service("a", 80));
      assertEquals(1, next().changes().size());
    }
  }

  @Test
  void close_endsTheThread() throws IOException {
    var watcher = ManifestWatcher.start(List.of(dir), new ManifestReader(), updates::add);
    watcher.close();
    watcher.close();
    updates.clear();
    Files.writeString(dir.resolve("a.yaml"), Reading.service("a", 80));
    assertNull(updates.poll());
    assertEquals(
        0,
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("manifest-watcher"))
            .count());
  }

  @Test
  void rest_afterALookOfAnyLength_isBounded() {
    long second = TimeUnit.SECONDS.toNanos(1);
    assertEquals(second / 5, ManifestWatcher.restAfter(0, false));
    assertEquals(second / 10, ManifestWatcher.restAfter(0, true));
    assertEquals(second, ManifestWatcher.restAfter(second / 10, false));
    assertEquals(2 * second, ManifestWatcher.restAfter(12 * second, true));
  }
}
