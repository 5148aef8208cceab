package io.isoline.controlplane.chart;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A root directory with what the image of the Containerfile has, and nothing else: the C library of
 * its base, taken from this machine, and what the Containerfile copies. Commands run in it as in a
 * container, without one: as another user, and with nothing to write to but /tmp.
 */
final class ImageRoot {

  private static final Path CONTAINERFILE = Chart.ROOT.resolve("Containerfile");
  private static final Path SCRIPT = Path.of("src/test/image/run.sh").toAbsolutePath();

  /** What Debian's libc6 has of libraries, as far as anything here could ask for it. */
  private static final List<String> C_LIBRARY =
      List.of(
          "libc.so.6",
          "libdl.so.2",
          "libm.so.6",
          "libnss_dns.so.2",
          "libnss_files.so.2",
          "libpthread.so.0",
          "libresolv.so.2",
          "librt.so.1");

  private static final List<String> LOADERS =
      List.of("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1");

  private static final List<String> LIBRARIES =
      List.of("/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/usr/lib64");

  private final Path root;
  private final List<String> binds = new ArrayList<>();
  private final List<String> entrypoint = new ArrayList<>();

  /** Makes the root in an empty directory; skips the test where namespaces are not to be had. */
  ImageRoot(Path root) throws IOException, InterruptedException {
    this.root = root;
    Process probe =
        new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "true")
            .redirectErrorStream(true)
            .start();
    String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (probe.waitFor() != 0) {
      String message = "The image's root needs user namespaces, and unshare says: " + said;
      if ("required".equals(System.getProperty("isoline.lab"))) {
        fail(message);
      }
      Assumptions.abort(message);
    }
    for (String directory : List.of("proc", "dev", "tmp", "etc")) {
      Files.createDirectories(root.resolve(directory));
    }
    for (String device : List.of("null", "random", "urandom", "zero")) {
      Files.createFile(root.resolve("dev").resolve(device));
    }
    Files.writeString(
        root.resolve("etc/passwd"), "nonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n");
    copyCLibrary();
    readContainerfile();
  }

  private void copyCLibrary() throws IOException {
    List<Path> files = new ArrayList<>();
    LOADERS.forEach(loader -> files.add(Path.of(loader)));
    for (String directory : LIBRARIES) {
      C_LIBRARY.forEach(library -> files.add(Path.of(directory, library)));
    }
    for (Path file : files) {
      Path target = root.resolve(file.toString().substring(1));
      if (Files.exists(file) && !Files.exists(target)) {
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(file, target);
      }
    }
  }

  /** Of the last stage: COPY --from=build, and ENTRYPOINT in its form without a shell. */
  private void readContainerfile() throws IOException {
    for (String line : Files.readAllLines(CONTAINERFILE)) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "FROM" -> {
          binds.clear();
          entrypoint.clear();
        }
        case "COPY" -> {
          if (words[1].equals("--from=build")) {
            volume(Chart.ROOT.resolve(words[2].replace("/build/", "")), words[3]);
          }
        }
        case "ENTRYPOINT" -> {
          for (JsonNode word : Chart.YAML.readTree(line.substring(words[0].length()))) {
            entrypoint.add(word.textValue());
          }
        }
        default -> {}
      }
    }
  }

  /** Shows a directory of this machine there. */
  void volume(Path source, String target) throws IOException {
    Files.createDirectories(root.resolve(target.substring(1)));
    binds.add(source + ":" + target);
  }

  /** Starts the image with these arguments. Both outputs come as one. */
  Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                SCRIPT.toString(),
                root.toString()));
    command.addAll(binds);
    command.add("--");
    command.addAll(entrypoint);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs the image to its end. */
  Helm.Run run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(environment, arguments);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      fail("does not end");
    }
    return new Helm.Run(process.exitValue(), out, "");
  }
}
