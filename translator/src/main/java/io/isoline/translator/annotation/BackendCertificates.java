package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the certificate of a backend that speaks TLS is verified: it never is yet. */
final class BackendCertificates implements Subject {

  private static final String FIX =
      "remove both annotations if the backend need not be verified, or give the Ingress to a"
          + " controller that does it";

  private static final String PROXY_SSL_SECRET = "proxy-ssl-secret";

  static final Annotation<Boolean> PROXY_SSL_VERIFY =
      new Annotation<>(
              "proxy-ssl-verify",
              ValueType.oneOf(new TreeMap<>(Map.of("ON", true, "OFF", false))),
              "the certificate of the backend is not verified",
              "`off` is how it is in any case. `on` cannot be put in force, so nobody passes; without"
                  + " `proxy-ssl-secret` it means nothing.",
              "off",
              "`on` is not served without what it asks for.")
          .closing();

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(PROXY_SSL_VERIFY);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    if (!values.get(PROXY_SSL_VERIFY, false)) {
      values.applied(PROXY_SSL_VERIFY, "already so: " + PROXY_SSL_VERIFY.byDefault());
    } else if (values.isThere(PROXY_SSL_SECRET)) {
      values.closed(
          PROXY_SSL_VERIFY,
          Reason.Unsupported,
          "Isoline does not verify the certificate of a backend",
          FIX);
    } else {
      values.applied(PROXY_SSL_VERIFY, "without " + PROXY_SSL_SECRET + " it means nothing");
    }
  }
}
