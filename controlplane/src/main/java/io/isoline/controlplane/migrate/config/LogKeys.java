package io.isoline.controlplane.migrate.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Keys about logs. */
final class LogKeys {

  private LogKeys() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.put(
        "disable-access-log",
        (value, others) ->
            Rule.flag(
                    off ->
                        off
                            ? new Fate.TakenOver("accessLog", "off")
                            : new Fate.TakenOver(
                                "accessLog.format",
                                format(others),
                                "the fields are Isoline's, not those of log-format-upstream"))
                .of(value, others));
    rules.put(
        "disable-http-access-log",
        Rule.flag(
            off ->
                off
                    ? new Fate.TakenOver("accessLog", "off")
                    : new Fate.AlreadySo("disable-access-log says it")));
    rules.put(
        "log-format-upstream",
        (value, others) ->
            isOff(others)
                ? new Fate.NotNeeded("requests are not logged")
                : new Fate.TakenOver(
                    "accessLog.format",
                    format(others),
                    "the fields are Isoline's, by docs/ingress.md"));
    rules.put("log-format-escape-json", Rule.notNeeded("the format json is valid in any case"));
    rules.put("log-format-escape-none", Rule.notNeeded("what clients send is always quoted"));
    rules.put("access-log-path", path());
    rules.put("http-access-log-path", path());
    rules.put("access-log-params", Rule.notNeeded("Envoy writes its log in pieces by itself"));
    rules.put(
        "enable-access-log-for-default-backend",
        Rule.none("requests to the default backend are logged, too", "remove it")
            .unless("true", "all requests are logged"));
    rules.put(
        "enable-auth-access-log",
        Rule.none("subrequests for authentication are not logged", "look at that service's log")
            .unless("false", "subrequests are not logged"));
    rules.put(
        "skip-access-log-urls",
        Rule.none("all requests are logged", "filter them where the log is read").unlessEmpty());
    rules.put("error-log-path", Rule.notNeeded("Envoy logs to standard error"));
    rules.put("error-log-level", Rule.notNeeded("Envoy has an option --log-level"));
    rules.put(
        "enable-syslog",
        Rule.none("logs go to standard output", "collect them from the pods")
            .unless("false", "logs go to standard output"));
    rules.put("syslog-host", Rule.notNeeded("logs go to standard output"));
    rules.put("syslog-port", Rule.notNeeded("logs go to standard output"));
    rules.put("debug-connections", Rule.notNeeded("it is for nginx's own debug log"));
    return rules;
  }

  private static boolean isOff(Function<String, String> others) {
    return Boolean.TRUE.equals(NginxValue.flag(others.apply("disable-access-log")))
        || Boolean.TRUE.equals(NginxValue.flag(others.apply("disable-http-access-log")));
  }

  private static String format(Function<String, String> others) {
    return others.apply("log-format-upstream").strip().startsWith("{") ? "json" : "text";
  }

  private static Rule path() {
    return (value, others) ->
        isOff(others)
            ? new Fate.NotNeeded("requests are not logged")
            : new Fate.AlreadySo("the log goes to standard output, as that file does");
  }
}
