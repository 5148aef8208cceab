package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.expression.Target;
import java.util.List;
import java.util.regex.Pattern;

/** Expressions as paths, and other paths for backends. */
final class Rewrites implements Subject {

  private static final Pattern CHARACTERS = Pattern.compile("[-A-Za-z0-9._~/:$]{1,1000}");

  private static final String SYNTAX = "letters, digits and - . _ ~ / : $, 1000 at most";

  private static final ValueType<Target> TARGET =
      new ValueType<>(
          SYNTAX,
          text -> {
            if (!CHARACTERS.matcher(text).matches()) {
              return bad(text, "is not " + SYNTAX);
            }
            return switch (Target.read(text)) {
              case Target.Reading.Good(Target target) -> new ValueType.Reading.Good<>(target);
              case Target.Reading.Bad(String message) -> bad(text, "is no target: " + message);
            };
          });

  private static ValueType.Reading<Target> bad(String text, String why) {
    return new ValueType.Reading.Bad<>("\"" + ValueType.shown(text) + "\" " + why);
  }

  static final Annotation<Boolean> USE_REGEX =
      new Annotation<>(
          "use-regex",
          ValueType.FLAG,
          "paths are taken literally, unless `rewrite-target` makes them expressions",
          "`true` makes all paths of the hosts of the Ingress regular expressions: those of all"
              + " Ingresses of its namespace, whatever their `pathType`. They ignore case and match"
              + " from the beginning of the path; anything may follow. The longest is tried first, by"
              + " its text. They see the path without percent-encoding.",
          "true",
          "Paths of other namespaces stay what they are, and go before expressions that do not begin"
              + " with them. Look-around, back-references and possessive quantifiers are refused, and"
              + " the other paths serve. `.` also matches a line break. Each of several alternatives"
              + " without parentheses, `/a|/b`, is matched from the beginning; ingress-nginx matches"
              + " all but the first anywhere.");

  static final Annotation<Target> REWRITE_TARGET =
      new Annotation<>(
          "rewrite-target",
          TARGET,
          "backends get the path of the request",
          "The path that backends get, with `$1` to `$9` or `$name` for the groups of the path of the"
              + " rule; the query stays. What the path of the rule does not match is dropped, so"
              + " without a group all requests get one path. A URL with http:// or https:// is a"
              + " redirect by 302. It makes paths expressions, as `use-regex` does, where any of them"
              + " is not the target itself.",
          "/$2",
          "Requests whose new path would have an empty element, `.` or `..` get 403; two slashes"
              + " where the target and a group meet become one. `%2F` is passed on as it is. A target"
              + " that begins with neither a slash nor a group gets one. The host of a URL cannot come"
              + " from a group, nor can variables of nginx be used: the path answers 503.");

  static final Annotation<Target> X_FORWARDED_PREFIX =
      new Annotation<>(
          "x-forwarded-prefix",
          TARGET,
          "backends get none, unless `trustedHeaders` lets that of clients through",
          "What backends get as X-Forwarded-Prefix, with the groups of the path as in"
              + " `rewrite-target`.",
          "/$1",
          "A value that does not begin with a slash gets one.")
          .within(REWRITE_TARGET);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(USE_REGEX, REWRITE_TARGET, X_FORWARDED_PREFIX);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Target target = values.get(REWRITE_TARGET);
    Target prefix = values.get(X_FORWARDED_PREFIX);
    if (target != null && target.lacksSlash()) {
      values.differs(
          REWRITE_TARGET,
          "it does not begin with a slash, and is taken for /" + target.text(),
          "write /" + target.text());
    }
    if (prefix != null && prefix.server() != null) {
      values.refused(
          X_FORWARDED_PREFIX,
          Reason.InvalidValue,
          "it is a URL; " + X_FORWARDED_PREFIX.byDefault(),
          "write a path");
      prefix = null;
    } else if (prefix != null && prefix.lacksSlash()) {
      values.differs(
          X_FORWARDED_PREFIX,
          "it does not begin with a slash, as prefixes of paths do",
          "write a path");
    }
    policy.paths(new PathPolicy(values.get(USE_REGEX, false), target, prefix));
  }
}
