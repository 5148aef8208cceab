package io.isoline.controlplane.manifest;

import io.isoline.controlplane.manifest.YamlValue.Scalar;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a value without quotes for kubectl: {@code 0120} is octal, {@code 1_000} a number,
 * {@code yes} a boolean. It is YAML 1.1 as {@code sigs.k8s.io/yaml} reads it, which has no numbers
 * to the base 60, so that {@code 1:30} is text.
 */
final class PlainScalar {

  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NOT_FINITE =
      Set.of(
          ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
          "-.Inf", "-.INF");
  private static final Pattern FRACTION =
      Pattern.compile("[-+]?(\\.[0-9]++|[0-9]++(\\.[0-9]*+)?+)([eE][-+]?[0-9]++)?+");

  /** A longer number fits no field. */
  private static final int MAX_DIGITS = 400;

  private PlainScalar() {}

  static Scalar.Kind kind(String text) {
    if (NULL.contains(text)) {
      return Scalar.Kind.NULL;
    } else if (asBoolean(text) != null) {
      return Scalar.Kind.BOOLEAN;
    } else if (NOT_FINITE.contains(text)) {
      return Scalar.Kind.FLOAT;
    }
    char first = text.charAt(0);
    boolean numeric = (first >= '0' && first <= '9') || first == '+' || first == '-';
    if (numeric && integer(text) != null) {
      return Scalar.Kind.INTEGER;
    }
    return (numeric || first == '.') && FRACTION.matcher(digits(text)).matches()
        ? Scalar.Kind.FLOAT
        : Scalar.Kind.STRING;
  }

  /** Null when the text is no boolean. */
  static @Nullable Boolean asBoolean(String text) {
    if (TRUE.contains(text)) {
      return Boolean.TRUE;
    }
    return FALSE.contains(text) ? Boolean.FALSE : null;
  }

  /**
   * The whole number that a text is: decimal, or after {@code 0x}, {@code 0o}, {@code 0b}, or octal
   * after {@code 0}. Null when it is none; {@code 089} is a fraction, as 8 is no octal digit.
   */
  static @Nullable BigInteger integer(String text) {
    String plain = digits(text);
    boolean negative = plain.startsWith("-");
    String number = negative || plain.startsWith("+") ? plain.substring(1) : plain;
    if (number.isEmpty() || number.length() > MAX_DIGITS) {
      return null;
    }
    int base = 10;
    if (number.charAt(0) == '0' && number.length() > 1) {
      base =
          switch (number.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      number = number.substring(base == 0 ? 1 : 2);
      base = base == 0 ? 8 : base;
    }
    if (number.isEmpty()) {
      return null;
    }
    for (int i = 0; i < number.length(); i++) {
      if (number.charAt(i) > 'f' || Character.digit(number.charAt(i), base) < 0) {
        return null;
      }
    }
    BigInteger value = new BigInteger(number, base);
    return negative ? value.negate() : value;
  }

  /** The text of a number without the underscores that group its digits. */
  static String digits(String text) {
    return text.indexOf('_') >= 0 && text.charAt(0) != '_' ? text.replace("_", "") : text;
  }
}
