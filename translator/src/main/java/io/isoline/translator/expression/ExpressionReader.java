package io.isoline.translator.expression;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a text of limited length as an expression, from left to right. */
final class ExpressionReader {

  /** How often a part may be repeated, which is also RE2's limit. */
  private static final int MOST_REPEATED = 1_000;

  /** Each level takes part of the stack here, and of that of whoever goes through the result. */
  private static final int DEEPEST = 50;

  /** What a parenthesis with a question mark may begin that Isoline does not take. */
  private static final Map<String, String> KINDS =
      Map.of(
          "(?=", "look-ahead",
          "(?!", "negative look-ahead",
          "(?<=", "look-behind",
          "(?<!", "negative look-behind",
          "(?>", "an atomic group",
          "(?|", "a branch reset",
          "(?#", "a comment",
          "(?(", "a condition",
          "(?P=", "a back-reference");

  /** Says why a text is refused. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final String why;

    Refused(String why) {
      super(why, null, false, false);
      this.why = why;
    }

    String why() {
      return why;
    }
  }

  private final String text;
  private final Map<String, Integer> names = new HashMap<>();
  private int at;
  private int groups;
  private int depth;

  /** How many there are outside of all parentheses. */
  private int alternatives;

  ExpressionReader(String text) {
    this.text = text;
  }

  Expression read() throws Refused {
    Node root = choice();
    if (!isOver()) {
      throw new Refused("a ) has no ( before it");
    }
    return new Expression(root, groups, names, alternatives > 1);
  }

  private boolean isOver() {
    return at >= text.length();
  }

  private boolean follows(String what) {
    return text.startsWith(what, at);
  }

  private boolean skip(String what) {
    boolean there = follows(what);
    at += there ? what.length() : 0;
    return there;
  }

  private Node choice() throws Refused {
    List<Node> all = new ArrayList<>();
    do {
      if (depth == 0) {
        alternatives++;
        skip("^"); // It is anchored there anyway.
      }
      all.add(sequence());
    } while (skip("|"));
    return Node.choice(all);
  }

  private Node sequence() throws Refused {
    List<Node> parts = new ArrayList<>();
    while (!isOver() && !follows("|") && !follows(")")) {
      int begin = at;
      Node atom = atom();
      parts.add(repeated(atom, text.substring(begin, at)));
    }
    return Node.sequence(parts);
  }

  private Node repeated(Node part, String written) throws Refused {
    int begin = at;
    int[] times = quantifier();
    if (times == null) {
      return part;
    }
    String quantifier = text.substring(begin, at);
    if (follows("+")) {
      throw new Refused(quantifier + "+ is a possessive quantifier, which RE2 lacks");
    }
    boolean lazy = skip("?");
    int again = at;
    if (quantifier() != null) {
      throw new Refused(text.substring(again, at) + " repeats a repetition");
    }
    if (part.equals(Node.empty()) || part instanceof Node.End || written.startsWith("\\Q")) {
      throw new Refused(quantifier + " repeats " + written + ", which is not one character or group");
    }
    if (part.hasEnd() && times[1] != 1) {
      throw new Refused("a $ is in something that " + quantifier + " repeats");
    }
    return Node.repeat(part, times[0], times[1], lazy);
  }

  /** How often what is before is repeated, at least and at most; null when nothing says so. */
  private int @Nullable [] quantifier() throws Refused {
    if (skip("*")) {
      return new int[] {0, -1};
    }
    if (skip("+")) {
      return new int[] {1, -1};
    }
    if (skip("?")) {
      return new int[] {0, 1};
    }
    int end = follows("{") ? text.indexOf('}', at) : -1;
    String inside = end < 0 ? "" : text.substring(at + 1, end);
    if (!inside.matches("[0-9]+(,[0-9]*)?")) {
      return null; // A brace is a character.
    }
    at = end + 1;
    int comma = inside.indexOf(',');
    int least = times(comma < 0 ? inside : inside.substring(0, comma));
    int most =
        comma < 0
            ? least
            : comma + 1 == inside.length() ? -1 : times(inside.substring(comma + 1));
    if (most >= 0 && most < least) {
      throw new Refused("{" + inside + "} has more first than last");
    }
    return new int[] {least, most};
  }

