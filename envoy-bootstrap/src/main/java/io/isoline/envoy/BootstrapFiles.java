package io.isoline.envoy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bootstrap where an Envoy is going to read it, for that is often another user, in another
 * container: everybody may read it, as nothing in it is secret. Each file appears whole or not at
 * all.
 */
public final class BootstrapFiles {

  private BootstrapFiles() {}

  /**
   * Writes the configuration, and before it what it refers to.
   *
   * @param file the configuration; its directory is made when it does not exist
   * @param text the configuration's text
   * @param tls null for an Envoy that connects without TLS; its directory must be that of the file
   */
  public static void write(Path file, String text, @Nullable XdsTls tls) throws IOException {
    Path target = file.toAbsolutePath();
    Path directory = target.getParent();
    if (directory == null || Files.isDirectory(target)) {
      throw new IOException(file + " is a directory");
    }
    Files.createDirectories(directory);
    if (tls != null) {
      for (Map.Entry<String, String> secret : tls.secretFiles().entrySet()) {
        writeWhole(tls.directory().resolve(secret.getKey()), secret.getValue());
      }
    }
    writeWhole(target, text);
  }

  private static void writeWhole(Path file, String text) throws IOException {
    Path temporary = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".new");
    try {
      Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
