package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.model.CookieRewrite;
import io.isoline.translator.model.CookieRewrite.Replacement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What becomes of the cookies that backends set. */
final class Cookies implements Subject {

  private static final String OFF = "off";

  private static final String UNCHANGED = "cookies are passed on as backends set them";

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  static final Annotation<Optional<Replacement>> PROXY_COOKIE_PATH =
      new Annotation<>(
          "proxy-cookie-path",
          words(
              "`off`, or two words of letters, digits and - . _ ~ / : , ? & =",
              Pattern.compile("[-A-Za-z0-9._~/:,?&=]{1,500}")),
          UNCHANGED,
          "Where Path of a cookie that a backend sets begins with the first word, the second takes its"
              + " place. It is so for each cookie of an answer.",
          "/inner/ /",
          "An expression, which begins with ~, is refused.");

  static final Annotation<Optional<Replacement>> PROXY_COOKIE_DOMAIN =
      new Annotation<>(
          "proxy-cookie-domain",
          words(
              "`off`, or two names of hosts",
              Pattern.compile("[-A-Za-z0-9._~]{1,253}")),
          UNCHANGED,
          "Where Domain of a cookie that a backend sets is the first word, in capital or small letters"
              + " and with a dot before it or none, the second takes its place. It is so for each"
              + " cookie of an answer.",
          "inner.example.com www.example.com",
          "An expression, which begins with ~, and variables are refused.");

  private static ValueType<Optional<Replacement>> words(String syntax, Pattern word) {
    return new ValueType<>(
        syntax,
        text -> {
          String stripped = text.strip();
          if (stripped.equals(OFF)) {
            return new Reading.Good<>(Optional.empty());
          }
          String[] words = BLANKS.split(stripped, 3);
          if (words.length != 2
              || !word.matcher(words[0]).matches()
              || !word.matcher(words[1]).matches()) {
            return new Reading.Bad<>("\"" + ValueType.shown(text) + "\" is not " + syntax);
          }
          return new Reading.Good<>(Optional.of(new Replacement(words[0], words[1])));
        });
  }

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(PROXY_COOKIE_PATH, PROXY_COOKIE_DOMAIN);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Replacement path = replacement(values, PROXY_COOKIE_PATH);
    Replacement domain = replacement(values, PROXY_COOKIE_DOMAIN);
    if (path != null || domain != null) {
      policy.add(new CookieRewrite(path, domain == null ? null : asDomain(domain)));
    }
  }

  private static @Nullable Replacement replacement(
      Values values, Annotation<Optional<Replacement>> annotation) {
    Optional<Replacement> value = values.get(annotation);
    if (value == null) {
      return null;
    }
    if (value.isEmpty()) {
      values.applied(annotation, UNCHANGED);
      return null;
    }
    if (value.get().from().startsWith("~")) {
      values.refused(
          annotation,
          Reason.Unsupported,
          "it is an expression; " + UNCHANGED,
          "write the text that is to be replaced");
      return null;
    }
    return value.get();
  }

  private static Replacement asDomain(Replacement words) {
    return new Replacement(
        withoutDot(words.from()).toLowerCase(Locale.ROOT), withoutDot(words.to()));
  }

  private static String withoutDot(String domain) {
    return domain.startsWith(".") ? domain.substring(1) : domain;
  }
}
