package io.isoline.controlplane.manifest;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that are manifests. A file that the user names is read whatever its name is; of a
 * directory, the files in it and below it that end in {@code .yaml}, {@code .yml} or {@code .json}
 * are read.
 *
 * <p>Names that begin with a dot or {@code #} are skipped: they belong to editors and version
 * control, and in the volume of a ConfigMap to the directories {@code ..data} and {@code ..2026…}
 * behind the links that are read. Symbolic links are followed; a file that is reached twice is read
 * once.
 */
final class FileTree {

  /** The name that stands for standard input. */
  static final Path STDIN = Path.of("-");

  private final List<Path> roots;

  FileTree(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /**
   * What can be seen of a file without reading it.
   *
   * @param fileKey the inode; null where the file system has none
   * @param regular false for pipes and devices, which must be read just once
   */
  record Stamp(long modified, long size, @Nullable Object fileKey, boolean regular) {
    static Stamp of(BasicFileAttributes attributes) {
      return new Stamp(
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          attributes.size(),
          attributes.fileKey(),
          attributes.isRegularFile());
    }
  }

  /** Why a root, or a directory below it, gave no files. */
  record Fault(Path path, Kind kind, String message, String fix) {
    enum Kind {
      EMPTY,
      GONE,
      UNREADABLE
    }
  }

  /**
   * All files at one moment. Two listings are equal when nothing that can be seen has changed.
   *
   * @param stamps by path
   * @param faults in the order of the roots
   */
  record Listing(Map<Path, Stamp> stamps, List<Fault> faults) {

    /**
     * Whether nobody can say if a file still exists: a directory above it could not be read, or the
     * directory that the user named is gone, like a volume that is not mounted.
     */
    boolean unknown(Path file) {
      for (Fault fault : faults) {
        boolean unknown =
            switch (fault.kind()) {
              case EMPTY -> false;
              case GONE -> file.startsWith(fault.path()) && !file.equals(fault.path());
              case UNREADABLE -> file.startsWith(fault.path());
            };
        if (unknown) {
          return true;
        }
      }
      return false;
    }
  }

  Listing list() {
    Map<Path, Stamp> stamps = new HashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (Path root : roots) {
      if (root.equals(STDIN)) {
        stamps.put(root, new Stamp(0, 0, null, false));
      } else {
        list(root, stamps, faults);
      }
    }
    return new Listing(stamps, faults);
  }

  private static void list(Path root, Map<Path, Stamp> stamps, List<Fault> faults) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
      if (!attributes.isDirectory()) {
        stamps.put(root, Stamp.of(attributes));
        return;
      }
      var visitor = new Visitor(root, stamps, faults);
      Files.walkFileTree(
          root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
      if (visitor.empty) {
        faults.add(
            new Fault(
                root,
                Fault.Kind.EMPTY,
                "the directory holds no file that ends in .yaml, .yml or .json",
                "name another one, or put manifests there"));
      }
    } catch (NoSuchFileException e) {
      faults.add(new Fault(root, Fault.Kind.GONE, "does not exist", "check the path"));
    } catch (IOException e) {
      faults.add(fault(root, e));
    }
  }

  private static Fault fault(Path path, IOException e) {
    String reason =
        e instanceof java.nio.file.AccessDeniedException
            ? "permission denied"
            : String.valueOf(e.getMessage());
    return new Fault(
        path, Fault.Kind.UNREADABLE, "cannot be read: " + reason, "check its permissions");
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Map<Path, Stamp> stamps;
    private final List<Fault> faults;

    /** Whether neither a manifest was found nor a place where one could be. */
    boolean empty = true;

    Visitor(Path root, Map<Path, Stamp> stamps, List<Fault> faults) {
      this.root = root;
      this.stamps = stamps;
      this.faults = faults;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return !directory.equals(root) && skipped(directory)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && !skipped(file) && isManifest(file)) {
        stamps.put(file, Stamp.of(attributes));
        empty = false;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      boolean gone = e instanceof NoSuchFileException;
      boolean loop = e instanceof java.nio.file.FileSystemLoopException;
      if (!gone && !loop && !skipped(file)) {
        faults.add(fault(file, e));
        empty = false;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      if (e != null && !(e instanceof NoSuchFileException)) {
        faults.add(fault(directory, e));
        empty = false;
      }
      return FileVisitResult.CONTINUE;
    }

    private static boolean skipped(Path path) {
      Path name = path.getFileName();
      return name != null && (name.toString().startsWith(".") || name.toString().startsWith("#"));
    }

    private static boolean isManifest(Path path) {
      String name = path.toString();
      return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }
  }

  /**
   * The files of a listing in the order in which they are read: that of the roots, and in a
   * directory by name, as {@code kubectl apply -f} reads them. A file with several paths has the
   * first of them.
   */
  List<Path> ordered(Listing listing) {
    Map<Path, Boolean> ordered = new LinkedHashMap<>();
    Set<Object> seen = new HashSet<>();
    for (Path root : roots) {
      listing.stamps().keySet().stream()
          .filter(file -> file.equals(root) || file.startsWith(root))
          .sorted(BY_NAME)
          .forEach(
              file -> {
                Stamp stamp = listing.stamps().get(file);
                Object key = stamp == null || !stamp.regular() ? null : stamp.fileKey();
                if (!ordered.containsKey(file) && (key == null || seen.add(key))) {
                  ordered.put(file, true);
                }
              });
    }
    return List.copyOf(ordered.keySet());
  }

  /** Name by name, so that the files of a directory stay together. */
  private static final Comparator<Path> BY_NAME =
      (a, b) -> {
        String left = a.toString();
        String right = b.toString();
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
          int order = Character.compare(rank(left.charAt(i)), rank(right.charAt(i)));
          if (order != 0) {
            return order;
          }
        }
        return Integer.compare(left.length(), right.length());
      };

  /** The end of a name comes before every character that a name can hold. */
  private static char rank(char c) {
    return c == File.separatorChar ? 0 : c;
  }
}
