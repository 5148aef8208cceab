package io.isoline.controlplane.migrate.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keys that keep somebody out, or limit what somebody can do. */
final class ProtectionKeys {

  private ProtectionKeys() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    addresses(rules);
    rules.putAll(AuthKeys.rules());
    firewall(rules);
    limits(rules);
    return rules;
  }

  private static void addresses(Map<String, Rule> rules) {
    rules.put(
        "whitelist-source-range",
        Rule.protection("every address is let in", "allowlist-source-range").unlessEmpty());
    rules.put(
        "denylist-source-range",
        Rule.protection("no address is kept out", "denylist-source-range").unlessEmpty());
    rules.put(
        "block-cidrs",
        Rule.protection("no address is kept out", "denylist-source-range").unlessEmpty());
    rules.put("block-user-agents", Rule.protection("no client is kept out", null).unlessEmpty());
    rules.put("block-referers", Rule.protection("no page is kept out", null).unlessEmpty());
  }

  private static void firewall(Map<String, Rule> rules) {
    Rule firewall = Rule.protection("no firewall looks at the requests", null);
    rules.put("enable-modsecurity", firewall.unless("false", "there is no firewall"));
    rules.put(
        "enable-owasp-modsecurity-crs",
        firewall.unless("false", "there is no firewall").within("enable-modsecurity"));
    rules.put("modsecurity-snippet", firewall.unlessEmpty().within("enable-modsecurity"));
  }

  private static void limits(Map<String, Rule> rules) {
    rules.put(
        "limit-rate",
        Rule.protection("nothing limits how fast an answer is sent", "limit-rate")
            .unless("0", "there is no limit"));
    rules.put("limit-rate-after", Rule.notNeeded("it is part of limit-rate"));
    rules.put(
        "limit-req-status-code",
        Rule.notNeeded("each annotation that limits has a status of its own"));
    rules.put(
        "limit-conn-status-code",
        Rule.notNeeded("each annotation that limits has a status of its own"));
    rules.put("limit-conn-zone-variable", Rule.notNeeded("it is a variable of nginx"));
    String snippets = "nothing of a snippet is ever run";
    rules.put(
        "allow-snippet-annotations",
        Rule.none(snippets, "see 'isoline migrate report' for what each snippet asks for")
            .unless("false", snippets));
    rules.put("annotations-risk-level", Rule.notNeeded("values of annotations are only data"));
    rules.put(
        "annotation-value-word-blocklist", Rule.notNeeded("values of annotations are only data"));
    rules.put(
        "strict-validate-path-type",
        Rule.none("paths of every type are checked", "remove it")
            .unless("true", "paths of every type are checked"));
    rules.put(
        "allow-cross-namespace-resources",
        Rule.none(
                "an Ingress reaches Services and Secrets of its own namespace only",
                "copy them to the namespace of the Ingress")
            .unless("false", "an Ingress reaches its own namespace only"));
    String status = "the status page of nginx is not there";
    rules.put("nginx-status-ipv4-whitelist", Rule.notNeeded(status));
    rules.put("nginx-status-ipv6-whitelist", Rule.notNeeded(status));
    for (String key :
        List.of(
            "memcached-host",
            "memcached-port",
            "memcached-connect-timeout",
            "memcached-max-idle-timeout",
            "memcached-pool-size",
            "status-code")) {
      rules.put(
          "global-rate-limit-" + key,
          Rule.notNeeded("ingress-nginx has dropped it, with the annotations that need it"));
    }
  }
}
