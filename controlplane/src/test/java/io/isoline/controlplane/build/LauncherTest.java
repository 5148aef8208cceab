package io.isoline.controlplane.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds of one checkout, beside each other: the launcher and the lock are the real ones, Maven is a
 * script that stops where the test wants it to.
 */
@Timeout(120)
final class LauncherTest {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  /** Takes the lock as the poms have it, and makes a distribution of two words. */
  private static final String MAVEN =
      """
      #!/bin/sh
      root=$(dirname "$0")/..
      "$root/controlplane/src/build/lock" wait "$root" || exit 9
      echo build >>"$root/builds"
      echo >"$root/begun"
      read -r go <"$root/make"
      dist=$root/controlplane/target/dist
      mkdir -p "$dist/bin" "$dist/runtime/bin"
      printf '#!/bin/sh\\necho started\\n' >"$dist/bin/isoline"
      chmod +x "$dist/bin/isoline"
      cp "$dist/bin/isoline" "$dist/runtime/bin/java"
      touch "$dist/built"
      case $1 in verify) read -r go <"$root/test" ;; esac
      """;

  @TempDir private Path root;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void makeCheckout() throws Exception {
    for (String file : List.of("isoline", "controlplane/src/build/lock")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(PROJECT.resolve(file), root.resolve(file));
      assertTrue(root.resolve(file).toFile().setExecutable(true));
    }
    Files.writeString(root.resolve("pom.xml"), "");
    Path maven = Files.createDirectory(root.resolve("bin")).resolve("mvn");
    Files.writeString(maven, MAVEN);
    assertTrue(maven.toFile().setExecutable(true));
    for (String gate : List.of("begun", "make", "test")) {
      assertEquals(0, new ProcessBuilder("mkfifo", root.resolve(gate).toString()).start().waitFor());
    }
  }

  @AfterEach
  void endProcesses() {
    processes.forEach(
        process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
  }

  @Test
  void start_nothingBuilt_buildsAndStarts() throws Exception {
    Run run = start("isoline");
    awaitBegin();
    let("make");
    assertEquals(0, run.process.waitFor(), run::rest);
    assertTrue(run.rest().endsWith("started\n"));
  }

  @Test
  void start_anotherBuilds_waitsAndBuildsNothing() throws Exception {
    Run one = start("isoline");
    awaitBegin();
    Run other = start("isoline");
    other.await("waiting for another build (process " + one.process.pid() + ")");
    let("make");
    assertEquals(0, one.process.waitFor(), one::rest);
    assertEquals(0, other.process.waitFor(), other::rest);
    assertTrue(other.rest().endsWith("started\n"));
    assertEquals(1, builds());
  }

  @Test
  void start_mavenTestsWhatItBuilt_doesNotWaitForTheTests() throws Exception {
    Run maven = start("bin/mvn", "verify");
    awaitBegin();
    Run isoline = start("isoline");
    isoline.await("waiting for another build (process " + maven.process.pid() + ")");
    let("make");
    assertEquals(0, isoline.process.waitFor(), isoline::rest);
    assertTrue(maven.process.isAlive());
    let("test");
    assertEquals(0, maven.process.waitFor(), maven::rest);
    assertEquals(1, builds());
  }

  @Test
  void start_sourcesChangedWhileMavenTests_waitsForTheTests() throws Exception {
    Run maven = start("bin/mvn", "verify");
    awaitBegin();
    let("make");
    Run first = start("isoline");
    assertEquals(0, first.process.waitFor(), first::rest);
    Files.setLastModifiedTime(
        root.resolve("pom.xml"),
        FileTime.from(Instant.now().plusSeconds(60)));
    Run isoline = start("isoline");
    isoline.await("waiting for another build (process " + maven.process.pid() + ")");
    let("test");
    assertEquals(0, maven.process.waitFor(), maven::rest);
    awaitBegin();
    let("make");
    assertEquals(0, isoline.process.waitFor(), isoline::rest);
    assertEquals(2, builds());
  }

  @Test
  void maven_launcherBuilds_waits() throws Exception {
    Run isoline = start("isoline");
    awaitBegin();
    Run maven = start("bin/mvn", "package");
    maven.await("(process " + isoline.process.pid() + ")");
    let("make");
    assertEquals(0, isoline.process.waitFor(), isoline::rest);
    awaitBegin();
    let("make");
    assertEquals(0, maven.process.waitFor(), maven::rest);
    assertEquals(2, builds());
  }

  @Test
  void start_buildWasKilled_buildsAnew() throws Exception {
    Run killed = start("bin/mvn", "package");
    awaitBegin();
    killed.process.destroyForcibly().waitFor();
    Run isoline = start("isoline");
    awaitBegin();
    let("make");
    assertEquals(0, isoline.process.waitFor(), isoline::rest);
  }

  @Test
  void start_lockOfAnotherProcessWithThatNumber_buildsAnew() throws Exception {
    Path target = Files.createDirectories(root.resolve("target"));
    Files.createSymbolicLink(
        target.resolve("build.lock"), Path.of(ProcessHandle.current().pid() + "@1"));
    Run isoline = start("isoline");
    awaitBegin();
    let("make");
    assertEquals(0, isoline.process.waitFor(), isoline::rest);
  }

  /** More than one at a time would lose counts. */
  @Test
  void lock_takenByManyAtOnce_isHadByOne() throws Exception {
    Files.writeString(root.resolve("count"), "0\n");
    String loop =
        """
        for i in 1 2 3 4 5; do
          until controlplane/src/build/lock try . $$ >/dev/null; do :; done
          n=$(cat count)
          echo $((n + 1)) >count
          [ $i = 5 ] || controlplane/src/build/lock drop . $$
        done
        """;
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      runs.add(start("/bin/sh", "-c", loop));
    }
    for (Run run : runs) {
      assertEquals(0, run.process.waitFor(), run::rest);
    }
    assertEquals("30\n", Files.readString(root.resolve("count")));
  }

  private record Run(Process process, BufferedReader output, StringBuilder read) {

    void await(String words) throws IOException {
      while (read.indexOf(words) < 0) {
        int next = output.read();
        assertTrue(next >= 0, () -> "ended and never said " + words + ": " + read);
        read.append((char) next);
      }
    }

    /** All that it said, when it has ended. */
    String rest() {
      try {
        StringWriter rest = new StringWriter();
        output.transferTo(rest);
        read.append(rest);
        return read.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Run start(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(root.resolve(program).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .merge("PATH", root.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    builder.environment().remove("ISOLINE_SKIP_BUILD");
    Process process = builder.start();
    processes.add(process);
    return new Run(process, process.inputReader(), new StringBuilder());
  }

  /** Returns when a build has begun, once for each. */
  private void awaitBegin() throws IOException {
    assertEquals("\n", Files.readString(root.resolve("begun")));
  }

  private void let(String gate) throws IOException {
    Files.writeString(root.resolve(gate), "go\n");
  }

  private long builds() throws IOException {
    return Files.readAllLines(root.resolve("builds")).size();
  }
}
