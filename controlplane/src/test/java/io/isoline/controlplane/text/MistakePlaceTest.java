package io.isoline.controlplane.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile;
import io.isoline.controlplane.config.Problem;
import io.isoline.controlplane.manifest.ManifestReader;
import io.isoline.controlplane.manifest.Manifests;
import io.isoline.controlplane.manifest.Position;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong in a text is in a line of it, and is told in one line that shows all. */
final class MistakePlaceTest {

  private static final Settings DEFAULTS = Settings.defaults(ByteString.EMPTY, ByteString.EMPTY);

  private static final String[] TOKENS = {
    "http", "port", "accessLog", "spec", "kind: Ingress", "8080", "on", "~", ":", ": ", "\n",
    "\n  ", "\r", "\r\n", "- ", "[", "]", "{", "}", ", ", "&", "& ", "&a", "*", "*a", "!", "!!int ",
    "!<", "'", "\"", "\\", "|\n", ">", "? ", "---\n", "...\n", "#", "\t", "%", "%YAML 1.2\n", "<<",
    "@", "`", "\u0007", "\u001B[31m", "\u0085", "\u2028", "\u202E", "\uFEFF", "\uD83D", "{{ x }}"
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "accessLog: & ", "accessLog: & \n", "accessLog: &", "accessLog: &\n", "a: *", "a: *\n",
        "a: !", "a: \"x", "a: 'x\n", "k: [", "k: [\n", "k: [\n\n", "k: {\r\n", "k: [1,", "- &\r\n",
        "%\n", "%YAML\n", "a: |\u001B\n", "a: x\u0000", "a:\n\tb", "a: @\n", "? [\n", "a: b: c\n",
        "a: &\rb", "a: *\u0085", "!<", "--- |", "---\na: [\n---\nb: &"
      })
  void mistake_atTheEnd_isInALineThatThereIs(String text) {
    check(text);
  }

  @Test
  void mistake_inAnyText_isInALineThatThereIs() {
    for (long seed = 0; seed < 4000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(TOKENS[random.nextInt(TOKENS.length)]);
      }
      try {
        check(text.toString());
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static void check(String text) {
    List<String> lines = text.lines().toList();
    if (ConfigurationFile.read(text, "f.yaml", DEFAULTS)
        instanceof ConfigurationFile.Rejected rejected) {
      for (Problem problem : rejected.problems()) {
        if (problem.line() != 0) {
          checkPlace(lines, problem.line(), problem.column(), problem);
        }
        checkWords(problem.toString());
      }
    }
    Manifests manifests = new ManifestReader().readText("f.yaml", text);
    for (Verdict verdict : manifests.verdicts()) {
      Position position = manifests.sources().locate(verdict);
      assertNotNull(position, verdict::toString);
      checkPlace(lines, position.line(), position.column(), verdict);
      if (verdict.reason() == Verdict.Reason.Unreadable) {
        checkWords(verdict.message());
      }
    }
  }

  private static void checkPlace(List<String> lines, int line, int column, Object what) {
    assertTrue(
        line >= 1 && line <= Math.max(1, lines.size()),
        () -> "of " + lines.size() + " lines, line " + line + ": " + what);
    String content = lines.isEmpty() ? "" : lines.get(line - 1);
    assertTrue(
        column >= 1 && column <= content.codePointCount(0, content.length()) + 1,
        () -> "line " + line + " has no column " + column + ": " + what);
  }

  private static void checkWords(String words) {
    assertEquals(Printable.of(words), words);
  }
}
