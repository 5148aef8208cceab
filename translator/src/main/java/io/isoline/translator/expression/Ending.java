package io.isoline.translator.expression;

import io.isoline.translator.expression.Node.Choice;
import io.isoline.translator.expression.Node.Chars;
import io.isoline.translator.expression.Node.End;
import io.isoline.translator.expression.Node.Group;
import io.isoline.translator.expression.Node.Repeat;
import io.isoline.translator.expression.Node.Sequence;
import java.util.ArrayList;
import java.util.List;

/**
 * An expression in two parts, neither of which has {@code $} any more.
 *
 * @param open what it matches without passing a {@code $}: anything may follow
 * @param atEnd what it matches before a {@code $}: the path ends there
 */
record Ending(Node open, Node atEnd) {

  static Ending of(Node node) {
    return switch (node) {
      case Chars _ -> new Ending(node, Node.never());
      case End() -> new Ending(Node.never(), Node.empty());
      case Sequence(List<Node> parts) -> ofSequence(parts);
      case Choice(List<Node> alternatives) -> {
        List<Node> open = new ArrayList<>();
        List<Node> atEnd = new ArrayList<>();
        for (Node alternative : alternatives) {
          Ending ending = of(alternative);
          open.add(ending.open);
          atEnd.add(ending.atEnd);
        }
        yield new Ending(Node.choice(open), Node.choice(atEnd));
      }
      case Repeat(Node part, int least, int most, boolean lazy) -> {
        // The reader of expressions lets no $ into what is there more than once.
        Ending ending = of(part);
        yield new Ending(Node.repeat(ending.open, least, most, lazy), ending.atEnd);
      }
      case Group(int number, Node part) -> {
        Ending ending = of(part);
        yield new Ending(Node.group(number, ending.open), Node.group(number, ending.atEnd));
      }
    };
  }

  private static Ending ofSequence(List<Node> parts) {
    Node open = Node.empty();
    Node atEnd = Node.never();
    for (Node part : parts) {
      Ending ending = of(part);
      // After the end of the path only what can match nothing may follow.
      atEnd =
          Node.choice(
              List.of(
                  Node.sequence(List.of(open, ending.atEnd)),
                  part.isNullable() ? atEnd : Node.never()));
      open = Node.sequence(List.of(open, ending.open));
    }
    return new Ending(open, atEnd);
  }
}
