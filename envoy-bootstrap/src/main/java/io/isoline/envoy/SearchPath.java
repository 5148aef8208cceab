package io.isoline.envoy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The directories of the {@code PATH} variable. */
record SearchPath(List<Path> directories) {
  static SearchPath of(Map<String, String> environment) {
    return new SearchPath(
        Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .flatMap(SearchPath::path)
            // A relative entry would run whatever lies in the directory that the user is in.
            .filter(Path::isAbsolute)
            .toList());
  }

  private static Stream<Path> path(String entry) {
    try {
      return Stream.of(Path.of(entry));
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }

  /** Every program of that name that may be executed, in the order of the path. */
  List<Path> all(String program) {
    return directories.stream()
        .map(directory -> directory.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .toList();
  }
}
