package io.isoline.controlplane.text;

/**
 * Makes a path that an expression matches, for expressions as Ingresses have them: groups,
 * alternatives, classes and repetitions. It takes the first alternative, and the fewest repetitions
 * that are allowed, but one at least. Syntax that it does not know it takes literally, so the
 * expression may not match the path; such a request is of use, too. The expression is never run.
 */
public final class ExamplePath {

  private static final int LONGEST = 500;

  private final String expression;
  private int at;

  private ExamplePath(String expression) {
    this.expression = expression;
  }

  /** Whether a path has signs that mean something in an expression. */
  public static boolean isExpression(String path) {
    return path.chars().anyMatch(c -> "()[]{}*+?|^$\\".indexOf(c) >= 0);
  }

  /** A path, of 500 characters or few more; it may be empty. */
  public static String of(String expression) {
    ExamplePath example = new ExamplePath(expression);
    StringBuilder path = new StringBuilder();
    while (example.at < expression.length() && path.length() < LONGEST) {
      path.append(example.alternatives(0));
      if (example.at < expression.length()) {
        example.at++; // A bracket that nothing opens.
      }
    }
    return path.toString();
  }

  /** Up to the end, or to the bracket that closes a group. */
  private String alternatives(int depth) {
    String first = sequence(depth);
    while (at < expression.length() && expression.charAt(at) == '|') {
      at++;
      sequence(depth);
    }
    return first;
  }

  private String sequence(int depth) {
    StringBuilder out = new StringBuilder();
    while (at < expression.length()) {
      char c = expression.charAt(at);
      if (c == '|' || c == ')') {
        break;
      }
      String atom = atom(depth);
      if (out.length() < LONGEST) {
        out.append(repeated(atom));
      } else {
        repeated(atom);
      }
    }
    return out.toString();
  }

  private String atom(int depth) {
    char c = expression.charAt(at++);
    return switch (c) {
      case '^', '$' -> "";
      case '.' -> "x";
      case '[' -> set();
      case '\\' -> escape();
      case '(' -> {
        if (depth > 50) {
          yield ""; // Nobody writes so many groups for a path.
        }
        yield group(depth);
      }
      default -> String.valueOf(c);
    };
  }

  private String group(int depth) {
    boolean looks = expression.startsWith("?=", at) || expression.startsWith("?!", at);
    if (expression.startsWith("?:", at) || expression.startsWith("?i:", at)) {
      at = expression.indexOf(':', at) + 1;
    } else if (looks) {
      at += 2;
    }
    String inside = alternatives(depth + 1);
    if (at < expression.length()) {
      at++;
    }
    return looks ? "" : inside;
  }

  private String escape() {
    if (at == expression.length()) {
      return "";
    }
    char c = expression.charAt(at++);
    return switch (c) {
      case 'd' -> "1";
      case 'w', 'S', 'D' -> "x";
      case 's', 'W' -> "-";
      case 'b', 'B', 'A', 'z', 'Z' -> "";
      default -> String.valueOf(c);
    };
  }

  /** A character of a class. */
  private String set() {
    boolean negated = at < expression.length() && expression.charAt(at) == '^';
    int start = negated ? at + 1 : at;
    int end = expression.indexOf(']', Math.min(start + 1, expression.length()));
    if (end < 0) {
      return "[";
    }
    String members = expression.substring(start, end);
    at = end + 1;
    if (!negated) {
      char first = members.charAt(0);
      return first == '\\' && members.length() > 1
          ? String.valueOf(members.charAt(1) == 'd' ? '1' : members.charAt(1))
          : String.valueOf(first);
    }
    for (String letter : new String[] {"x", "1", "-", "_"}) {
      if (!members.contains(letter)) {
        return letter;
      }
    }
    return "";
  }

  /** An atom with the repetition that follows it. */
  private String repeated(String atom) {
    if (at == expression.length()) {
      return atom;
    }
    int times = 1;
    switch (expression.charAt(at)) {
      case '*', '+', '?' -> at++;
      case '{' -> {
        int end = expression.indexOf('}', at);
        String least = end < 0 ? "" : expression.substring(at + 1, end).split(",", -1)[0];
        if (!least.matches("[0-9]{1,3}")) {
          return atom;
        }
        times = Math.clamp(Integer.parseInt(least), 1, 50);
        at = end + 1;
      }
      default -> {
        return atom;
      }
    }
    if (at < expression.length() && "?+".indexOf(expression.charAt(at)) >= 0) {
      at++; // Lazy, or possessive.
    }
    return atom.repeat(atom.length() * times > LONGEST ? 1 : times);
  }
}
