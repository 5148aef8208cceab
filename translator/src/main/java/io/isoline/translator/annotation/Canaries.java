package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.Canary.ByHeader;
import io.isoline.translator.annotation.ValueType.Reading;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether an Ingress gets some of the requests of another one, and which. */
final class Canaries implements Subject {

  private static final int MOST = 1_000_000;

  static final Annotation<Boolean> CANARY =
      new Annotation<>(
          "canary",
          ValueType.FLAG,
          "the Ingress stands for itself",
          "`true` makes the Ingress the canary of another one of its namespace, its main Ingress: for"
              + " each host and path that both have, it gets some of the requests. Everything else"
              + " that is asked for them, as TLS, authentication or limits, is that of the main"
              + " Ingress; what the canary asks itself does not count. Where its Service has no"
              + " endpoint, the main Ingress gets all.",
          "true",
          "It is for the hosts and paths that it has, and not for others of the same Service. A"
              + " Service may be that of a canary and of an ordinary Ingress. A canary without a main"
              + " Ingress gets nothing; with ingress-nginx it can get what is for unknown hosts, or"
              + " have an ordinary Ingress of its Service answer 404. Of a value that is neither true"
              + " nor false, nothing is served; ingress-nginx serves an ordinary Ingress then.");

  static final Annotation<Long> WEIGHT =
      new Annotation<>(
              "canary-weight",
              ValueType.number(0, MOST, ""),
              "0",
              "How many of `canary-weight-total` requests it gets of those about which neither a"
                  + " header nor a cookie says anything.",
              "10",
              "")
          .within(CANARY);

  static final Annotation<Long> TOTAL =
      new Annotation<>(
              "canary-weight-total",
              ValueType.number(1, MOST, ""),
              "100",
              "Of how many requests `canary-weight` is the part.",
              "1000",
              "")
          .within(CANARY);

  static final Annotation<String> BY_HEADER =
      new Annotation<>(
              "canary-by-header",
              ValueType.text(
                  "the name of a header, of letters, digits and - . _ ~",
                  Pattern.compile("[-A-Za-z0-9._~]{1,256}")),
              "no header counts",
              "A header that decides before anything else: with `always` the canary gets the request,"
                  + " with `never` it does not; any other value says nothing.",
              "X-Canary",
              "")
          .within(CANARY);

  static final Annotation<String> BY_HEADER_VALUE =
      new Annotation<>(
              "canary-by-header-value",
              ValueType.text(
                  "letters, digits and - . _ ~ / :", Pattern.compile("[-A-Za-z0-9._~/:]{1,256}")),
              "`always` and `never` count",
              "The value of the header with which the canary gets the request; `always` and `never`"
                  + " say nothing then.",
              "beta",
              "")
          .within(BY_HEADER);

  static final Annotation<String> BY_HEADER_PATTERN =
      new Annotation<>(
              "canary-by-header-pattern",
              new ValueType<>(
                  "a regular expression of ASCII that RE2 and nginx read alike",
                  text ->
                      switch (HeaderPattern.read(text)) {
                        case HeaderPattern.Reading.Good(String re2) -> new Reading.Good<>(re2);
                        case HeaderPattern.Reading.Bad(String why) ->
                            new Reading.Bad<>("\"" + ValueType.shown(text) + "\" " + why);
                      }),
              "`always` and `never` count",
              "A regular expression; where it matches somewhere in the value of the header, the canary"
                  + " gets the request. `canary-by-header-value` goes before it.",
              "^(de|fr)$",
              "Look-ahead, back-references and other things that cannot be matched in one pass over"
                  + " the value are refused. With an expression that is refused the header says"
                  + " nothing.")
          .within(BY_HEADER);

  static final Annotation<String> BY_COOKIE =
      new Annotation<>(
              "canary-by-cookie",
              ValueType.text(
                  "letters, digits and - . _ ~ / :", Pattern.compile("[-A-Za-z0-9._~/:]{1,256}")),
              "no cookie counts",
              "A cookie that decides where the header says nothing: with `always` the canary gets the"
                  + " request, with `never` it does not.",
              "beta",
              "")
          .within(CANARY);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        CANARY, WEIGHT, TOTAL, BY_HEADER, BY_HEADER_VALUE, BY_HEADER_PATTERN, BY_COOKIE);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    // Of an Ingress that is none, nothing follows; what a canary gets says canary().
  }

  /** What an Ingress gets as a canary; null when it is none. */
  static @Nullable Canary canary(Values values) {
    if (!values.get(CANARY, false)) {
      return null;
    }
    int total = (int) (long) values.get(TOTAL, 100L);
    int weight = (int) Math.min(total, values.get(WEIGHT, 0L));
    if (values.get(WEIGHT, 0L) > total) {
      values.applied(WEIGHT, "it is more than " + total + ", so it gets all of these requests");
    }
    Canary canary = new Canary(header(values), values.get(BY_COOKIE), weight, total);
    if (canary.isNothing()) {
      values.refused(
          CANARY,
          Reason.InvalidValue,
          "neither a header, a cookie nor a weight gives it any request",
          "add " + WEIGHT + ", " + BY_HEADER + " or " + BY_COOKIE);
    }
    return canary;
  }

  private static @Nullable ByHeader header(Values values) {
    String written = values.get(BY_HEADER);
    if (written == null) {
      return null;
    }
    String lower = written.toLowerCase(Locale.ROOT);
    String name = lower.equals("host") ? ":authority" : lower;
    String value = values.get(BY_HEADER_VALUE);
    String pattern = values.get(BY_HEADER_PATTERN);
    if (value != null) {
      values.applied(BY_HEADER_PATTERN, BY_HEADER_VALUE + " goes before it");
      return new ByHeader.Value(name, value);
    }
    if (pattern != null) {
      return new ByHeader.Matching(name, pattern);
    }
    boolean unreadable = values.isBad(BY_HEADER_VALUE) || values.isBad(BY_HEADER_PATTERN);
    if (unreadable) {
      values.refused(
          BY_HEADER,
          Reason.InvalidValue,
          "what its value has to be cannot be read, so it says nothing",
          "correct " + (values.isBad(BY_HEADER_VALUE) ? BY_HEADER_VALUE : BY_HEADER_PATTERN));
    }
    return unreadable ? null : new ByHeader.Word(name);
  }
}
