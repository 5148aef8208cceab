package io.isoline.translator.expression;

import io.isoline.translator.expression.Node.Choice;
import io.isoline.translator.expression.Node.Chars;
import io.isoline.translator.expression.Node.End;
import io.isoline.translator.expression.Node.Group;
import io.isoline.translator.expression.Node.Repeat;
import io.isoline.translator.expression.Node.Sequence;
import java.util.ArrayList;
import java.util.List;

/** What is left of the texts that an expression matches, of those that begin with a slash. */
final class AfterSlash {

  private AfterSlash() {}

  /**
   * The derivative of an expression with respect to a slash.
   *
   * @param node without groups and without {@code $}
   */
  static Node of(Node node) {
    return switch (node) {
      case Chars chars -> chars.bytes().get('/') ? Node.empty() : Node.never();
      case Sequence(List<Node> parts) -> {
        List<Node> ways = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
          List<Node> rest = new ArrayList<>(List.of(of(parts.get(i))));
          rest.addAll(parts.subList(i + 1, parts.size()));
          ways.add(Node.sequence(rest));
          if (!parts.get(i).isNullable()) {
            break;
          }
        }
        yield Node.choice(ways);
      }
      case Choice(List<Node> alternatives) ->
          Node.choice(alternatives.stream().map(AfterSlash::of).toList());
      case Repeat(Node part, int least, int most, boolean lazy) ->
          Node.sequence(
              List.of(
                  of(part),
                  Node.repeat(part, Math.max(least - 1, 0), most < 0 ? most : most - 1, lazy)));
      case Group _, End() -> throw new IllegalArgumentException("a group or an end: " + node);
    };
  }

  /**
   * Whether an engine that prefers these texts tries them in the order in which it would have tried all
   * of them: so it is where nothing is tried last.
   *
   * @param node without groups and without {@code $}
   */
  static boolean keepsOrder(Node node) {
    return switch (node) {
      case Chars _ -> true;
      case Sequence(List<Node> parts) -> {
        for (Node part : parts) {
          if (!keepsOrder(part)) {
            yield false;
          } else if (!part.isNullable()) {
            break;
          }
        }
        yield true;
      }
      case Choice(List<Node> alternatives) ->
          alternatives.stream().allMatch(AfterSlash::keepsOrder)
              && alternatives.stream()
                  .limit(Math.max(alternatives.size() - 1, 0))
                  .noneMatch(Node::isNullable);
      case Repeat(Node part, int least, int _, boolean lazy) ->
          keepsOrder(part) && !part.isNullable() && (least > 0 || !lazy);
      case Group _, End() -> throw new IllegalArgumentException("a group or an end: " + node);
    };
  }
}
