package io.isoline.controlplane.migrate.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys about TLS with clients and redirects to it. */
final class TlsKeys {

  private static final List<String> OLDER = List.of("SSLv2", "SSLv3", "TLSv1", "TLSv1.1");

  private TlsKeys() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.put("ssl-protocols", (value, others) -> protocols(value));
    String suites = "Envoy has a list of safe cipher suites";
    rules.put("ssl-ciphers", Rule.none(suites, "set tls.minVersion to 1.3 if 1.2 is not wanted"));
    rules.put("ssl-dh-param", Rule.notNeeded("no suite of Envoy uses it"));
    rules.put(
        "ssl-ecdh-curve",
        Rule.none("Envoy has a list of curves, X25519 and P-256", "remove it")
            .unless("auto", "Envoy has a list of curves"));
    rules.put(
        "ssl-early-data",
        Rule.none("early data is not taken, as it can be replayed", "remove it")
            .unless("false", "early data is not taken"));
    rules.put(
        "ssl-reject-handshake",
        Rule.none("clients of unknown hosts get the default certificate, and 404", "remove it")
            .unless("false", "clients of unknown hosts get the default certificate"));
    String sessions = "Envoy resumes sessions by itself";
    rules.put("ssl-session-cache", Rule.notNeeded(sessions));
    rules.put("ssl-session-cache-size", Rule.notNeeded(sessions));
    rules.put("ssl-session-timeout", Rule.notNeeded(sessions));
    rules.put("ssl-session-tickets", Rule.notNeeded(sessions));
    rules.put("ssl-session-ticket-key", Rule.notNeeded("each Envoy has keys of its own"));
    rules.put(
        "enable-ocsp",
        Rule.none("no OCSP answer is stapled", "remove it: browsers do without")
            .unless("false", "no OCSP answer is stapled"));
    rules.put(
        "proxy-ssl-location-only",
        Rule.none(
                "an Ingress without `proxy-ssl-secret` has what the oldest one of its namespace asks"
                    + " for that names the host",
                "name a Secret in each of these Ingresses")
            .unless("false", "TLS to backends is shared in a host, by the Ingresses of a namespace"));
    redirects(rules);
    hsts(rules);
    return rules;
  }

  private static Fate protocols(String value) {
    List<String> versions = Arrays.asList(value.strip().split(" +", -1));
    boolean two = versions.contains("TLSv1.2");
    boolean three = versions.contains("TLSv1.3");
    if (!two && !three) {
      return new Fate.NoCounterpart(
          "TLS 1.2 and 1.3 are spoken, and none that is older", "use newer clients");
    }
    boolean older = versions.stream().anyMatch(OLDER::contains);
    String difference = "";
    if (older) {
      difference = "versions before 1.2 are not spoken";
    } else if (two && !three) {
      difference = "1.3 is spoken as well";
    }
    return new Fate.TakenOver("tls.minVersion", two ? "1.2" : "1.3", difference);
  }

  private static void redirects(Map<String, Rule> rules) {
    rules.put(
        "ssl-redirect",
        Rule.flag(
            on ->
                new Fate.TakenOver(
                    "redirectToHttps",
                    String.valueOf(on),
                    on
                        ? "only where an Ingress gives the host a certificate, and the path stays"
                            + " as it is"
                        : "")));
    rules.put(
        "force-ssl-redirect",
        Rule.byIngress("hosts without a certificate are not redirected", "force-ssl-redirect")
            .unless("false", "hosts without a certificate are not redirected"));
    rules.put(
        "http-redirect-code",
        Rule.none("redirects to HTTPS have the status 308", "remove it")
            .unless("308", "redirects to HTTPS have the status 308"));
    rules.put(
        "no-tls-redirect-locations",
        Rule.none(
                "only paths below /.well-known/acme-challenge/ stay on HTTP",
                "write the annotation isoline.io/ssl-redirect: \"false\" to an Ingress of those"
                    + " paths")
            .unless("/.well-known/acme-challenge", "/.well-known/acme-challenge/ stays on HTTP"));
  }

  private static void hsts(Map<String, Rule> rules) {
    rules.put(
        "hsts",
        Rule.flag(
            on ->
                on
                    ? new Fate.TakenOver(
                        "hsts",
                        "on",
                        "for hosts with a certificate of their own, not for all answers by HTTPS")
                    : new Fate.TakenOver("hsts", "off")));
    rules.put(
        "hsts-max-age",
        Rule.number(
                seconds ->
                    seconds < 0 || seconds > 315_360_000
                        ? new Fate.Invalid(seconds + " is no number of seconds up to 10 years")
                        : new Fate.TakenOver("hsts.maxAge", seconds == 0 ? "off" : seconds + "s"))
            .within("hsts"));
    rules.put(
        "hsts-include-subdomains",
        Rule.flag(on -> new Fate.TakenOver("hsts.includeSubDomains", String.valueOf(on)))
            .within("hsts"));
    rules.put(
        "hsts-preload",
        Rule.flag(on -> new Fate.TakenOver("hsts.preload", String.valueOf(on))).within("hsts"));
  }
}
