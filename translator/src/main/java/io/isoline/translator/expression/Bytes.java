package io.isoline.translator.expression;

import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets of bytes that expressions have names for, without regard to case. */
final class Bytes {

  static final int COUNT = 256;

  /** Any byte. In nginx a line break is none of these, so that a path with one escapes its rule. */
  static final BitSet ALL = range(0, COUNT - 1);

  private static final BitSet DIGITS = range('0', '9');
  private static final BitSet UPPER = range('A', 'Z');
  private static final BitSet LOWER = range('a', 'z');
  private static final BitSet LETTERS = union(UPPER, LOWER);
  private static final BitSet WORD = union(union(LETTERS, DIGITS), range('_', '_'));
  private static final BitSet BLANKS = union(range('\t', '\t'), range(' ', ' '));
  private static final BitSet SPACE = union(range('\t', '\r'), range(' ', ' '));
  private static final BitSet LINE_ENDS = range('\n', '\r');
  private static final BitSet PRINTED = range('!', '~');

  private static final Map<String, BitSet> POSIX =
      Map.ofEntries(
          Map.entry("alnum", union(LETTERS, DIGITS)),
          Map.entry("alpha", LETTERS),
          Map.entry("ascii", range(0, 127)),
          Map.entry("blank", BLANKS),
          Map.entry("cntrl", union(range(0, 31), range(127, 127))),
          Map.entry("digit", DIGITS),
          Map.entry("graph", PRINTED),
          Map.entry("lower", LETTERS),
          Map.entry("print", union(PRINTED, range(' ', ' '))),
          Map.entry("punct", without(PRINTED, union(LETTERS, DIGITS))),
          Map.entry("space", SPACE),
          Map.entry("upper", LETTERS),
          Map.entry("word", WORD),
          Map.entry("xdigit", union(DIGITS, union(range('A', 'F'), range('a', 'f')))));

  private Bytes() {}

  /** Both included. */
  static BitSet range(int first, int last) {
    BitSet bytes = new BitSet(COUNT);
    bytes.set(first, last + 1);
    return bytes;
  }

  static BitSet union(BitSet some, BitSet others) {
    BitSet bytes = (BitSet) some.clone();
    bytes.or(others);
    return bytes;
  }

  static BitSet without(BitSet some, BitSet others) {
    BitSet bytes = (BitSet) some.clone();
    bytes.andNot(others);
    return bytes;
  }

  /** The set that a letter after a backslash stands for; null when it stands for none. */
  static @Nullable BitSet named(char letter) {
    return switch (letter) {
      case 'd' -> DIGITS;
      case 'D' -> without(ALL, DIGITS);
      case 'w' -> WORD;
      case 'W' -> without(ALL, WORD);
      case 's' -> SPACE;
      case 'S' -> without(ALL, SPACE);
      case 'h' -> BLANKS;
      case 'H' -> without(ALL, BLANKS);
      case 'v' -> LINE_ENDS;
      case 'V' -> without(ALL, LINE_ENDS);
      case 'N' -> without(ALL, range('\n', '\n'));
      default -> null;
    };
  }

  /** The set of a POSIX class, {@code alpha} for example; null when there is no such class. */
  static @Nullable BitSet posix(String name) {
    return POSIX.get(name);
  }

  /** With each letter in both cases. */
  static BitSet anyCase(BitSet bytes) {
    BitSet folded = (BitSet) bytes.clone();
    for (int upper = 'A'; upper <= 'Z'; upper++) {
      int lower = upper + 'a' - 'A';
      if (bytes.get(upper) || bytes.get(lower)) {
        folded.set(upper);
        folded.set(lower);
      }
    }
    return folded;
  }
}
