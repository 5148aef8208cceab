package io.isoline.translator.annotation;

import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression for the value of a header, and writes it in the syntax of RE2. It takes
 * what nginx and RE2 read alike, letter for letter; everything else is refused by name, so that no
 * Envoy ever refuses what comes of it.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">Syntax of RE2</a>
 */
final class HeaderPattern {

  private static final int LONGEST = 256;
  private static final int DEEPEST = 20;

  /** The size of the program of RE2, estimated; Envoy takes 1,000 with our bootstrap. */
  private static final int LARGEST = 500;

  private static final String CLASSES = "dDwWsS";

  /** Says why a text is refused. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final String why;

    Refused(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }

  /** What came of a text. */
  sealed interface Reading {
    /**
     * It is an expression.
     *
     * @param re2 for a whole value in which it matches somewhere
     */
    record Good(String re2) implements Reading {}

    /**
     * It is none, or one that Isoline does not take.
     *
     * @param why a clause
     */
    record Bad(String why) implements Reading {}
  }

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int depth;

  private HeaderPattern(String text) {
    this.text = text;
  }

  /** Reads one; takes any text. */
  static Reading read(String text) {
    if (text.length() > LONGEST) {
      return new Reading.Bad("has more than " + LONGEST + " characters");
    }
    try {
      return new Reading.Good(new HeaderPattern(text).read());
    } catch (Refused refused) {
      return new Reading.Bad(refused.why);
    }
  }

  private String read() throws Refused {
    boolean anyCase = skip("(?i)");
    int size = choice();
    if (at < text.length()) {
      throw new Refused("has a ) without a ( before it");
    }
    if (size > LARGEST) {
      throw new Refused("is too large");
    }
    return (anyCase ? "(?i)" : "") + ".*(?:" + out + ").*";
  }

  private boolean follows(String what) {
    return text.startsWith(what, at);
  }

  private boolean skip(String what) {
    boolean there = follows(what);
    at += there ? what.length() : 0;
    return there;
  }

  /** Copies alternatives up to the end or to a parenthesis, and returns their size. */
  private int choice() throws Refused {
    int size = sequence();
    while (skip("|")) {
      out.append('|');
      size += 1 + sequence();
    }
    return size;
  }

  private int sequence() throws Refused {
    int size = 0;
    while (at < text.length() && !follows("|") && !follows(")")) {
      char c = text.charAt(at);
      int atom = atom();
      int times = quantifier();
      if (times > 0 && (c == '^' || c == '$')) {
        throw new Refused("repeats " + c);
      }
      size += atom * Math.max(1, times) + (times > 0 ? 2 : 0);
      if (size > LARGEST) {
        throw new Refused("is too large");
      }
    }
    return size;
  }

  private int atom() throws Refused {
    char c = text.charAt(at);
    at++;
    return switch (c) {
      case '(' -> parenthesis();
      case '[' -> characters();
      case '.', '^', '$' -> {
        out.append(c);
        yield 1;
      }
      case '*', '+', '?' ->
          throw new Refused("has a " + c + " with nothing before it that it could repeat");
      case '\\' -> {
        escape();
        yield 2;
      }
      default -> {
        literal(c);
        yield 1;
      }
    };
  }

  private int parenthesis() throws Refused {
    if (++depth > DEEPEST) {
      throw new Refused("has parentheses more than " + DEEPEST + " deep");
    }
    if (!skip("?:") && follows("?")) {
      throw new Refused("has (? with something that Isoline does not take");
    }
    out.append("(?:");
    int size = choice();
    if (!skip(")")) {
      throw new Refused("has a ( without a ) after it");
    }
    out.append(')');
    depth--;
    return size + 1;
  }

  private int characters() throws Refused {
    out.append('[');
    if (skip("^")) {
      out.append('^');
    }
    boolean first = true;
    int last = -1;
    while (at < text.length() && (first || !follows("]"))) {
      first = false;
      char c = text.charAt(at++);
      if (c == '[' && (follows(":") || follows("=") || follows("."))) {
        throw new Refused("has a class with a name");
      }
      if (c == '\\') {
        last = escape();
      } else if (c == '-' && last >= 0 && at < text.length() && !follows("]")) {
        char end = text.charAt(at++);
        if (end == '\\' || end == '[' || end < last) {
          throw new Refused("has a range of characters without an end");
        }
        out.append('-');
        literal(end);
        last = -1;
      } else {
        literal(c);
        last = c;
      }
    }
    if (!skip("]")) {
      throw new Refused("has a [ without a ] after it");
    }
    out.append(']');
    return 3;
  }

  /** Copies what follows a backslash; returns the character, or -1 where it stands for several. */
  private int escape() throws Refused {
    if (at >= text.length()) {
      throw new Refused("ends with a backslash");
    }
    char c = text.charAt(at++);
    if (CLASSES.indexOf(c) >= 0) {
      out.append('\\').append(c);
      return -1;
    }
    if (Character.isLetterOrDigit(c)) {
      throw new Refused("has \\" + c + ", which Isoline does not take");
    }
    literal(c);
    return c;
  }

  private void literal(char c) throws Refused {
    if (c < '!' || c > '~') {
      throw new Refused("has a character that is not of ASCII");
    }
    if (!Character.isLetterOrDigit(c)) {
      out.append('\\');
    }
    out.append(c);
  }

  /** Copies how often what is before is repeated; 0 when nothing says so, 1 for no limit. */
  private int quantifier() throws Refused {
    int times = times();
    if (times == 0) {
      return 0;
    }
    if (skip("?")) {
      out.append('?');
    }
    if (follows("*") || follows("+") || follows("?") || numbers() != null) {
      throw new Refused("repeats a repetition");
    }
    return times;
  }

  private int times() throws Refused {
    for (String sign : new String[] {"*", "+", "?"}) {
      if (skip(sign)) {
        out.append(sign);
        return 1;
      }
    }
    String numbers = numbers();
    if (numbers == null) {
      return 0;
    }
    at += numbers.length() + 2;
    int comma = numbers.indexOf(',');
    int least = number(comma < 0 ? numbers : numbers.substring(0, comma));
    int most =
        comma < 0 || comma + 1 == numbers.length() ? least : number(numbers.substring(comma + 1));
    if (most < least || most == 0) {
      throw new Refused("has {" + numbers + "}");
    }
    out.append('{').append(numbers).append('}');
    return most;
  }

  /** The numbers of a quantifier that follows; null when a brace is a character, or none follows. */
  private @Nullable String numbers() {
    int end = follows("{") ? text.indexOf('}', at) : -1;
    String inside = end < 0 ? "" : text.substring(at + 1, end);
    return inside.matches("[0-9]+(,[0-9]*)?") ? inside : null;
  }

  private static int number(String digits) throws Refused {
    if (digits.length() > 3) {
      throw new Refused("repeats something too often");
    }
    return Integer.parseInt(digits);
  }
}
