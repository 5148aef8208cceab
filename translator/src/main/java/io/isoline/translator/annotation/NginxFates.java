package io.isoline.translator.annotation;

import java.util.Set;

/** What a value comes to that ingress-nginx cannot read, where it is served as that serves it. */
final class NginxFates {

  /** For these, ingress-nginx leaves the whole Ingress out; for others it takes the default. */
  private static final Set<String> LEAVING_OUT =
      Set.of(
          "auth-realm",
          "auth-secret-type",
          "auth-tls-error-page",
          "auth-tls-match-cn",
          "auth-tls-pass-certificate-to-upstream",
          "auth-tls-secret",
          "auth-type",
          "auth-url",
          "client-body-buffer-size",
          "connection-proxy-header",
          "custom-http-errors",
          "default-backend",
          "fastcgi-index",
          "fastcgi-params-configmap",
          "from-to-www-redirect",
          "http2-push-preload",
          "limit-allowlist",
          "limit-connections",
          "limit-rpm",
          "limit-rps",
          "load-balance",
          "permanent-redirect",
          "permanent-redirect-code",
          "proxy-ssl-secret",
          "relative-redirects",
          "server-alias",
          "ssl-ciphers",
          "ssl-passthrough",
          "temporal-redirect",
          "temporal-redirect-code",
          "upstream-hash-by",
          "upstream-hash-by-subset",
          "upstream-hash-by-subset-size",
          "upstream-vhost",
          "x-forwarded-prefix");

  private NginxFates() {}

  /** Whether the Ingress is left out for a value of it that cannot be read. */
  static boolean leavesOut(Annotation<?> annotation) {
    return LEAVING_OUT.contains(annotation.key());
  }
}
