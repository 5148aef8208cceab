package io.isoline.controlplane.migrate.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Keys about logs and traces. */
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
    tracing(rules);
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

  private static void tracing(Map<String, Rule> rules) {
    rules.put(
        "enable-opentelemetry",
        Rule.byIngress("no traces are sent", "enable-opentelemetry")
            .unless("false", "no traces are sent"));
    for (String key :
        List.of(
            "opentelemetry-config",
            "opentelemetry-operation-name",
            "opentelemetry-trust-incoming-span",
            "otlp-collector-host",
            "otlp-collector-port",
            "otel-service-name",
            "otel-sampler",
            "otel-sampler-ratio",
            "otel-sampler-parent-based",
            "otel-max-queuesize",
            "otel-schedule-delay-millis",
            "otel-max-export-batch-size")) {
      rules.put(
          key,
          Rule.none("no traces are sent", "let the backends start the traces")
              .within("enable-opentelemetry"));
    }
    for (String key :
        List.of(
            "enable-opentracing",
            "opentracing-operation-name",
            "opentracing-location-operation-name",
            "opentracing-trust-incoming-span",
            "zipkin-collector-host",
            "zipkin-collector-port",
            "zipkin-service-name",
            "zipkin-sample-rate",
            "jaeger-collector-host",
            "jaeger-collector-port",
            "jaeger-endpoint",
            "jaeger-service-name",
            "jaeger-propagation-format",
            "jaeger-sampler-type",
            "jaeger-sampler-param",
            "jaeger-sampler-host",
            "jaeger-sampler-port",
            "jaeger-trace-context-header-name",
            "jaeger-debug-header",
            "jaeger-baggage-header",
            "jaeger-trace-baggage-header-prefix",
            "datadog-collector-host",
            "datadog-collector-port",
            "datadog-service-name",
            "datadog-environment",
            "datadog-operation-name-override",
            "datadog-priority-sampling",
            "datadog-sample-rate")) {
      rules.put(key, Rule.notNeeded("ingress-nginx has dropped it: it speaks OpenTelemetry only"));
    }
  }
}
