package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.RouteAction;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Where all requests for the paths of an Ingress are sent. */
final class Redirects implements Subject {

  private static final int DEFAULT_STATUS = 301;
  private static final Set<Long> STATUSES = Set.of(300L, 301L, 302L, 303L, 307L, 308L);

  static final Annotation<String> PERMANENT_REDIRECT =
      new Annotation<>(
          "permanent-redirect",
          ValueType.text(
              "a URL of letters, digits and - . _ ~ / : , ? & =",
              Pattern.compile("[-A-Za-z0-9._~/:,?&=]{1,2000}")),
          "requests go to the backend",
          "Requests for all paths of the Ingress are answered by a redirect to this URL, as it is"
              + " written: the path of the request is not added. It goes before a redirect to HTTPS.",
          "https://www.example.com/new",
          "A value that breaks the rule is refused and the backend serves; ingress-nginx drops the"
              + " whole Ingress.");

  static final Annotation<Long> PERMANENT_REDIRECT_CODE =
      new Annotation<>(
          "permanent-redirect-code",
          ValueType.number(300, 308, ""),
          "301",
          "The status of the redirect.",
          "308",
          "304, 305 and 306, which are no redirects, and values that are no number are refused: 301"
              + " is sent. ingress-nginx sends the first and drops the Ingress for the second.")
          .within(PERMANENT_REDIRECT);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(PERMANENT_REDIRECT, PERMANENT_REDIRECT_CODE);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    String location = values.get(PERMANENT_REDIRECT);
    long status = values.get(PERMANENT_REDIRECT_CODE, (long) DEFAULT_STATUS);
    if (location == null) {
      return;
    }
    if (!STATUSES.contains(status)) {
      values.refused(
          PERMANENT_REDIRECT_CODE,
          Reason.InvalidValue,
          status + " is not a redirect; " + DEFAULT_STATUS + " is sent",
          "use 301 or 308");
      status = DEFAULT_STATUS;
    }
    values.applied(PERMANENT_REDIRECT, "requests get " + status + " to " + location);
    policy.redirect(new RouteAction.Redirect(location, (int) status));
  }
}
