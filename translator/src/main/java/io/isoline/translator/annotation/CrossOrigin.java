package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ValueType.Entries;
import io.isoline.translator.model.Cors;
import java.util.List;
import java.util.regex.Pattern;

/** Which pages of other origins may use the answers. */
final class CrossOrigin implements Subject {

  private static final String METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";

  private static final String HEADERS =
      "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,"
          + "Range,Authorization";

  private static final long MAX_AGE_SECONDS = 1_728_000;

  static final Annotation<Boolean> ENABLE_CORS =
      new Annotation<>(
          "enable-cors",
          ValueType.FLAG,
          "Isoline adds nothing, and the backend answers browsers itself",
          "Preflight requests (OPTIONS with an origin that may) are answered by 204, before any"
              + " redirect; answers to other requests of such origins get the headers that allow it.",
          "true",
          "");

  static final Annotation<Entries> ALLOW_ORIGIN =
      new Annotation<>(
          "cors-allow-origin",
          ValueType.list(
              "a list of scheme://host[:port], where the host may begin with *., or null, or *",
              Pattern.compile(
                  "\\*|null|[A-Za-z][-A-Za-z0-9+.]*://(\\*\\.)?[-A-Za-z0-9_.]+(:[0-9]{1,5})?")),
          "all origins may",
          "The origins that may. `*.example.com` stands for one label.",
          "https://app.example.com, https://*.example.org",
          "An entry that breaks the rule is left out; ingress-nginx opens to all origins then. Answers"
              + " to origins that are listed have `Vary: Origin`, so that no cache gives them to others.")
          .within(ENABLE_CORS);

  static final Annotation<String> ALLOW_METHODS =
      words("cors-allow-methods", METHODS, "The methods that may be used.", "GET, POST");

  static final Annotation<String> ALLOW_HEADERS =
      words("cors-allow-headers", HEADERS, "The request headers that may be sent.", "X-Request-Id");

  static final Annotation<String> EXPOSE_HEADERS =
      new Annotation<>(
          "cors-expose-headers",
          ValueType.text(
              "a list of names of headers, or *",
              Pattern.compile("\\*|[-A-Za-z0-9_, ]{1,2000}")),
          "none but the usual ones",
          "The headers of answers that pages may read.",
          "X-Total-Count",
          "")
          .within(ENABLE_CORS);

  static final Annotation<Boolean> ALLOW_CREDENTIALS =
      new Annotation<>(
          "cors-allow-credentials",
          ValueType.FLAG,
          "true",
          "Whether requests may carry cookies. Browsers heed it only where origins are listed.",
          "false",
          "")
          .within(ENABLE_CORS);

  static final Annotation<Long> MAX_AGE =
      new Annotation<>(
          "cors-max-age",
          ValueType.number(0, Integer.MAX_VALUE, " (seconds)"),
          String.valueOf(MAX_AGE_SECONDS),
          "How long browsers remember the answer to a preflight request.",
          "600",
          "")
          .within(ENABLE_CORS);

  private static Annotation<String> words(
      String key, String otherwise, String meaning, String example) {
    return new Annotation<>(
        key,
        ValueType.text(
            "letters, digits, - and _, with commas between the words",
            Pattern.compile("[-A-Za-z0-9_, ]{1,2000}")),
        otherwise,
            meaning,
            example,
            "")
        .within(ENABLE_CORS);
  }

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        ENABLE_CORS,
        ALLOW_ORIGIN,
        ALLOW_METHODS,
        ALLOW_HEADERS,
        ALLOW_CREDENTIALS,
        EXPOSE_HEADERS,
        MAX_AGE);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    if (!values.get(ENABLE_CORS, false)) {
      return;
    }
    Entries origins = values.get(ALLOW_ORIGIN, new Entries(List.of("*"), List.of()));
    String left = "\"" + ValueType.shown(String.join(", ", origins.bad())) + "\" is no origin; ";
    if (origins.good().isEmpty()) {
      values.refused(
          ALLOW_ORIGIN,
          Reason.InvalidValue,
          left + "no origin may use the answers",
          "write " + ALLOW_ORIGIN.type().syntax());
      values.refused(
          ENABLE_CORS,
          Reason.InvalidValue,
          "no origin may use the answers, as " + ALLOW_ORIGIN + " names none",
          "correct " + ALLOW_ORIGIN);
      return;
    }
    if (!origins.bad().isEmpty()) {
      values.differs(
          ALLOW_ORIGIN,
          left + "the others may use the answers",
          "write " + ALLOW_ORIGIN.type().syntax());
    }
    policy.add(
        new Cors(
            origins.good().contains("*") ? List.of() : origins.good(),
            values.get(ALLOW_CREDENTIALS, true),
            values.get(ALLOW_METHODS, METHODS),
            values.get(ALLOW_HEADERS, HEADERS),
            values.get(EXPOSE_HEADERS, ""),
            values.get(MAX_AGE, MAX_AGE_SECONDS)));
  }
}
