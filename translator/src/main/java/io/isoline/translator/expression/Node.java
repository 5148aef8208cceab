package io.isoline.translator.expression;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of an expression. What it matches are bytes of a path without percent-encoding. */
sealed interface Node {

  /** Nothing, wherever it is. */
  static Node empty() {
    return new Sequence(List.of());
  }

  /** No text at all. */
  static Node never() {
    return new Choice(List.of());
  }

  /** One byte of these, which are not changed any more. */
  record Chars(BitSet bytes) implements Node {}

  /** One part after the other. */
  record Sequence(List<Node> parts) implements Node {}

  /** Any of these, the first that leads to a match. */
  record Choice(List<Node> alternatives) implements Node {}

  /**
   * The same part several times.
   *
   * @param most -1 for no limit
   * @param lazy whether fewer are tried first
   */
  record Repeat(Node part, int least, int most, boolean lazy) implements Node {}

  /**
   * Text that can be referred to.
   *
   * @param number from 1, in the order of the opening parentheses
   */
  record Group(int number, Node part) implements Node {}

  /** The end of the path. */
  record End() implements Node {}

  static Node sequence(List<Node> parts) {
    List<Node> flat = new ArrayList<>();
    for (Node part : parts) {
      if (part.equals(never())) {
        return never();
      } else if (part instanceof Sequence(List<Node> more)) {
        flat.addAll(more);
      } else {
        flat.add(part);
      }
    }
    return flat.size() == 1 ? flat.getFirst() : new Sequence(List.copyOf(flat));
  }

  static Node choice(List<Node> alternatives) {
    List<Node> possible = new ArrayList<>();
    for (Node alternative : alternatives) {
      if (!alternative.equals(never()) && !possible.contains(alternative)) {
        possible.add(alternative);
      }
    }
    return possible.size() == 1 ? possible.getFirst() : new Choice(List.copyOf(possible));
  }

  static Node repeat(Node part, int least, int most, boolean lazy) {
    if (most == 0 || part.equals(empty()) || (part.equals(never()) && least == 0)) {
      return empty();
    }
    if (part.equals(never())) {
      return never();
    }
    return least == 1 && most == 1 ? part : new Repeat(part, least, most, lazy);
  }

  static Node group(int number, Node part) {
    return part.equals(never()) ? never() : new Group(number, part);
  }

  /** Whether it can match nothing, at the end of the path at least. */
  default boolean isNullable() {
    return switch (this) {
      case Chars _ -> false;
      case Sequence(List<Node> parts) -> parts.stream().allMatch(Node::isNullable);
      case Choice(List<Node> alternatives) -> alternatives.stream().anyMatch(Node::isNullable);
      case Repeat(Node part, int least, int _, boolean _) -> least == 0 || part.isNullable();
      case Group(int _, Node part) -> part.isNullable();
      case End() -> true;
    };
  }

  /** Whether a text that it matches can end with a slash. */
  default boolean canEndWithSlash() {
    return switch (this) {
      case Chars(BitSet bytes) -> bytes.get('/');
      case Sequence(List<Node> parts) -> {
        for (Node part : parts.reversed()) {
          if (part.canEndWithSlash()) {
            yield true;
          } else if (!part.isNullable()) {
            break;
          }
        }
        yield false;
      }
      case Choice(List<Node> alternatives) ->
          alternatives.stream().anyMatch(Node::canEndWithSlash);
      case Repeat(Node part, int _, int _, boolean _) -> part.canEndWithSlash();
      case Group(int _, Node part) -> part.canEndWithSlash();
      case End() -> false;
    };
  }

  /** The part in it that is a group of this number; null when there is none. */
  default @Nullable Node group(int number) {
    return switch (this) {
      case Chars _, End() -> null;
      case Sequence(List<Node> parts) -> group(number, parts);
      case Choice(List<Node> alternatives) -> group(number, alternatives);
      case Repeat(Node part, int _, int _, boolean _) -> part.group(number);
      case Group(int own, Node part) -> own == number ? part : part.group(number);
    };
  }

  private static @Nullable Node group(int number, List<Node> parts) {
    return parts.stream()
        .map(part -> part.group(number))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Whether the end of the path is somewhere in it. */
  default boolean hasEnd() {
    return switch (this) {
      case Chars _ -> false;
      case Sequence(List<Node> parts) -> parts.stream().anyMatch(Node::hasEnd);
      case Choice(List<Node> alternatives) -> alternatives.stream().anyMatch(Node::hasEnd);
      case Repeat(Node part, int _, int _, boolean _) -> part.hasEnd();
      case Group(int _, Node part) -> part.hasEnd();
      case End() -> true;
    };
  }

  /** Whether a group is somewhere in it. */
  default boolean hasGroup() {
    return switch (this) {
      case Chars _, End() -> false;
      case Sequence(List<Node> parts) -> parts.stream().anyMatch(Node::hasGroup);
      case Choice(List<Node> alternatives) -> alternatives.stream().anyMatch(Node::hasGroup);
      case Repeat(Node part, int _, int _, boolean _) -> part.hasGroup();
      case Group _ -> true;
    };
  }
}
