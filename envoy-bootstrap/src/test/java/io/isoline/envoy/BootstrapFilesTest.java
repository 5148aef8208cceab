package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapFilesTest {
  @TempDir private Path directory;

  private static XdsTls tls(Path directory) {
    return new XdsTls(
        Path.of("/certs/tls.crt"), Path.of("/certs/tls.key"), Path.of("/certs/ca.crt"), directory);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void secretFiles_areTheReviewedOnes() throws IOException {
    for (Map.Entry<String, String> file : tls(Path.of("/run/isoline")).secretFiles().entrySet()) {
      String name = "/golden/" + file.getKey();
      try (var stream =
          Objects.requireNonNull(BootstrapFilesTest.class.getResourceAsStream(name), name)) {
        assertEquals(new String(stream.readAllBytes(), StandardCharsets.UTF_8), file.getValue());
      }
    }
  }

  @Test
  void write_directoryMissing_isMadeAndAllFilesAreReadableForEverybody() throws IOException {
    Path parent = directory.resolve("a/b");
    Path target = parent.resolve("envoy.yaml");
    BootstrapFiles.write(target, "node: {}\n", tls(parent));
    assertEquals(List.of("envoy.yaml", "xds-ca.yaml", "xds-certificate.yaml"), names(parent));
    assertEquals("node: {}\n", Files.readString(target));
    for (String name : names(parent)) {
      assertEquals(
          "rw-r--r--",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(target.resolveSibling(name))));
    }
  }

  @Test
  void write_again_replacesAndLeavesNothingElse() throws IOException {
    Path target = directory.resolve("envoy.yaml");
    BootstrapFiles.write(target, "one", null);
    BootstrapFiles.write(target, "two", null);
    assertEquals("two", Files.readString(target));
    assertEquals(List.of("envoy.yaml"), names(directory));
  }

  @Test
  void write_whereADirectoryIs_isRefused() {
    assertThrows(IOException.class, () -> BootstrapFiles.write(directory, "text", null));
  }

  @Test
  void xdsTls_keyElsewhere_isRefused() {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                        new XdsTls(
                            Path.of("/certs/tls.crt"),
                            Path.of("/keys/tls.key"),
                            Path.of("/certs/ca.crt"),
                            directory))
                .getMessage());
    assertTrue(message.contains("not in the same directory"), message);
  }
}
