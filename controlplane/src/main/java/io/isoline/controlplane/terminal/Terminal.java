package io.isoline.controlplane.terminal;

import io.isoline.controlplane.text.Printable;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints, and what it may know of its surroundings. Safe for use by several
 * threads: each call prints whole lines.
 *
 * @param out standard output: what was asked for
 * @param err standard error: everything else
 * @param colored whether {@code out} is a terminal that shows colors and whose user wants them
 * @param interactive whether {@code err} is a terminal, in front of which somebody may wait
 * @param environment the variables of the process
 */
public record Terminal(
    PrintWriter out,
    PrintWriter err,
    boolean colored,
    boolean interactive,
    Map<String, String> environment) {

  private static final Pattern STYLES = Pattern.compile("\u001b\\[(0|1|2|31|32|33)m");

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /** Makes a terminal whose user does not watch. */
  public Terminal(
      PrintWriter out, PrintWriter err, boolean colored, Map<String, String> environment) {
    this(out, err, colored, false, environment);
  }

  /** The terminal of this process. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again without a terminal
  public static Terminal ofProcess() {
    Map<String, String> environment = System.getenv();
    Console console = System.console();
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        console != null && console.isTerminal() && wantsColors(environment),
        isTerminal(Path.of("/proc/self/fd/2"), console)
            && !environment.getOrDefault("TERM", "").equals("dumb"),
        environment);
  }

  /** Java tells of input and output together only, and nothing of errors; Linux does. */
  static boolean isTerminal(Path descriptor, @Nullable Console console) {
    try {
      return Files.readSymbolicLink(descriptor).toString().matches("/dev/(pts/\\d+|tty.*|console)");
    } catch (IOException | UnsupportedOperationException e) {
      return console != null && console.isTerminal();
    }
  }

  /** By the convention of no-color.org, any value that is not empty means no. */
  static boolean wantsColors(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** How a word stands out. */
  public enum Style {
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
  public String styled(Style style, String text) {
    return colored ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
  }

  public void print(String line) {
    out.println(printable(line));
    out.flush();
  }

  public void report(String line) {
    err.println(printable(line));
    err.flush();
  }

  /** Writes over the line that this wrote before; an empty text takes it away. */
  void progress(String text) {
    err.print("\r" + Printable.line(text) + "\u001b[K");
    err.flush();
  }

  /**
   * Removes from text of others all that a terminal obeys, but for our own styles. Line breaks
   * stay: whoever puts the text into a line has removed those that do not belong there.
   */
  private String printable(String text) {
    if (!colored) {
      return Printable.lines(text);
    }
    StringBuilder printable = new StringBuilder();
    Matcher style = STYLES.matcher(text);
    int from = 0;
    while (style.find()) {
      printable.append(Printable.lines(text.substring(from, style.start()))).append(style.group());
      from = style.end();
    }
    return printable.append(Printable.lines(text.substring(from))).toString();
  }
}
