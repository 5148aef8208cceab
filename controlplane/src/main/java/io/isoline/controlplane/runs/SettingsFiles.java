package io.isoline.controlplane.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Watches the few files that the settings are read from. It looks at their times: a ConfigMap or a
 * Secret that is mounted changes by a swap of links, which no watch of a file sees.
 */
final class SettingsFiles implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(300);

  private final List<Path> files;
  private final Runnable changed;
  private final Thread thread;

  private SettingsFiles(List<Path> files, Runnable changed) {
    this.files = files;
    this.changed = changed;
    this.thread = Thread.ofVirtual().name("settings-files").unstarted(this::watch);
  }

  /** Calls {@code changed}, in a thread of its own, each time that one of the files is another. */
  static SettingsFiles watch(List<Path> files, Runnable changed) {
    SettingsFiles watched = new SettingsFiles(List.copyOf(files), changed);
    if (!files.isEmpty()) {
      watched.thread.start();
    }
    return watched;
  }

  private void watch() {
    List<Optional<FileTime>> last = times();
    try {
      while (true) {
        Thread.sleep(POLL);
        List<Optional<FileTime>> now = times();
        if (!now.equals(last)) {
          last = now;
          changed.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Optional<FileTime>> times() {
    return files.stream().map(SettingsFiles::time).toList();
  }

  private static Optional<FileTime> time(Path file) {
    try {
      return Optional.of(Files.getLastModifiedTime(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