  private static int times(String digits) throws Refused {
    if (digits.length() > 4 || Integer.parseInt(digits) > MOST_REPEATED) {
      throw new Refused("something is repeated more than " + MOST_REPEATED + " times");
    }
    return Integer.parseInt(digits);
  }

  private Node atom() throws Refused {
    char c = text.charAt(at);
    return switch (c) {
      case '(' -> parenthesis();
      case '[' -> {
        at++;
        yield new Node.Chars(new ClassReader().read());
      }
      case '.' -> {
        at++;
        yield new Node.Chars(Bytes.ALL);
      }
      case '$' -> {
        at++;
        yield new Node.End();
      }
      case '^' -> throw new Refused("^ stands for the beginning, and is after it");
      case '*', '+', '?' -> throw new Refused("nothing is before " + c + " that it could repeat");
      case '\\' -> {
        at++;
        yield escape();
      }
      case '%' -> {
        int octet = hex(at + 1, 2);
        at += octet < 0 ? 1 : 3;
        yield octet < 0 ? one('%') : one(octet);
      }
      default -> {
        int code = text.codePointAt(at);
        at += Character.charCount(code);
        yield literal(code);
      }
    };
  }

  /** One byte, of a letter in any case. */
  private static Node one(int octet) {
    return new Node.Chars(Bytes.anyCase(Bytes.range(octet, octet)));
  }

  private static Node literal(int code) throws Refused {
    if (Character.getType(code) == Character.SURROGATE) {
      throw new Refused("it has half of a character");
    }
    List<Node> bytes = new ArrayList<>();
    for (byte each : Character.toString(code).getBytes(StandardCharsets.UTF_8)) {
      bytes.add(one(each & 0xff));
    }
    return Node.sequence(bytes);
  }

  private Node parenthesis() throws Refused {
    int open = at++;
    if (++depth > DEEPEST) {
      throw new Refused("parentheses are nested more than " + DEEPEST + " deep");
    }
    int number = 0;
    String name = null;
    if (follows("*")) {
      throw new Refused("(* begins a verb, which RE2 lacks");
    }
    if (skip("?")) {
      name = nameOfGroup();
      if (name == null && !skip(":") && !skip("i:") && !skip("s:")) {
        if (skip("i)") || skip("s)")) {
          depth--;
          return Node.empty(); // Case is ignored anyway, and a dot is any byte.
        }
        throw new Refused(kind(open));
      }
    }
    if (name != null || text.charAt(at - 1) == '(') {
      number = ++groups;
      if (name != null && names.putIfAbsent(name, number) != null) {
        throw new Refused("two groups are called " + name);
      }
    }
    Node inside = choice();
    if (!skip(")")) {
      throw new Refused("a ( has no ) after it");
    }
    depth--;
    return number == 0 ? inside : Node.group(number, inside);
  }

  /** Reads a name after {@code (?}; null when there is none. */
  private @Nullable String nameOfGroup() {
    for (String begin : List.of("P<", "<", "'")) {
      int end = text.indexOf(begin.equals("'") ? '\'' : '>', at + begin.length());
      if (follows(begin) && end >= 0) {
        String name = text.substring(at + begin.length(), end);
        if (name.matches("[A-Za-z_][A-Za-z0-9_]{0,31}")) {
          at = end + 1;
          return name;
        }
      }
    }
    return null;
  }

  private String kind(int open) {
    for (int length = 4; length > 2; length--) {
      String begin = text.substring(open, Math.min(text.length(), open + length));
      String kind = KINDS.get(begin);
      if (kind != null) {
        return begin + " is " + kind + ", which RE2 lacks";
      }
    }
    return text.substring(open, Math.min(text.length(), open + 3)) + " is not supported";
  }

  /** What follows a backslash. */
  private Node escape() throws Refused {
    if (isOver()) {
      throw new Refused("it ends with a backslash");
    }
    int code = text.codePointAt(at);
    char c = text.charAt(at);
    at += Character.charCount(code);
    BitSet named = Bytes.named(c);
    if (named != null) {
      return new Node.Chars(named);
    }
    return switch (c) {
      case 'z', 'Z' -> new Node.End();
      case 'Q' -> quoted();
      default -> {
        int octet = octet(c);
        yield octet >= 0 ? one(octet) : literal(code);
      }
    };
  }

