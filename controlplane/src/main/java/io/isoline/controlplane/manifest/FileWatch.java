package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.FileContents.Finding;
import io.isoline.controlplane.manifest.FileTree.Listing;
import io.isoline.controlplane.manifest.FileTree.Stamp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a {@link ManifestWatcher}: which state of each file was read, and what was in it.
 * It has no thread and no clock; time is counted in looks. For one thread at a time.
 */
final class FileWatch {

  /** After so many looks that found something moving, what is at rest is taken up. */
  static final int MAX_UNSETTLED = 10;

  private final FileTree tree;
  private final ManifestReader reader;
  private final Catalogue catalogue = new Catalogue();

  private final Map<Path, Cached> cache = new HashMap<>();
  private Listing applied = new Listing(Map.of(), List.of());
  private Listing seen = applied;
  private Manifests manifests = Manifests.empty();
  private int unsettled;

  private record Cached(Stamp stamp, FileContents contents) {}

  /**
   * What a look found.
   *
   * @param settling whether something has changed that is not taken up yet
   */
  record Look(@Nullable ManifestUpdate update, boolean settling) {
    static final Look QUIET = new Look(null, false);
    static final Look SETTLING = new Look(null, true);
  }

  FileWatch(List<Path> paths, ManifestReader reader) {
    this.tree = new FileTree(paths);
    this.reader = reader;
  }

  /** Reads everything as it is. */
  ManifestUpdate first() {
    seen = tree.list();
    return apply(seen);
  }

  Look look() {
    Listing now = tree.list();
    Listing before = seen;
    seen = now;
    if (now.equals(applied)) {
      unsettled = 0;
      return Look.QUIET;
    }
    if (now.equals(before)) {
      unsettled = 0;
      return new Look(apply(now), false);
    }
    if (++unsettled < MAX_UNSETTLED) {
      return Look.SETTLING;
    }
    unsettled = 0;
    return new Look(apply(resting(before, now)), true);
  }

  /** What two listings agree about; the rest as it was taken up last. */
  private Listing resting(Listing before, Listing now) {
    Map<Path, Stamp> stamps = new HashMap<>(applied.stamps());
    for (Path file : before.stamps().keySet()) {
      Stamp stamp = now.stamps().get(file);
      if (stamp != null && stamp.equals(before.stamps().get(file))) {
        stamps.put(file, stamp);
      }
    }
    stamps
        .keySet()
        .removeIf(file -> !before.stamps().containsKey(file) && !now.stamps().containsKey(file));
    return new Listing(stamps, now.faults());
  }

  private ManifestUpdate apply(Listing listing) {
    List<String> changed = new ArrayList<>();
    Map<Path, Stamp> stamps = new HashMap<>(listing.stamps());
    boolean kept = false;
    for (Path file : List.copyOf(cache.keySet())) {
      if (stamps.containsKey(file)) {
        continue;
      }
      Cached cached = cache.get(file);
      if (cached != null && listing.unknown(file)) {
        stamps.put(file, cached.stamp());
        kept = true;
      } else {
        cache.remove(file);
        changed.add(FileReader.name(file));
      }
    }
    String note = kept ? "; what was read from it before stays in service" : "";
    List<Finding> faults =
        listing.faults().stream().map(fault -> FileContents.fault(fault, note)).toList();
    List<FileContents> contents = new ArrayList<>();
    for (Path file : tree.ordered(new Listing(stamps, listing.faults()))) {
      Stamp stamp = stamps.get(file);
      if (stamp == null) {
        continue;
      }
      Cached cached = cache.get(file);
      // A pipe can be read once; its time changes when it is read.
      if (cached == null || (stamp.regular() && !cached.stamp().equals(stamp))) {
        cached = new Cached(stamp, reader.file(file));
        cache.put(file, cached);
        changed.add(FileReader.name(file));
      }
      contents.add(cached.contents());
    }
    applied = listing;
    Manifests next = catalogue.combine(faults, contents);
    var update = new ManifestUpdate(next, next.changesSince(manifests), changed);
    manifests = next;
    return update;
  }
}
