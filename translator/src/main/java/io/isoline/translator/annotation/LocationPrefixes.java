package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.LocationPrefix;
import java.util.List;
import java.util.regex.Pattern;

/** What becomes of Location of the answers of backends. */
final class LocationPrefixes implements Subject {

  private static final ValueType<String> TEXT =
      ValueType.text(
          "letters, digits and - . _ ~ / : , ? & =, 500 at most",
          Pattern.compile("[-A-Za-z0-9._~/:,?&=]{1,500}"));

  private static final String UNCHANGED = "Location is passed on as backends send it";

  static final Annotation<String> PROXY_REDIRECT_FROM =
      new Annotation<>(
          "proxy-redirect-from",
          TEXT,
          UNCHANGED,
          "The beginning of Location, in answers of backends, that `proxy-redirect-to` takes the"
              + " place of. `off` and `default` leave Location as it is.",
          "http://inner.example.com/",
          "Expressions, which begin with ~, are refused. The header Refresh stays as it is.");

  static final Annotation<String> PROXY_REDIRECT_TO =
      new Annotation<>(
              "proxy-redirect-to",
              TEXT,
              UNCHANGED,
              "What the beginning of Location becomes. `off` leaves Location as it is.",
              "https://www.example.com/",
              "A path stays one; ingress-nginx writes scheme and host before it. Clients come to the"
                  + " same URL.")
          .within(PROXY_REDIRECT_FROM);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(PROXY_REDIRECT_FROM, PROXY_REDIRECT_TO);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    String from = values.get(PROXY_REDIRECT_FROM);
    String to = values.get(PROXY_REDIRECT_TO);
    if (from == null) {
      return;
    }
    if (from.startsWith("~")) {
      values.refused(
          PROXY_REDIRECT_FROM,
          Reason.Unsupported,
          "it is an expression; " + UNCHANGED,
          "write how Location begins");
      values.applied(PROXY_REDIRECT_TO, UNCHANGED);
    } else if (from.equals("off") || from.equals("default") || to == null || to.equals("off")) {
      values.applied(PROXY_REDIRECT_FROM, UNCHANGED);
      values.applied(PROXY_REDIRECT_TO, UNCHANGED);
    } else {
      policy.add(new LocationPrefix(from, to));
    }
  }
}
