package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What {@code migrate config} makes of a ConfigMap, and its exit status. Run with {@code
 * -Dgolden.update=true} to write the files anew, then review them.
 */
final class MigrateGoldenTest {

  private static final Path ROOT = Path.of("src/test/resources/migrate/config");

  @Test
  void config_ofAConfigMap_isTheReviewedOne() throws IOException {
    CommandRun run =
        CommandRun.of("migrate", "config", "-f", ROOT.resolve("configmap.yaml").toString());
    assertEquals(1, run.status(), run.err());
    compare(ROOT.resolve("isoline.yaml"), run.out());
    compare(ROOT.resolve("verdicts.txt"), run.err().replace(ROOT + "/", ""));
  }

  private static void compare(Path expected, String actual) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, actual);
    } else {
      assertEquals(Files.exists(expected) ? Files.readString(expected) : "", actual);
    }
  }
}
