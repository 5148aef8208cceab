package io.isoline.controlplane.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile.Loaded;
import io.isoline.controlplane.config.ConfigurationFile.Rejected;
import io.isoline.translator.Settings;
import io.isoline.tries.Draw;
import io.isoline.tries.Tries;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever is in the file, reading it returns; and what it loads can be printed and read again. */
class ConfigurationFileFuzzTest {

  private static final Settings DEFAULTS = Settings.defaults(ByteString.EMPTY, ByteString.EMPTY);

  private static final List<String> TOKENS =
      List.of(
          "http",
          "port",
          "hsts",
          "names",
          "compression",
          "accessLog",
          "8080",
          "1h",
          "on",
          "~",
          ":",
          ": ",
          "\n",
          "\n  ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          ", ",
          "&a",
          "*a",
          "!!int ",
          "'",
          "\"",
          "|\n",
          "? ",
          "---\n",
          "#",
          "\t",
          "%YAML 1.2\n",
          "<<");

  private static final List<String> VALUES =
      List.of(
          "true",
          "off",
          "on",
          "0",
          "1",
          "443",
          "80000",
          "64KiB",
          "3MiB",
          "9999999999GiB",
          "30s",
          "1d2h3m4s5ms",
          "99999999999999999999d",
          "json",
          "1.3",
          "::1",
          "::",
          "1.2.3.4",
          "[gzip]",
          "[a, b]",
          "[]",
          "{}",
          "~",
          "drop",
          "/x",
          "a/b",
          "a.b",
          "''");

  @Test
  void read_anyText_returns() {
    Tries.of(200).run(draw -> check(draw.text(255)));
  }

  @Test
  void read_textOfYamlTokens_returns() {
    Tries.of(300)
        .run(draw -> check(String.join("", draw.list(0, 30, token -> token.of(TOKENS)))));
  }

  @Test
  void read_defaultsWithOtherValues_returns() {
    List<String> keys = List.copyOf(ConfigurationFile.keys());
    Tries.of(300)
        .run(draw -> check(String.join("", draw.list(0, 4, entry -> entry(entry, keys)))));
  }

  private static String entry(Draw draw, List<String> keys) {
    String key = draw.of(keys);
    String value = draw.flag() ? draw.ascii(8) : draw.of(VALUES);
    return key.contains(".")
        ? key.replace(".", ": {") + ": " + value + "}\n"
        : key + ": " + value + "\n";
  }

  private static void check(String text) {
    switch (ConfigurationFile.read(text, "f.yaml", DEFAULTS)) {
      case Loaded loaded ->
          assertEquals(
              loaded.settings(),
              ConfigurationFile.read(
                          ConfigurationFile.print(loaded.settings()), "printed.yaml", DEFAULTS)
                      instanceof Loaded again
                  ? again.settings()
                  : "rejected");
      case Rejected rejected -> {
        assertFalse(rejected.problems().isEmpty());
        rejected.problems().forEach(problem -> assertFalse(problem.message().isBlank()));
        rejected.problems().forEach(problem -> assertEquals(1, problem.toString().lines().count()));
      }
    }
  }
}
