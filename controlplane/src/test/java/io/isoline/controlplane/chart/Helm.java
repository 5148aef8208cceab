package io.isoline.controlplane.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Helm, as a program: {@code ISOLINE_HELM}, else that on the PATH, else that of the lab. Tests that
 * need it are skipped where there is none; {@code -Disoline.lab=required} makes them fail instead.
 */
final class Helm {

  /** Rendering must not depend on the cluster for which a helm was built. */
  private static final String KUBERNETES = "1.36.0";

  private static final long LIMIT_MINUTES = 15;

  private final String program;

  private Helm(String program) {
    this.program = program;
  }

  /**
   * A run of helm.
   *
   * @param status the exit status
   */
  record Run(int status, String out, String err) {}

  static Helm orSkip() {
    String program = find();
    if (program == null) {
      String message =
          "There is no helm: set ISOLINE_HELM, put it on the PATH (https://helm.sh), or have the lab"
              + " in ../shared/lab or at ISOLINE_LAB";
      if ("required".equals(System.getProperty("isoline.lab"))) {
        fail(message);
      }
      Assumptions.abort(message);
    }
    return new Helm(program);
  }

  private static @Nullable String find() {
    String named = System.getenv("ISOLINE_HELM");
    if (named != null && !named.isEmpty()) {
      return named;
    }
    for (String directory :
        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(directory, "helm");
      if (Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    Path lab =
        Path.of(
            System.getenv()
                .getOrDefault(
                    "ISOLINE_LAB", Chart.ROOT.resolve("../shared/lab/lab.sh").normalize().toString()));
    if (!Files.isExecutable(lab)) {
      return null;
    }
    // Builds it at first, which takes minutes.
    Run run = run(List.of(lab.toString(), "helm"), Map.of());
    assertEquals(0, run.status(), run.err());
    return run.out().strip();
  }

  /** Renders the chart as release isoline in namespace isoline-system; it must succeed. */
  String template(String... arguments) {
    Run run = tryTemplate(arguments);
    assertEquals(0, run.status(), run.err());
    return run.out();
  }

  Run tryTemplate(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "template",
                "isoline",
                Chart.DIRECTORY.toString(),
                "--namespace",
                "isoline-system",
                "--kube-version",
                KUBERNETES));
    command.addAll(List.of(arguments));
    return run(Map.of(), command.toArray(String[]::new));
  }

  Run run(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    return run(command, environment);
  }

  private static Run run(List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile("helm", ".out");
      Path err = Files.createTempFile("helm", ".err");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      Process process =
          builder
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return fail(command + " does not end; it said\n" + Files.readString(err));
      }
      Run run =
          new Run(
              process.exitValue(),
              Files.readString(out, StandardCharsets.UTF_8),
              Files.readString(err, StandardCharsets.UTF_8));
      Files.delete(out);
      Files.delete(err);
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
