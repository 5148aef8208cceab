package io.isoline.controlplane.migrate.config;

import io.isoline.translator.text.SimilarName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of all keys of the ConfigMap of ingress-nginx 1.15, and what becomes of each. */
final class NginxKeys {

  /**
   * The defaults of ingress-nginx that differ from Isoline's: a file that is to change nothing has
   * to set them.
   */
  static final Map<String, String> DEFAULTS = defaults();

  private static final Map<String, Rule> RULES = rules();

  private NginxKeys() {}

  static @Nullable Rule find(String key) {
    return RULES.get(key);
  }

  static Set<String> all() {
    return RULES.keySet();
  }

  /** The key that was meant by one that does not exist; null when none is near. */
  static @Nullable String meant(String key) {
    return key.length() > 63 ? null : SimilarName.of(key, RULES.keySet());
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("proxy-body-size", "1m");
    defaults.put("client-header-timeout", "60");
    defaults.put("proxy-read-timeout", "60");
    defaults.put("keep-alive", "75");
    defaults.put("enable-underscores-in-headers", "false");
    defaults.put("ssl-redirect", "true");
    defaults.put("hsts", "true");
    defaults.put("hsts-max-age", "31536000");
    defaults.put("hsts-include-subdomains", "true");
    defaults.put("disable-access-log", "false");
    return defaults;
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.putAll(TrafficKeys.rules());
    rules.putAll(TlsKeys.rules());
    rules.putAll(ProtectionKeys.rules());
    rules.putAll(LogKeys.rules());
    rules.putAll(TraceKeys.rules());
    routing(rules);
    streams(rules);
    nginxItself(rules);
    return rules;
  }

  private static Fate errorPages(String value) {
    SortedSet<Integer> statuses = new TreeSet<>();
    for (String each : value.split(",", -1)) {
      Integer status = NginxValue.integer(each.strip());
      if (status == null || status < 300 || status > 599) {
        return Rule.invalid(value, "is no list of statuses");
      }
      statuses.add(status);
    }
    SortedSet<Integer> errors = statuses.tailSet(400);
    return errors.isEmpty()
        ? new Fate.NoCounterpart("answers that are no errors are passed on", "remove it")
        : new Fate.TakenOver(
            "errorPages.statuses",
            errors.toString(),
            (errors.equals(statuses) ? "" : "those below 400 are no errors; ")
                + "set defaultBackend to the Service that gives the pages, which ingress-nginx has"
                + " as --default-backend-service");
  }

  private static void routing(Map<String, Rule> rules) {
    rules.put(
        "custom-http-errors",
        ((Rule) (value, others) -> errorPages(value)).unlessEmpty());
    rules.put(
        "disable-proxy-intercept-errors",
        Rule.flag(on -> new Fate.TakenOver("errorPages.ofBackends", String.valueOf(!on)))
            .within("custom-http-errors"));
    rules.put(
        "load-balance",
        Rule.byIngress("the endpoints take turns", "load-balance")
            .unless("round_robin", "the endpoints take turns"));
    rules.put(
        "upstream-hash-by",
        Rule.byIngress("the endpoints take turns", "upstream-hash-by").unlessEmpty());
    rules.put("upstream-hash-by-subset", Rule.notNeeded("it is part of upstream-hash-by"));
    rules.put("upstream-hash-by-subset-size", Rule.notNeeded("it is part of upstream-hash-by"));
    rules.put(
        "service-upstream",
        Rule.byIngress("requests go to the endpoints", "service-upstream")
            .unless("false", "requests go to the endpoints"));
    String retries = "what is tried again is in docs/ingress.md";
    rules.put(
        "proxy-next-upstream",
        Rule.byIngress(retries, "proxy-next-upstream").unless("error timeout", retries));
    rules.put(
        "proxy-next-upstream-timeout",
        Rule.byIngress(retries, "proxy-next-upstream-timeout").unless("0", retries));
    rules.put(
        "proxy-next-upstream-tries",
        Rule.byIngress(retries, "proxy-next-upstream-tries").unless("3", retries));
    rules.put(
        "retry-non-idempotent",
        Rule.none("what must not be done twice is not tried again", "let the client do it")
            .unless("false", "what must not be done twice is not tried again"));
    rules.put("app-root", Rule.byIngress("nothing is redirected", "app-root").unlessEmpty());
    rules.put(
        "preserve-trailing-slash", Rule.notNeeded("a redirect to HTTPS keeps the path as it is"));
    rules.put(
        "relative-redirects",
        Rule.none("a redirect names host and scheme", "remove it")
            .unless("false", "a redirect names host and scheme"));
    rules.put(
        "use-port-in-redirects",
        Rule.none("a redirect names no port", "remove it")
            .unless("false", "a redirect names no port"));
    for (String key : List.of("main", "http", "server", "stream", "location")) {
      rules.put(
          key + "-snippet",
          Rule.none(
                  "Isoline has no configuration of nginx, and nothing of it runs",
                  "look at what it is for: headers, redirects and limits have settings and"
                      + " annotations, see docs/migrate-from-ingress-nginx.md")
              .unlessEmpty());
    }
    rules.put("plugins", Rule.none("there are no plugins", "remove it").unlessEmpty());
    String geo = "the country of an address is not looked up";
    rules.put("use-geoip", Rule.none(geo, "let the backend do it").unless("false", geo));
    rules.put("use-geoip2", Rule.none(geo, "let the backend do it").unless("false", geo));
    rules.put("geoip2-autoreload-in-minutes", Rule.notNeeded(geo));
  }

  private static void streams(Map<String, Rule> rules) {
    String idle = "what is idle is closed after an hour, for UDP after a minute";
    rules.put(
        "proxy-stream-timeout",
        Rule.none(idle, "have clients, or the Service, say something more often")
            .unless("600s", idle));
    rules.put(
        "proxy-stream-responses",
        Rule.notNeeded("any number of datagrams may come back"));
    String tried = "a connection that an endpoint does not take goes to others, three at most";
    rules.put(
        "proxy-stream-next-upstream",
        Rule.none(tried, "remove it").unless("true", tried));
    rules.put("proxy-stream-next-upstream-timeout", Rule.notNeeded(tried));
    rules.put(
        "proxy-stream-next-upstream-tries", Rule.none(tried, "remove it").unless("3", tried));
    String log = "connections of tcp-services and udp-services are not in the access log";
    for (String key :
        List.of("disable-stream-access-log", "stream-access-log-path", "log-format-stream")) {
      rules.put(key, Rule.notNeeded(log));
    }
  }

  private static void nginxItself(Map<String, Rule> rules) {
    for (String key :
        List.of(
            "worker-processes",
            "worker-cpu-affinity",
            "enable-serial-reloads",
            "enable-multi-accept",
            "max-worker-connections",
            "max-worker-open-files",
            "map-hash-bucket-size",
            "server-name-hash-max-size",
            "server-name-hash-bucket-size",
            "proxy-headers-hash-max-size",
            "proxy-headers-hash-bucket-size",
            "variables-hash-bucket-size",
            "variables-hash-max-size",
            "lua-shared-dicts",
            "enable-aio-write",
            "reuse-port")) {
      rules.put(key, Rule.notNeeded("it is about the processes and tables of nginx"));
    }
  }
}
