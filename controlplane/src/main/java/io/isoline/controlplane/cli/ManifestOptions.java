package io.isoline.controlplane.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code -f}, as in kubectl. */
final class ManifestOptions {

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "PATH",
      required = true,
      arity = "1..*",
      description = {
        "A file, or a directory with all .yaml, .yml and .json files below it; - is standard"
            + " input. May be given several times."
      })
  private List<Path> paths = List.of();

  List<Path> paths() {
    return List.copyOf(paths);
  }

  /** A path that is not there is a mistyped command, not a finding. */
  static void requireExisting(List<Path> paths) throws Failure {
    for (Path path : paths) {
      if (!path.toString().equals("-") && !Files.exists(path)) {
        throw new Failure("there is no file or directory " + path);
      }
    }
  }
}
