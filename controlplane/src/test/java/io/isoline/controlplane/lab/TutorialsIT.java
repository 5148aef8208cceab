package io.isoline.controlplane.lab;

import io.isoline.controlplane.lab.Page.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tutorials as they stand: each command of each page, in one cluster, one page after the other;
 * each page cleans up after itself.
 */
@WithLab(own = true)
class TutorialsIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /**
   * What only looks is asked again until it sees what the page says, as readers do: pods start, and
   * the status of an object follows its change.
   */
  private static final Pattern LOOKS =
      Pattern.compile(
          "(?:kubectl (?:get|describe|events|logs)|curl|openssl s_client|for) .*", Pattern.DOTALL);

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path programs;

  static Stream<String> pages() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/tutorials"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_runAsItStands_doesWhatItSays(String name, Lab lab) throws IOException {
    lab.startNetwork();
    program("helm", lab.helm());
    program("envoy", lab.envoy());
    Page page = Page.read(ROOT.resolve("docs/tutorials").resolve(name));
    // The launcher would look for a newer build while this one is tested.
    Map<String, String> environment = Map.of("ISOLINE_SKIP_BUILD", "1");
    try (Shell shell = Shell.open(lab, ROOT, programs, environment)) {
      runAll(shell, page);
    }
  }

  private static void runAll(Shell shell, Page page) {
    try {
      page.steps().forEach(step -> run(shell, step));
    } catch (AssertionError e) {
      // What it left would be the next page's mistake.
      page.steps().stream().filter(Step::cleansUp).forEach(step -> shell.run(step.command()));
      throw e;
    }
  }

  private void program(String name, Path program) throws IOException {
    Path script = programs.resolve(name);
    Files.writeString(script, "#!/bin/sh\nexec %s \"$@\"\n".formatted(program));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void run(Shell shell, Step step) {
    long begin = System.nanoTime();
    Output output = shell.run(step.command());
    while (!isRight(step, output)
        && LOOKS.matcher(step.command()).matches()
        && System.nanoTime() - begin < PATIENCE.toNanos()) {
      LockSupport.parkNanos(200_000_000);
      output = shell.run(step.command());
    }
    if (!isRight(step, output)) {
      throw new AssertionError(
          "%s: the page says%n%s%nbut it is (status %d)%n%s"
              .formatted(
                  step.where() + ": " + step.command(),
                  indented(step.expected()),
                  output.status(),
                  indented(output.text().lines().toList())));
    }
  }

  private static boolean isRight(Step step, Output output) {
    return step.fails() == (output.status() != 0) && step.matches(output.text());
  }

  private static String indented(List<String> lines) {
    return lines.isEmpty() ? "  (anything)" : "  " + String.join("\n  ", lines);
  }
}
