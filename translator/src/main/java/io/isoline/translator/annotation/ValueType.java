package io.isoline.translator.annotation;

import io.isoline.translator.kube.SecretName;
import io.isoline.translator.text.Blanks;
import io.isoline.translator.text.IpRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the value of an annotation may be, as ingress-nginx reads it.
 *
 * @param syntax the rule in words, for documentation and for whoever broke it
 * @param read takes the text apart
 * @param hasEmpty whether the empty text is for {@code read} as well; else it counts as none
 */
record ValueType<T>(String syntax, Function<String, Reading<T>> read, boolean hasEmpty) {

  ValueType(String syntax, Function<String, Reading<T>> read) {
    this(syntax, read, false);
  }

  /** What came of a text. */
  sealed interface Reading<T> {
    /** It is a value. */
    record Good<T>(T value) implements Reading<T> {}

    /**
     * It is none.
     *
     * @param message a clause that says what is wrong
     */
    record Bad<T>(String message) implements Reading<T> {}
  }

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})([kKmMgG]?)");

  /** A boolean, as Go reads it. */
  static final ValueType<Boolean> FLAG =
      new ValueType<>(
          "`true` or `false`",
          text ->
              switch (text) {
                case "1", "t", "T", "true", "TRUE", "True" -> new Reading.Good<>(true);
                case "0", "f", "F", "false", "FALSE", "False" -> new Reading.Good<>(false);
                default -> bad(text, "is neither true nor false");
              });

  /** A whole number, with a sign or without one. */
  static ValueType<Long> number(long least, long most, String unit) {
    String range = "a whole number from %d to %d%s".formatted(least, most, unit);
    return new ValueType<>(
        range,
        text -> {
          if (!text.matches("[+-]?[0-9]{1,18}")) {
            return bad(text, "is not " + range);
          }
          long number = Long.parseLong(text);
          return number < least || number > most
              ? bad(text, "is not " + range)
              : new Reading.Good<>(number);
        });
  }

  /**
   * A number of bytes as nginx's own parser reads one; blanks around it are ignored. A {@code b},
   * which the validator of ingress-nginx lets pass, is none for it.
   */
  static final ValueType<Long> BYTES =
      new ValueType<>(
          "a number of bytes, with k, m or g behind it for as many KiB, MiB or GiB",
          text -> {
            Matcher matcher = SIZE.matcher(text.strip());
            if (!matcher.matches()) {
              return bad(text, "is not a number of bytes, with k, m or g behind it or nothing");
            }
            long number = Long.parseLong(matcher.group(1));
            int shift =
                switch (matcher.group(2)) {
                  case "k", "K" -> 10;
                  case "m", "M" -> 20;
                  case "g", "G" -> 30;
                  default -> 0;
                };
            return number > Long.MAX_VALUE >> shift
                ? bad(text, "is too large")
                : new Reading.Good<>(number << shift);
          });

  /** One of these words in any case; blanks around it are ignored. */
  static <T> ValueType<T> oneOf(Map<String, T> words) {
    String listed = String.join(", ", words.keySet());
    Map<String, T> inAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    inAnyCase.putAll(words);
    return new ValueType<>(
        "one of " + listed,
        text -> {
          T value = inAnyCase.get(text.strip());
          return value == null ? bad(text, "is none of " + listed) : new Reading.Good<>(value);
        });
  }

  /** One of these words as it is written; blanks around it are ignored. */
  static <T> ValueType<T> word(Map<String, T> words) {
    String listed = String.join(", ", words.keySet());
    return new ValueType<>(
        "one of " + listed,
        text -> {
          T value = words.get(Blanks.stripped(text));
          return value == null ? bad(text, "is none of " + listed) : new Reading.Good<>(value);
        });
  }

  /** The name of a Secret, with or without its namespace. */
  static final ValueType<SecretName> SECRET =
      new ValueType<>(
          "the name of a Secret of the Ingress's namespace, which may go before it: namespace/name",
          text -> {
            SecretName name = SecretName.parse(text);
            return name == null
                ? bad(text, "can't be the name of a Secret")
                : new Reading.Good<>(name);
          });

  /**
   * What a function makes of a text, without the blanks at its ends.
   *
   * @param parse throws an IllegalArgumentException whose message is a clause about the text
   */
  static <T> ValueType<T> parsed(String syntax, Function<String, T> parse) {
    return new ValueType<>(
        syntax,
        text -> {
          try {
            return new Reading.Good<>(parse.apply(Blanks.stripped(text)));
          } catch (IllegalArgumentException e) {
            return new Reading.Bad<>("\"" + shown(text) + "\" is refused: " + e.getMessage());
          }
        });
  }

  /** A text that a pattern matches from its beginning to its end. */
  static ValueType<String> text(String syntax, Pattern pattern) {
    return new ValueType<>(
        syntax,
        text ->
            pattern.matcher(text).matches()
                ? new Reading.Good<>(text)
                : bad(text, "is not " + syntax));
  }

  /**
   * A list with commas, of whose entries the good ones hold; blanks are ignored, and so are empty
   * entries.
   */
  static ValueType<Entries> list(String syntax, Pattern entry) {
    return new ValueType<>(
        syntax,
        text -> {
          List<String> good = new ArrayList<>();
          List<String> bad = new ArrayList<>();
          for (String each : text.split(",", -1)) {
            String word = each.strip();
            if (!word.isEmpty()) {
              (entry.matcher(word).matches() ? good : bad).add(word);
            }
          }
          return new Reading.Good<>(new Entries(good, bad));
        });
  }

  /** Addresses and ranges of addresses with commas between them; blanks around them are ignored. */
  static final ValueType<List<IpRange>> ADDRESSES =
      new ValueType<>(
          "a list of IP addresses and ranges (CIDR), with commas between them",
          text -> {
            List<IpRange> ranges = new ArrayList<>();
            for (String each : text.split(",", -1)) {
              IpRange range = IpRange.parse(each.strip());
              if (range == null) {
                return bad(each.strip(), "is no IP address and no range of them");
              }
              ranges.add(range);
            }
            return new Reading.Good<>(List.copyOf(ranges));
          });

  /** The same, for which the empty text is no value. */
  ValueType<T> orEmpty() {
    return new ValueType<>(syntax, read, true);
  }

  /**
   * The entries of a list.
   *
   * @param bad those that break the rule, in the order of the list
   */
  record Entries(List<String> good, List<String> bad) {}

  private static <T> Reading<T> bad(String text, String why) {
    return new Reading.Bad<>("\"" + shown(text) + "\" " + why);
  }

  /** Enough of a text of somebody else to find it by, on one line. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(100, text.length()); i++) {
      char c = text.charAt(i);
      shown.append(c == '\n' ? "\\n" : c < ' ' || c == '\u007f' ? "?" : String.valueOf(c));
    }
    return text.length() <= 100 ? shown.toString() : shown.append('…').toString();
  }
}
