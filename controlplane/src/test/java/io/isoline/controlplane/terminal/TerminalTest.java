package io.isoline.controlplane.terminal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {

  @Test
  void isTerminal_ofADescriptor_isKnownByWhatItLeadsTo(@TempDir Path directory) throws IOException {
    Path link = directory.resolve("2");
    Files.createSymbolicLink(link, Path.of("/dev/pts/7"));
    assertTrue(Terminal.isTerminal(link, null));
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("pipe:[123]"));
    assertFalse(Terminal.isTerminal(link, null));
    assertFalse(Terminal.isTerminal(directory.resolve("none"), null));
  }
}