  private Node quoted() throws Refused {
    int end = text.indexOf("\\E", at);
    String inside = text.substring(at, end < 0 ? text.length() : end);
    at = end < 0 ? text.length() : end + 2;
    List<Node> parts = new ArrayList<>();
    for (int i = 0; i < inside.length(); i += Character.charCount(inside.codePointAt(i))) {
      parts.add(literal(inside.codePointAt(i)));
    }
    return Node.sequence(parts);
  }

  /** The byte that a letter or digit after a backslash stands for; -1 for any other character. */
  private int octet(char c) throws Refused {
    return switch (c) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'a' -> 7;
      case 'e' -> 27;
      case 'x' -> hexadecimal();
      case '1', '2', '3', '4', '5', '6', '7', '8', '9', 'k', 'g' ->
          throw new Refused("\\" + c + " is a back-reference, which RE2 lacks");
      case 'b', 'B' ->
          throw new Refused(
              "\\" + c + " asks for the edge of a word, and paths come percent-encoded");
      default -> {
        if (c < 128 && Character.isLetterOrDigit(c)) {
          throw new Refused("\\" + c + " is not supported");
        }
        yield -1;
      }
    };
  }

  private int hexadecimal() throws Refused {
    int octet = hex(at, 2);
    if (octet >= 0) {
      at += 2;
      return octet;
    }
    if (follows("{") && text.startsWith("}", at + 3) && hex(at + 1, 2) >= 0) {
      at += 4;
      return hex(at - 3, 2);
    }
    throw new Refused("\\x is not followed by two hexadecimal digits");
  }

  /** The number that so many digits make; -1 when they are not there. */
  private int hex(int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0 || text.charAt(i) > 127) {
        return -1;
      }
      number = 16 * number + digit;
    }
    return number;
  }

  /** Reads what is in brackets. */
  private final class ClassReader {

    private final BitSet bytes = new BitSet(Bytes.COUNT);

    BitSet read() throws Refused {
      boolean negated = skip("^");
      boolean first = true;
      while (first || !follows("]")) {
        if (isOver()) {
          throw new Refused("a [ has no ] after it");
        }
        first = false;
        item();
      }
      at++;
      BitSet folded = Bytes.anyCase(bytes);
      return negated ? Bytes.without(Bytes.ALL, folded) : folded;
    }

    private void item() throws Refused {
      if (follows("[:") && posix()) {
        return;
      }
      int low = member();
      if (low < 0) {
        return;
      }
      boolean range =
          follows("-") && at + 1 < text.length() && text.charAt(at + 1) != ']';
      if (!range) {
        bytes.set(low);
        return;
      }
      at++;
      int high = follows("[:") ? -1 : member();
      if (high < low) {
        throw new Refused("a range in brackets ends before it begins");
      }
      bytes.set(low, high + 1);
    }

    private boolean posix() throws Refused {
      int end = text.indexOf(":]", at + 2);
      if (end < 0) {
        return false;
      }
      String name = text.substring(at + 2, end);
      boolean negated = name.startsWith("^");
      BitSet named = Bytes.posix(negated ? name.substring(1) : name);
      if (named == null) {
        throw new Refused("there is no class of characters of that name");
      }
      at = end + 2;
      bytes.or(negated ? Bytes.without(Bytes.ALL, named) : named);
      return true;
    }

    /** Reads one byte; -1 when it was a set of several, which is entered. */
    private int member() throws Refused {
      int code = text.codePointAt(at);
      at += Character.charCount(code);
      if (code != '\\') {
        return ascii(code);
      }
      if (isOver()) {
        throw new Refused("a [ has no ] after it");
      }
      char c = text.charAt(at);
      code = text.codePointAt(at);
      at += Character.charCount(code);
      BitSet named = Bytes.named(c);
      if (named != null) {
        bytes.or(named);
        return -1;
      }
      if (c == 'b') {
        return '\b';
      }
      int octet = octet(c);
      return octet >= 0 ? octet : ascii(code);
    }

    private static int ascii(int code) throws Refused {
      if (code > 127) {
        throw new Refused("a character that is not ASCII is in brackets");
      }
      return code;
    }
  }
}
