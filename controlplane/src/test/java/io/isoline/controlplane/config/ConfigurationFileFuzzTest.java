package io.isoline.controlplane.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import io.isoline.controlplane.config.ConfigurationFile.Loaded;
import io.isoline.controlplane.config.ConfigurationFile.Rejected;
import io.isoline.translator.Settings;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is in the file, reading it returns; and what it loads can be printed and read again. */
class ConfigurationFileFuzzTest {

  private static final Settings DEFAULTS = Settings.defaults(ByteString.EMPTY, ByteString.EMPTY);

  @Property(tries = 200)
  void read_anyText_returns(@ForAll String text) {
    check(text);
  }

  @Property(tries = 300)
  void read_textOfYamlTokens_returns(@ForAll("tokens") String text) {
    check(text);
  }

  @Property(tries = 300)
  void read_defaultsWithOtherValues_returns(@ForAll("edits") String text) {
    check(text);
  }

  @Provide
  Arbitrary<String> tokens() {
    return Arbitraries.of(
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
            "<<")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> edits() {
    List<String> keys = ConfigurationFile.keys().stream().toList();
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.of(
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
                "''"),
            Arbitraries.strings().ascii().ofMaxLength(8));
    Arbitrary<String> entry =
        Combinators.combine(Arbitraries.of(keys), values)
            .as(
                (key, value) ->
                    key.contains(".")
                        ? key.replace(".", ": {") + ": " + value + "}\n"
                        : key + ": " + value + "\n");
    return entry.list().ofMaxSize(4).map(entries -> String.join("", entries));
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
