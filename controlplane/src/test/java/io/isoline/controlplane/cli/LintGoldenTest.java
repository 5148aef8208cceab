package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One folder a shape that manifests have in the world: {@code in} holds files as people or tools
 * write them, {@code lint.txt} what {@code lint} says of them and its exit status. Run with {@code
 * -Dgolden.update=true} to write the files anew, then review them.
 */
final class LintGoldenTest {

  private static final Path ROOT = Path.of("src/test/resources/lint");

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lint_manifests_givesTheReviewedWordsAndStatus(String name) throws IOException {
    String in = ROOT.resolve(name).resolve("in").toString();
    CommandRun run = CommandRun.of("lint", "-f", in);
    String actual =
        run.out().replace(in + "/", "") + run.err() + "exit status " + run.status() + "\n";

    Path expected = ROOT.resolve(name).resolve("lint.txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, actual);
    } else {
      assertEquals(Files.exists(expected) ? Files.readString(expected) : "", actual);
    }
  }
}
