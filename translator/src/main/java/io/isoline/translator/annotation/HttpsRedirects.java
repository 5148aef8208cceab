package io.isoline.translator.annotation;

import io.isoline.translator.annotation.Policy.HttpsRedirect;
import java.util.List;

/** Whether plain HTTP is redirected to HTTPS. */
final class HttpsRedirects implements Subject {

  private static final String BY_SETTINGS =
      "plain HTTP is redirected where the settings say so (`redirectToHttps`) and an Ingress gives"
          + " the host a certificate";

  static final Annotation<Boolean> SSL_REDIRECT =
      new Annotation<>(
          "ssl-redirect",
          ValueType.FLAG,
          BY_SETTINGS,
          "`true` answers plain HTTP by 308 to HTTPS, for hosts that an Ingress gives a certificate."
              + " `false` serves plain HTTP.",
          "false",
          "The redirect keeps the whole path; ingress-nginx drops a slash at its end. Paths below"
              + " /.well-known/acme-challenge/ are served by plain HTTP in any case.");

  static final Annotation<Boolean> FORCE_SSL_REDIRECT =
      new Annotation<>(
          "force-ssl-redirect",
          ValueType.FLAG,
          BY_SETTINGS,
          "`true` answers plain HTTP by 308 to HTTPS, for all hosts of the Ingress.",
          "true",
          "As with `ssl-redirect`.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(SSL_REDIRECT, FORCE_SSL_REDIRECT);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Boolean redirect = values.get(SSL_REDIRECT);
    if (values.get(FORCE_SSL_REDIRECT, false)) {
      policy.httpsRedirect(HttpsRedirect.ALWAYS);
      if (Boolean.FALSE.equals(redirect)) {
        values.differs(
            SSL_REDIRECT, FORCE_SSL_REDIRECT + " goes before it", "remove one of the two");
      }
    } else if (redirect != null) {
      policy.httpsRedirect(redirect ? HttpsRedirect.WITH_CERTIFICATE : HttpsRedirect.NEVER);
    }
  }
}
