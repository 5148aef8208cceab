package io.isoline.controlplane.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command prints, and what it may know of its surroundings. Safe for use by several
 * threads: each call prints whole lines.
 *
 * @param out standard output: what was asked for
 * @param err standard error: everything else
 * @param colored whether {@code out} is a terminal that shows colors and whose user wants them
 * @param environment the variables of the process
 */
record Terminal(PrintWriter out, PrintWriter err, boolean colored, Map<String, String> environment) {

  Terminal {
    environment = Map.copyOf(environment);
  }

  /** The terminal of this process. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again without a terminal
  static Terminal ofProcess() {
    Map<String, String> environment = System.getenv();
    Console console = System.console();
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        console != null && console.isTerminal() && wantsColors(environment),
        environment);
  }

  /** By the convention of no-color.org, any value that is not empty means no. */
  static boolean wantsColors(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** How a word stands out. */
  enum Style {
    GOOD("32"),
    WARNING("33"),
    BAD("31"),
    STRONG("1"),
    FAINT("2");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  /** The text in this style, or as it is where there are no colors. */
  String styled(Style style, String text) {
    return colored ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
  }

  void print(String line) {
    out.println(line);
    out.flush();
  }

  void report(String line) {
    err.println(line);
    err.flush();
  }
}
