package io.isoline.controlplane.runs;

import io.isoline.controlplane.engine.Engine;
import io.isoline.controlplane.local.SampleBackends;
import io.isoline.controlplane.local.SamplePlan;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.ManifestUpdate;
import io.isoline.controlplane.manifest.ManifestWatcher;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.terminal.Failure;
import io.isoline.translator.Change;
import io.isoline.translator.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Feeds an engine from files, and again when they change: manifests, the sample backends that they
 * call for, and the configuration file.
 *
 * <p>The watcher of manifests and that of the files with the settings work in threads of their own;
 * the lock of this object orders what they do.
 */
public final class FileFeed implements AutoCloseable {

  /** What the settings are for these manifests, read anew from options and files. */
  public interface SettingsSource {
    Settings settings(Manifests manifests) throws Failure;
  }

  private final Engine engine;
  private final SettingsSource source;
  private final @Nullable SampleBackends backends;
  private final Consumer<String> notices;

  private Settings settings;
  private @Nullable Manifests manifests;
  private List<String> notes = List.of();
  private @Nullable ManifestWatcher watcher;
  private @Nullable SettingsFiles settingsFiles;

  /**
   * A feed that does nothing yet.
   *
   * @param settings what the engine was started with
   * @param backends null for none
   * @param notices is told what goes wrong on the way, from any thread
   */
  public FileFeed(
      Engine engine,
      Settings settings,
      SettingsSource source,
      @Nullable SampleBackends backends,
      Consumer<String> notices) {
    this.engine = engine;
    this.settings = settings;
    this.source = source;
    this.backends = backends;
    this.notices = notices;
  }

  /** Loads everything, tells the engine so, and watches from then on. */
  public void start(List<Path> paths, List<Path> settingsOf, Consumer<Manifests> latest) {
    watcher =
        ManifestWatcher.start(
            paths,
            new ManifestReader(),
            update -> {
              latest.accept(update.manifests());
              feed(update);
            });
    engine.loaded();
    settingsFiles = SettingsFiles.watch(settingsOf, this::settingsChanged);
  }

  private synchronized void feed(ManifestUpdate update) {
    manifests = update.manifests();
    List<Change> changes = new ArrayList<>(update.changes());
    reconfigure(update.manifests(), changes);
    if (backends != null) {
      SamplePlan plan = SamplePlan.of(update.manifests());
      SampleBackends.Applied applied = backends.apply(plan.services());
      changes.addAll(applied.changes());
      applied.problems().forEach(notices);
      for (String note : plan.notes()) {
        if (!notes.contains(note)) {
          notices.accept(note);
        }
      }
      notes = plan.notes();
    }
    engine.submit(changes);
  }

  private void reconfigure(Manifests current, List<Change> changes) {
    try {
      Settings now = source.settings(current);
      if (!now.equals(settings)) {
        settings = now;
        changes.add(new Change.Configure(now));
      }
    } catch (Failure e) {
      notices.accept("the settings stay as they were: " + e.getMessage());
    }
  }

  private synchronized void settingsChanged() {
    if (manifests != null) {
      List<Change> changes = new ArrayList<>();
      reconfigure(manifests, changes);
      engine.submit(changes);
    }
  }

  /** Stops watching. The engine and the backends stay as they are. */
  @Override
  public void close() {
    if (watcher != null) {
      watcher.close();
    }
    if (settingsFiles != null) {
      settingsFiles.close();
    }
  }
}
