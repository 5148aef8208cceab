package io.isoline.translator.annotation;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

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

  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]{1,18}");
  private static final Pattern URL = Pattern.compile("[-A-Za-z0-9._~/:,?&=]*+");

  /** What ingress-nginx takes for these, of which Isoline cannot put all in force. */
  private static final Map<String, Pattern> TAKEN =
      Map.ofEntries(
          Map.entry(
              "auth-tls-error-page",
              Pattern.compile(
                  "@[A-Za-z0-9_]++|/[-A-Za-z0-9._~/]*+|https?://[-A-Za-z0-9._~/:]++")),
          Map.entry("auth-url", Pattern.compile("[-A-Za-z0-9._~/:, ?&=$]*+")),
          Map.entry("limit-connections", NUMBER),
          Map.entry("limit-rpm", NUMBER),
          Map.entry("limit-rps", NUMBER),
          Map.entry("permanent-redirect", URL),
          Map.entry("server-alias", Pattern.compile("[-A-Za-z0-9._~/:^$\\[\\](){}*+?|&=\\\\, ]*+")),
          Map.entry("ssl-ciphers", Pattern.compile("[-A-Za-z0-9+:_! ]*+")),
          Map.entry("temporal-redirect", URL),
          Map.entry("upstream-hash-by", Pattern.compile("[-A-Za-z0-9_${} ]*+")),
          Map.entry("upstream-hash-by-subset-size", NUMBER),
          Map.entry("upstream-vhost", Pattern.compile("[-A-Za-z0-9._~/:^$\\[\\](){}*+?|&=\\\\ ]*+")),
          Map.entry("x-forwarded-prefix", Pattern.compile("[-A-Za-z0-9._~/:$ ]*+")));

  private NginxFates() {}

  /** Whether the Ingress is left out for a value of it that cannot be put in force. */
  static boolean leavesOut(Annotation<?> annotation, String value) {
    Pattern taken = TAKEN.get(annotation.key());
    return LEAVING_OUT.contains(annotation.key())
        && (taken == null || !taken.matcher(value).matches());
  }
}
