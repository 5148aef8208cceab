package io.isoline.controlplane.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of documentation whose {@code console} blocks are run.
 *
 * <p>In a block, a line that starts with {@code $ } is a command; a backslash at its end continues
 * it. The lines up to the next command are what it prints, standard error included; none means that
 * it does not matter. The command has to succeed, or to fail where the block says {@code console
 * fails}.
 *
 * @param name of the file
 */
record Page(String name, List<Step> steps) {

  private static final String FENCE = "```";
  private static final String PROMPT = "$ ";
  private static final String CLEANING_UP = "## Cleaning up";

  /** Dots for any words, wide space, and what stands between those. */
  private static final Pattern PARTS =
      Pattern.compile("\\.\\.\\.|\\h{2,}|(?:(?!\\.\\.\\.|\\h{2}).)+");

  /**
   * A command and what it prints.
   *
   * @param where file and line
   * @param cleansUp whether it is below the heading of that name
   */
  record Step(
      String where, String command, boolean fails, boolean cleansUp, List<String> expected) {

    /**
     * Whether this is what the page says. There, a line {@code ...} stands for any lines, and
     * {@code ...} within a line for any words, one at least, at its end for its rest; two spaces
     * and more stand for any space, as the width of columns depends on what is in them.
     */
    boolean matches(String output) {
      if (expected.isEmpty()) {
        return true;
      }
      StringBuilder regex = new StringBuilder();
      for (String line : expected) {
        regex.append(line.strip().equals("...") ? "(?:.*\n)*?" : pattern(line) + "\\h*\n");
      }
      return Pattern.compile(regex.toString()).matcher(output.stripTrailing() + "\n").matches();
    }

    private static String pattern(String line) {
      StringBuilder regex = new StringBuilder();
      Matcher part = PARTS.matcher(line.stripTrailing());
      while (part.find()) {
        String text = part.group();
        if (text.equals("...")) {
          regex.append(part.end() == part.regionEnd() ? "\\S.*" : "\\S+(?: \\S+)*?");
        } else {
          regex.append(text.isBlank() ? "\\h+" : Pattern.quote(text));
        }
      }
      return regex.toString();
    }
  }

  static Page read(Path file) throws IOException {
    return parse(String.valueOf(file.getFileName()), Files.readAllLines(file));
  }

  static Page parse(String name, List<String> lines) {
    List<Step> steps = new ArrayList<>();
    boolean inside = false;
    boolean fails = false;
    boolean cleansUp = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(FENCE)) {
        String info = line.substring(FENCE.length()).strip();
        inside = !inside && (info.equals("console") || info.equals("console fails"));
        fails = info.equals("console fails");
      } else if (inside && line.startsWith(PROMPT)) {
        String where = name + ":" + (i + 1);
        StringBuilder command = new StringBuilder(line.substring(PROMPT.length()));
        while (command.toString().endsWith("\\")) {
          i++;
          command.append('\n').append(lines.get(i));
        }
        List<String> expected = new ArrayList<>();
        while (!lines.get(i + 1).startsWith(FENCE) && !lines.get(i + 1).startsWith(PROMPT)) {
          i++;
          expected.add(lines.get(i));
        }
        steps.add(new Step(where, command.toString(), fails, cleansUp, List.copyOf(expected)));
      } else if (line.equals(CLEANING_UP)) {
        cleansUp = true;
      } else if (inside) {
        throw new IllegalArgumentException(
            "%s:%d: a console block begins with a command, \"$ \"".formatted(name, i + 1));
      }
    }
    return new Page(name, List.copyOf(steps));
  }
}
