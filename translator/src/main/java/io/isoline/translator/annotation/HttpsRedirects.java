package io.isoline.translator.annotation;

import io.isoline.translator.annotation.Policy.HttpsRedirect;
import io.isoline.translator.model.NginxHttpsRedirect;
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
              + " /.well-known/acme-challenge/ are served by plain HTTP in any case. For a class of"
              + " ingress-nginx the slash is dropped as well, and only rules for such a path are"
              + " served by plain HTTP.");

  static final Annotation<Boolean> FORCE_SSL_REDIRECT =
      new Annotation<>(
          "force-ssl-redirect",
          ValueType.FLAG,
          BY_SETTINGS,
          "`true` answers plain HTTP by 308 to HTTPS, for all hosts of the Ingress.",
          "true",
          "As with `ssl-redirect`.");

  static final Annotation<Boolean> PRESERVE_TRAILING_SLASH =
      new Annotation<>(
          "preserve-trailing-slash",
          ValueType.FLAG,
          "the redirect to HTTPS keeps the path as it is; for a class of ingress-nginx a slash at"
              + " the end of a request without a query is dropped",
          "`true` has the redirect to HTTPS keep a slash at the end of the path.",
          "true",
          "A slash at the end of a query stays in any case.");

  static final Annotation<Boolean> USE_PORT_IN_REDIRECTS =
      new Annotation<>(
          "use-port-in-redirects",
          ValueType.FLAG,
          "a redirect to HTTPS names the port unless it is 443",
          "A redirect to HTTPS names the port unless it is 443, with this annotation and without it.",
          "true",
          "ingress-nginx writes 443 as well, which is the same URL.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(
        SSL_REDIRECT, FORCE_SSL_REDIRECT, PRESERVE_TRAILING_SLASH, USE_PORT_IN_REDIRECTS);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    values.applied(USE_PORT_IN_REDIRECTS, "the port is named unless it is 443, in any case");
    if (values.get(PRESERVE_TRAILING_SLASH, false)) {
      policy.httpsRedirectKeepsSlash();
    }
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
