package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionIT {

  @Test
  void version_noJavaOnThePath_runs(@TempDir Path bin) throws Exception {
    try (RunningProgram program =
        RunningProgram.start(Map.of("PATH", withoutJava(bin), "JAVA_HOME", ""), "version")) {
      assertTrue(program.await("isoline").startsWith("isoline "));
      assertEquals(0, program.exitStatus());
    }
  }

  @Test
  void link_runsFromAnotherDirectory(@TempDir Path directory) throws Exception {
    Path link = directory.resolve("here");
    Files.createSymbolicLink(link, RunningProgram.PROGRAM);
    Process process =
        new ProcessBuilder(link.toString(), "version")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals(1, output.lines().count(), output);
  }

  @Test
  void cacheThatDoesNotFit_notAWord() throws Exception {
    // The cache was made with compact headers.
    Map<String, String> other = Map.of("ISOLINE_JAVA_OPTS", "-XX:-UseCompactObjectHeaders");
    try (RunningProgram program = RunningProgram.start(other, "version")) {
      assertTrue(program.await(line -> true).startsWith("isoline "));
      assertEquals(0, program.exitStatus());
    }
  }

  @Test
  void aheadOfTimeCache_isThere() {
    Path library = RunningProgram.PROGRAM.resolve("../../lib").normalize();
    assertTrue(Files.exists(library.resolve("isoline.aot")));
    assertFalse(Files.exists(library.resolve("isoline.aot.config")));
  }

  /** Just the tools that the start script uses. */
  private static String withoutJava(Path bin) throws IOException {
    for (String tool : new String[] {"dirname", "readlink"}) {
      for (String directory : new String[] {"/usr/bin", "/bin"}) {
        Path program = Path.of(directory, tool);
        if (Files.exists(program) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), program);
        }
      }
    }
    return bin.toString();
  }
}
