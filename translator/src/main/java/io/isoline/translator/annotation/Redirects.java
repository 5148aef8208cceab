package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.model.RouteAction;
import java.util.List;
import java.util.regex.Pattern;

/** Where all requests for the paths of an Ingress are sent. */
final class Redirects implements Subject {

  private static final int LEAST_STATUS = 300;

  private static final ValueType<String> URL =
      ValueType.text(
          "a URL of letters, digits and - . _ ~ / : , ? & =",
          Pattern.compile("[-A-Za-z0-9._~/:,?&=]{1,2000}"));

  private static final String LEFT_OUT =
      "A value that breaks the rule is refused and the backend serves; ingress-nginx drops the"
          + " whole Ingress.";

  static final Annotation<String> TEMPORAL_REDIRECT =
      new Annotation<>(
          "temporal-redirect",
          URL,
          "requests go to the backend",
          "Requests for all paths of the Ingress are answered by a redirect to this URL, which"
              + " begins with http:// or https://, as it is written: the path of the request is not"
              + " added. It goes before `permanent-redirect` and before a redirect to HTTPS.",
          "https://www.example.com/maintenance",
          LEFT_OUT);

  static final Annotation<Long> TEMPORAL_REDIRECT_CODE =
      new Annotation<>(
              "temporal-redirect-code",
              status(307),
              "302",
              "The status of the redirect. Any other number is 302. With 300 and with 304 to 306,"
                  + " which clients do not follow, there is no Location.",
              "307",
              "A value that is no number is refused: 302 is sent. ingress-nginx drops the Ingress.")
          .within(TEMPORAL_REDIRECT);

  static final Annotation<String> PERMANENT_REDIRECT =
      new Annotation<>(
          "permanent-redirect",
          URL,
          "requests go to the backend",
          "Requests for all paths of the Ingress are answered by a redirect to this URL, as it is"
              + " written: the path of the request is not added. It goes before a redirect to HTTPS.",
          "https://www.example.com/new",
          LEFT_OUT);

  static final Annotation<Long> PERMANENT_REDIRECT_CODE =
      new Annotation<>(
              "permanent-redirect-code",
              status(308),
              "301",
              "The status of the redirect. Any other number is 301. With 300 and with 304 to 306,"
                  + " which clients do not follow, there is no Location.",
              "308",
              "A value that is no number is refused: 301 is sent. ingress-nginx drops the Ingress.")
          .within(PERMANENT_REDIRECT);

  static final Annotation<Boolean> RELATIVE_REDIRECTS =
      new Annotation<>(
          "relative-redirects",
          ValueType.FLAG,
          "a redirect to a path names the path alone",
          "A redirect to a path of the same host names the path alone, with this annotation and"
              + " without it. Clients complete it.",
          "true",
          "ingress-nginx writes scheme and host before the path unless it is `true`. Clients come to"
              + " the same URL.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        TEMPORAL_REDIRECT,
        TEMPORAL_REDIRECT_CODE,
        PERMANENT_REDIRECT,
        PERMANENT_REDIRECT_CODE,
        RELATIVE_REDIRECTS);
  }

  /** A whole number; which of them is sent is said when it is known that it is asked for. */
  private static ValueType<Long> status(int most) {
    ValueType<Long> any = ValueType.number(-999_999, 999_999, "");
    String syntax = "a whole number from " + LEAST_STATUS + " to " + most;
    return new ValueType<>(
        syntax,
        text ->
            any.read().apply(text) instanceof Reading.Good<Long> good
                ? good
                : new Reading.Bad<>("\"" + ValueType.shown(text) + "\" is not " + syntax));
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    values.applied(RELATIVE_REDIRECTS, "a redirect to a path names the path alone in any case");
    String temporal = values.get(TEMPORAL_REDIRECT);
    String permanent = values.get(PERMANENT_REDIRECT);
    if (temporal != null && !temporal.matches("https?://.+")) {
      values.refused(
          TEMPORAL_REDIRECT,
          Reason.InvalidValue,
          "it does not begin with http:// or https://, so that nothing comes of it, as with"
              + " ingress-nginx",
          "write the whole URL");
      temporal = null;
    }
    if (temporal != null) {
      redirect(values, policy, TEMPORAL_REDIRECT, TEMPORAL_REDIRECT_CODE, 302, 307);
      if (permanent != null) {
        values.differs(
            PERMANENT_REDIRECT, TEMPORAL_REDIRECT + " goes before it", "remove one of the two");
        values.applied(PERMANENT_REDIRECT_CODE, TEMPORAL_REDIRECT + " goes before it");
      }
    } else if (permanent != null) {
      redirect(values, policy, PERMANENT_REDIRECT, PERMANENT_REDIRECT_CODE, 301, 308);
    }
  }

  private static void redirect(
      Values values,
      Policy.Builder policy,
      Annotation<String> where,
      Annotation<Long> code,
      long usual,
      long most) {
    String location = values.get(where, "");
    long status = values.get(code, usual);
    if (status < LEAST_STATUS || status > most) {
      values.refused(
          code,
          Reason.InvalidValue,
          status + " is not from " + LEAST_STATUS + " to " + most + "; " + usual + " is sent",
          "use " + usual + " or " + most);
      status = usual;
    }
    var redirect = new RouteAction.Redirect(location, (int) status);
    if (redirect.isFollowed()) {
      values.applied(where, "requests get " + status + " to " + location);
    } else {
      values.applied(code, status + " is sent, which clients do not follow");
      values.applied(where, "requests get " + status + " without a Location");
    }
    policy.redirect(redirect);
  }
}
