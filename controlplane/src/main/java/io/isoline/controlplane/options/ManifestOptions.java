package io.isoline.controlplane.options;

import io.isoline.controlplane.terminal.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The manifests that a command is about: {@code -f}, as in kubectl, or paths as they are. */
public final class ManifestOptions {

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "PATH",
      arity = "1..*",
      description = {
        "A file, or a directory with all .yaml, .yml and .json files below it; - is standard"
            + " input. May be given several times."
      })
  private List<Path> paths = List.of();

  @Parameters(paramLabel = "PATH", arity = "0..*", description = "The same as after -f.")
  private List<Path> more = List.of();

  /** Whether there is one at least. */
  public boolean areGiven() {
    return !paths.isEmpty() || !more.isEmpty();
  }

  /** Those after {@code -f}, then the others; at least one. */
  public List<Path> paths() throws Failure {
    List<Path> all = new ArrayList<>(paths);
    all.addAll(more);
    if (all.isEmpty()) {
      throw new Failure("name the manifests: files, directories, or - for standard input");
    }
    return List.copyOf(all);
  }

  /** A path that is not there is a mistyped command, not a finding. */
  public static void requireExisting(List<Path> paths) throws Failure {
    for (Path path : paths) {
      if (!path.toString().equals("-") && !Files.exists(path)) {
        throw new Failure("there is no file or directory " + path);
      }
    }
  }
}
