package io.isoline.translator.expression;

import io.isoline.translator.expression.Node.Choice;
import io.isoline.translator.expression.Node.Chars;
import io.isoline.translator.expression.Node.End;
import io.isoline.translator.expression.Node.Group;
import io.isoline.translator.expression.Node.Repeat;
import io.isoline.translator.expression.Node.Sequence;
import io.isoline.translator.model.HttpOptions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for paths, as ingress-nginx takes them: it ignores case, matches the path
 * without percent-encoding, and is anchored at the beginning only.
 *
 * <p>It is a regular expression of Perl, but for what cannot be matched in one pass over a text;
 * that is refused by name. What is written as {@code %2F} is that byte, as in a plain path.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">Syntax of RE2</a>
 */
public final class Expression {

  /** How long one may be, in characters. */
  public static final int LONGEST = 500;

  private final Node root;
  private final int groups;
  private final Map<String, Integer> names;
  private final boolean alternatives;

  /**
   * An expression that was read.
   *
   * @param names the numbers of the groups that have a name
   * @param alternatives whether there are several outside of all parentheses
   */
  Expression(Node root, int groups, Map<String, Integer> names, boolean alternatives) {
    this.root = root;
    this.groups = groups;
    this.alternatives = alternatives;
    this.names = Map.copyOf(names);
  }

  /** What came of a text. */
  public sealed interface Reading {
    /** It is an expression. */
    record Good(Expression expression) implements Reading {}

    /**
     * It is none, or one that Isoline does not take.
     *
     * @param message a clause that says why
     */
    record Bad(String message) implements Reading {}
  }

  /** Reads one; takes any text. */
  public static Reading read(String text) {
    if (text.length() > LONGEST) {
      return new Reading.Bad("it has more than " + LONGEST + " characters");
    }
    try {
      return new Reading.Good(new ExpressionReader(text).read());
    } catch (ExpressionReader.Refused refused) {
      return new Reading.Bad(refused.why());
    }
  }

  Node root() {
    return root;
  }

  /**
   * The same in the syntax of RE2, for the whole path as Envoy sees it; null when it is too large.
   *
   * @param paths which spellings of slashes requests can have
   */
  public @Nullable String matching(HttpOptions.Paths paths) {
    Re2 re2 = new Re2(paths);
    re2.write(root);
    re2.append(Re2.REST);
    return re2.isTooLarge() ? null : re2.text();
  }

  /** The number of a group that a target refers to; empty when there is no such group. */
  OptionalInt group(String reference) {
    Integer number =
        Character.isDigit(reference.charAt(0)) ? Integer.valueOf(reference) : names.get(reference);
    return number == null || number > groups ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** Whether it has several alternatives, none of them in parentheses. */
  public boolean hasAlternatives() {
    return alternatives;
  }

  /** How many bytes are the same, but for case, in the beginning of all that it matches. */
  public int literalPrefix() {
    return literal(root);
  }

  private static int literal(Node node) {
    return switch (node) {
      case Chars chars -> isLiteral(chars) ? 1 : 0;
      case Sequence(List<Node> parts) -> {
        int length = 0;
        for (Node part : parts) {
          length += literal(part);
          if (!isLiteral(part)) {
            break;
          }
        }
        yield length;
      }
      case Choice(List<Node> alternatives) ->
          alternatives.stream().mapToInt(Expression::literal).min().orElse(0);
      case Repeat(Node part, int least, int _, boolean _) -> least > 0 ? literal(part) : 0;
      case Group(int _, Node part) -> literal(part);
      case End() -> 0;
    };
  }

  /** Whether it matches one text only, but for case. */
  private static boolean isLiteral(Node node) {
    return switch (node) {
      case Chars chars -> Bytes.anyCase(chars.bytes()).cardinality() <= 2 && oneLetter(chars);
      case Sequence(List<Node> parts) -> parts.stream().allMatch(Expression::isLiteral);
      case Group(int _, Node part) -> isLiteral(part);
      case Choice _, Repeat _, End() -> false;
    };
  }

  private static boolean oneLetter(Chars chars) {
    int first = chars.bytes().nextSetBit(0);
    int second = chars.bytes().nextSetBit(first + 1);
    return second < 0 || (Character.isLetter(first) && second == first + 'a' - 'A');
  }
}
