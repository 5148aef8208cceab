package io.isoline.translator.annotation;

import io.isoline.translator.annotation.ValueType.Reading;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An expression for the subject of a certificate: {@code CN=} and what follows it, found anywhere in
 * the subject, as ingress-nginx looks for it. What may be in it means the same in all dialects, and
 * makes no more than Envoy takes.
 */
final class SubjectExpression {

  private static final String PREFIX = "CN=";

  /** Envoy takes programs of 1,000 instructions with our bootstrap; some are for what is around. */
  private static final int LARGEST = 900;

  /** Any character is some instructions, as it may have several bytes. */
  private static final int ANY_CHARACTER = 15;

  private static final Pattern PARTS =
      Pattern.compile(
          "(?:[-A-Za-z0-9 _@=,:/'&]|\\\\[-.+*?()|\\[\\]{}^$\\\\,_@]|\\.|\\[\\^?[A-Za-z0-9 _.@-]+\\]"
              + "|[|()^$*+?])*");

  /** One repeats what is before it, so that has to be something; a second ? makes it reluctant. */
  private static final Pattern NOTHING_TO_REPEAT =
      Pattern.compile("(?:^|[^\\\\])[|(^$][*+?]|[*+?][*+]|[*+?][?][*+?]|=[*+?]$");

  static final ValueType<String> TYPE =
      new ValueType<>(
          "CN= and an expression of letters, digits, ., \\., [a-z], (a|b), ^, $, *, + and ?",
          SubjectExpression::read);

  private SubjectExpression() {}

  private static Reading<String> read(String text) {
    String rest = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : null;
    if (rest == null
        || size(rest) > LARGEST
        || !PARTS.matcher(rest).matches()
        || NOTHING_TO_REPEAT.matcher(text).find()
        || !isWellFormed(rest)) {
      return new Reading.Bad<>("\"" + ValueType.shown(text) + "\" is no such expression");
    }
    return new Reading.Good<>("\\C*(" + PREFIX + rest + ")\\C*");
  }

  private static int size(String text) {
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      size += c == '.' || c == '[' ? ANY_CHARACTER : 1;
    }
    return size;
  }

  @SuppressWarnings("CheckReturnValue") // It is only read.
  private static boolean isWellFormed(String expression) {
    try {
      Pattern.compile(expression);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
