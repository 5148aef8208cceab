package io.isoline.translator.annotation;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a snippet apart into directives as nginx does: words, quotes, comments, blocks. Nothing of it
 * is ever run; it is read to say what its author can write instead.
 *
 * @see <a href="https://nginx.org/en/docs/beginners_guide.html#conf_structure">Structure of the
 *     configuration file</a>
 */
final class SnippetReader {

  /** So many are looked at; the rest is long, and is read by people. */
  private static final int MOST = 200;

  /**
   * One directive.
   *
   * @param words its name, and its arguments without quotes
   * @param within what opened the block that it is in, {@code if ($scheme = http)} for example;
   *     empty at the top
   * @param opensBlock whether it is followed by a block
   */
  record Directive(List<String> words, String within, boolean opensBlock) {
    Directive {
      words = List.copyOf(words);
    }

    String name() {
      return words.getFirst();
    }

    /** The argument at a place, from 1 on; empty where there is none. */
    String argument(int place) {
      return place < words.size() ? words.get(place) : "";
    }

    /** Everything after the name. */
    List<String> arguments() {
      return words.subList(1, words.size());
    }
  }

  private final String text;
  private final List<Directive> directives = new ArrayList<>();
  private final List<String> blocks = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private int at;

  private SnippetReader(String text) {
    this.text = text;
  }

  /** The directives in their order, those of blocks after what opens the block. */
  static List<Directive> read(String text) {
    SnippetReader reader = new SnippetReader(text);
    reader.read();
    return reader.directives;
  }

  private void read() {
    while (at < text.length() && directives.size() < MOST) {
      char c = text.charAt(at);
      switch (c) {
        case '#' -> skipLine();
        case ';' -> {
          end(false);
          at++;
        }
        case '{' -> {
          String opening = String.join(" ", words);
          end(true);
          blocks.add(opening);
          at++;
        }
        case '}' -> {
          end(false);
          if (!blocks.isEmpty()) {
            blocks.removeLast();
          }
          at++;
        }
        default -> {
          if (Character.isWhitespace(c)) {
            at++;
          } else {
            words.add(word(c));
          }
        }
      }
    }
    end(false);
  }

  private void skipLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
  }

  private void end(boolean opensBlock) {
    if (!words.isEmpty()) {
      directives.add(
          new Directive(words, blocks.isEmpty() ? "" : blocks.getLast(), opensBlock));
      words.clear();
    }
  }

  private String word(char first) {
    StringBuilder word = new StringBuilder();
    boolean quoted = first == '"' || first == '\'';
    if (quoted) {
      at++;
    }
    boolean variable = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        char next = text.charAt(at + 1);
        // nginx keeps the backslash before all that it does not mean itself.
        if (!quoted || (next != '"' && next != '\'' && next != '\\')) {
          word.append(c);
        }
        word.append(next);
        at += 2;
        continue;
      }
      // A brace ends a word, but for those of a variable: ${name}.
      boolean opensVariable = c == '{' && text.charAt(at - 1) == '$';
      boolean ends =
          Character.isWhitespace(c)
              || c == ';'
              || (c == '{' && !opensVariable)
              || (c == '}' && !variable);
      if (quoted ? c == first : ends) {
        break;
      }
      variable = opensVariable || (variable && c != '}');
      word.append(c);
      at++;
    }
    if (quoted) {
      at++;
    }
    return word.toString();
  }
}
