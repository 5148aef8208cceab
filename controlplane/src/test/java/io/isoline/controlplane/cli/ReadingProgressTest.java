package io.isoline.controlplane.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingProgressTest {

  private static final String SERVICE =
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: a%d\n  labels: {a: %s}\n---\n";

  private final StringWriter err = new StringWriter();

  private Terminal terminal(boolean interactive) {
    return new Terminal(
        new PrintWriter(Writer.nullWriter()),
        new PrintWriter(err, true),
        false,
        interactive,
        Map.of());
  }

  private static String large(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append(SERVICE.formatted(i, "x".repeat(50_000)));
    }
    return Files.writeString(directory.resolve("large.yaml"), text).toString();
  }

  @Test
  void lint_ofALargeFileOnATerminal_saysHowFarItIs(@TempDir Path directory) throws IOException {
    String file = large(directory);
    Main.run(terminal(true), "lint", "--quiet", file);
    assertTrue(err.toString().startsWith("\risoline: reading " + file.substring(0, 20)));
    assertTrue(err.toString().contains(": 0 % …"), err.toString());
    assertTrue(err.toString().matches("(?s).*: [3-9]\\d % ….*"), err.toString());
    assertTrue(err.toString().contains("translating 40 objects …"), err.toString());
    assertTrue(err.toString().contains("…\u001b[K\r\u001b[K40 objects"), err.toString());
  }

  @Test
  void lint_ofALargeFileWithoutATerminal_saysNothingOfIt(@TempDir Path directory)
      throws IOException {
    Main.run(terminal(false), "lint", "--quiet", large(directory));
    assertEquals(-1, err.toString().indexOf('\r'), err.toString());
  }

  @Test
  void lint_ofASmallFileOnATerminal_saysNothingOfIt(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a.yaml"), SERVICE.formatted(1, "x"));
    Main.run(terminal(true), "lint", "--quiet", file.toString());
    assertEquals(-1, err.toString().indexOf('\r'), err.toString());
  }
}
