package io.isoline.translator.expression;

import io.isoline.translator.expression.Node.Choice;
import io.isoline.translator.expression.Node.Chars;
import io.isoline.translator.expression.Node.End;
import io.isoline.translator.expression.Node.Group;
import io.isoline.translator.expression.Node.Repeat;
import io.isoline.translator.expression.Node.Sequence;
import io.isoline.translator.model.HttpOptions;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes expressions in the syntax of RE2, for paths as Envoy sees them after normalisation: what is
 * not a plain character is percent-encoded there, and some plain characters may be. An escape is
 * matched as a whole or not at all, so that no part of one is left over.
 *
 * <p>Letters are written in both cases rather than with a flag, with which RE2 would add characters
 * beyond ASCII.
 */
class Re2 {

  /** All that may follow in a path. */
  static final String REST = "[!-~]*";

  /**
   * The size of the program of RE2, which Envoy limits to 1,000 with our bootstrap. It is estimated
   * here, and not too low.
   */
  static final int LARGEST = 900;

  /** Bytes that Envoy's normalisation leaves in no escape. */
  private static final BitSet UNRESERVED = new BitSet(Bytes.COUNT);

  static {
    for (int c = 0; c < 128; c++) {
      UNRESERVED.set(c, Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
    }
  }

  private static final int ALL_DIGITS = 0xffff;
  private static final int PER_SLASH = 10;

  private final boolean escapedSlashes;
  private final boolean oneSpelling;
  private final StringBuilder text = new StringBuilder();
  private long size;
  private int repetitions;

  Re2(HttpOptions.Paths paths) {
    escapedSlashes = paths.keepsEscapes();
    oneSpelling = !paths.leavesSlashes();
  }

  String text() {
    return text.toString();
  }

  boolean isTooLarge() {
    return size > LARGEST;
  }

  /** Whether what is written now may be matched several times. */
  boolean isRepeated() {
    return repetitions > 0;
  }

  /** Adds what is RE2 already, and small. */
  void append(String re2) {
    text.append(re2);
    size += PER_SLASH;
  }

  /** Adds what one slash of a request may look like. */
  void appendSlash() {
    append(escapedSlashes ? "(?:/|%2[Ff]|%5[Cc])" : "/");
  }

  void write(Node node) {
    if (isTooLarge()) {
      return;
    }
    switch (node) {
      case Chars chars -> write(chars.bytes());
      case Sequence(List<Node> parts) -> parts.forEach(this::write);
      case Choice(List<Node> alternatives) -> {
        text.append("(?:");
        for (int i = 0; i < alternatives.size(); i++) {
          text.append(i > 0 ? "|" : "");
          write(alternatives.get(i));
        }
        text.append(')');
        size += alternatives.size();
      }
      case Repeat repeat -> write(repeat);
      case Group group -> writeGroup(group);
      case End() -> {
        text.append('$');
        size++;
      }
    }
  }

  /** Writes a group without capturing it; who needs it captured does it otherwise. */
  void writeGroup(Group group) {
    text.append("(?:");
    write(group.part());
    text.append(')');
  }

  /** Writes something that is captured. */
  void capture(Node node) {
    text.append('(');
    write(node);
    text.append(')');
    size += 2;
  }

  private void write(Repeat repeat) {
    long before = size;
    repetitions += repeat.most() == 1 ? 0 : 1;
    text.append("(?:");
    write(repeat.part());
    text.append(')');
    repetitions -= repeat.most() == 1 ? 0 : 1;
    int least = repeat.least();
    int most = repeat.most();
    text.append(
        most == 1
            ? "?"
            : most >= 0
                ? "{" + least + (least == most ? "" : "," + most) + "}"
                : least == 0 ? "*" : least == 1 ? "+" : "{" + least + ",}");
    if (repeat.lazy()) {
      text.append('?');
    }
    long part = size - before + 2;
    size = before + part * (most < 0 ? Math.max(1L, least) : most);
  }

  private void write(BitSet bytes) {
    if (bytes.cardinality() == 1 && bytes.get('/')) {
      text.append(oneSpelling ? "/" : escapedSlashes ? "(?:/|%2[Ff]|%5[Cc])+" : "/+");
      size += PER_SLASH;
      return;
    }
    String plain = plain(bytes);
    String escaped = escaped(bytes);
    if (plain.isEmpty() || escaped.isEmpty()) {
      text.append(plain).append(escaped);
    } else {
      text.append("(?:").append(plain).append('|').append(escaped).append(')');
    }
    size++;
  }

  /** The bytes that requests can have as they are; empty when none of these is one. */
  private String plain(BitSet bytes) {
    StringBuilder ranges = new StringBuilder();
    int count = 0;
    for (int c = '!'; c <= '~'; c++) {
      int first = c;
      while (c <= '~' && bytes.get(c) && isPlain(c)) {
        c++;
      }
      if (c > first) {
        count += c - first;
        size += 2;
        ranges.append(shown(first)).append(c - first > 2 ? "-" : "");
        ranges.append(c - first > 1 ? shown(c - 1) : "");
      }
    }
    return count < 2 ? ranges.toString() : "[" + ranges + "]";
  }

  /** A percent sign begins an escape, and the others end the path. */
  private static boolean isPlain(int c) {
    return c != '%' && c != '?' && c != '#';
  }

  private static String shown(int c) {
    return ("\\.+*?()|[]{}^$-".indexOf(c) < 0 ? "" : "\\") + (char) c;
  }

  /** The bytes that requests can have as escapes; empty when none of these is one. */
  private String escaped(BitSet bytes) {
    Map<Integer, Integer> highByLow = new LinkedHashMap<>();
    for (int high = 0; high < 16; high++) {
      int wanted = 0;
      int never = 0;
      for (int low = 0; low < 16; low++) {
        int octet = 16 * high + low;
        boolean slash = octet == '/' || octet == '\\';
        if (octet == 0 || UNRESERVED.get(octet) || (slash && !escapedSlashes)) {
          never |= 1 << low;
        } else if (bytes.get(slash ? '/' : octet)) {
          wanted |= 1 << low;
        }
      }
      if (wanted != 0) {
        int digits = (wanted | never) == ALL_DIGITS ? ALL_DIGITS : wanted;
        highByLow.merge(digits, 1 << high, (a, b) -> a | b);
      }
    }
    StringBuilder all = new StringBuilder();
    highByLow.forEach(
        (low, high) ->
            all.append(all.isEmpty() ? "" : "|").append(digits(high)).append(digits(low)));
    return all.isEmpty() ? "" : highByLow.size() == 1 ? "%" + all : "%(?:" + all + ")";
  }

  /** Hexadecimal digits of these values. */
  private String digits(int values) {
    StringBuilder digits = new StringBuilder();
    for (String ofValues : List.of("0123456789      ", "          ABCDEF", "          abcdef")) {
      for (int i = 0; i < 16; i++) {
        int first = i;
        while (i < 16 && (values >> i & 1) == 1 && ofValues.charAt(i) != ' ') {
          i++;
        }
        if (i > first) {
          digits.append(ofValues.charAt(first)).append(i - first > 2 ? "-" : "");
          digits.append(i - first > 1 ? ofValues.charAt(i - 1) : "");
          size += 2;
        }
      }
    }
    return digits.length() == 1 ? digits.toString() : "[" + digits + "]";
  }
}
