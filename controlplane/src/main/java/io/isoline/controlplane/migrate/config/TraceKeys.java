package io.isoline.controlplane.migrate.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys about traces. */
final class TraceKeys {

  private static final String HOST = "otlp-collector-host";
  private static final String PORT = "otlp-collector-port";
  private static final String SERVICE = "otel-service-name";
  private static final String SAMPLER = "otel-sampler";
  private static final String RATIO = "otel-sampler-ratio";
  private static final String TRUST = "opentelemetry-trust-incoming-span";

  private static final Pattern SHARE = Pattern.compile("[0-9]?(\\.[0-9]{1,9})?");

  private static final Pattern NAME = Pattern.compile("[-a-z0-9.:\\[\\]]{1,253}");

  /** What the setting does that the key does not. */
  private static final String ON_WHATEVER_ROUTE =
      "a request that its client marks as recorded has a span on whatever route";

  private TraceKeys() {}

  static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    rules.put("enable-opentelemetry", withCollector(Rule.flag(on -> on ? ofAll() : ofSome())));
    rules.put(HOST, ((Rule) (value, others) -> collector(others)).unlessEmpty());
    rules.put(PORT, withCollector((value, others) -> collector(others)));
    rules.put(
        SERVICE,
        withCollector(
            ((Rule) (value, others) -> new Fate.TakenOver("tracing.serviceName", Fate.quoted(value)))
                .unlessEmpty()));
    rules.put(SAMPLER, withCollector(TraceKeys::sampler));
    rules.put(RATIO, withCollector(TraceKeys::ratio));
    String parents = "what the traceparent of a trusted client says holds in any case";
    rules.put(
        "otel-sampler-parent-based",
        withCollector(
            Rule.none(parents, "set tracing.trustClients: false").unless("true", parents)));
    rules.put(
        TRUST,
        withCollector(
            Rule.flag(
                trust ->
                    new Fate.TakenOver(
                        "tracing.trustClients",
                        Boolean.toString(trust),
                        trust ? ON_WHATEVER_ROUTE : ""))));
    rules.put(
        "opentelemetry-operation-name",
        withCollector(
            Rule.byIngress("spans are called as their Ingress", "opentelemetry-operation-name")
                .unlessEmpty()));
    rules.put("opentelemetry-config", Rule.notNeeded("Envoy has no file of its own for it"));
    for (String key :
        List.of("otel-max-queuesize", "otel-schedule-delay-millis", "otel-max-export-batch-size")) {
      rules.put(key, Rule.notNeeded("Envoy sends spans after five seconds, or when it has five"));
    }
    formerTracers(rules);
    return rules;
  }

  /** A rule, where spans are sent anywhere. */
  private static Rule withCollector(Rule rule) {
    return (value, others) ->
        NAME.matcher(host(others)).matches()
            ? rule.of(value, others)
            : new Fate.NotNeeded("without " + HOST + " nothing is traced");
  }

  private static String host(Function<String, String> others) {
    return others.apply(HOST).strip().toLowerCase(Locale.ROOT);
  }

  private static Fate ofAll() {
    return new Fate.TakenOver("tracing.routes", "all");
  }

  private static Fate ofSome() {
    return new Fate.TakenOver("tracing.routes", "asked");
  }

  /** Of host and port, and what ingress-nginx does of what nobody wrote. */
  private static Fate collector(Function<String, String> others) {
    String host = host(others);
    String port = others.apply(PORT).isBlank() ? "4317" : others.apply(PORT).strip();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(
        "tracing.collector",
        Fate.quoted((host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port));
    if (others.apply(TRUST).isEmpty()) {
      settings.put("tracing.trustClients", "true");
    }
    return new Fate.TakenOver(
        settings, settings.size() > 1 ? "as without " + TRUST + ", and " + ON_WHATEVER_ROUTE : "");
  }

  private static Fate sampler(String value, Function<String, String> others) {
    return switch (value.strip()) {
      case "AlwaysOn", "" -> new Fate.TakenOver("tracing.sampling", "100");
      case "AlwaysOff" -> new Fate.TakenOver("tracing.sampling", "0");
      case "TraceIdRatioBased" -> {
        String percent = percent(others.apply(RATIO).isBlank() ? "0.01" : others.apply(RATIO));
        yield new Fate.TakenOver("tracing.sampling", percent == null ? "1" : percent);
      }
      default -> Rule.invalid(value, "is none of AlwaysOn, AlwaysOff, TraceIdRatioBased");
    };
  }

  private static Fate ratio(String value, Function<String, String> others) {
    String percent = percent(value);
    if (percent == null) {
      return Rule.invalid(value, "is no number from 0 to 1");
    }
    return others.apply(SAMPLER).strip().equals("TraceIdRatioBased")
        ? new Fate.TakenOver("tracing.sampling", percent)
        : new Fate.NotNeeded("without otel-sampler: TraceIdRatioBased it means nothing");
  }

  /** A share as our file has it; null for none. What is above zero stays so. */
  private static @Nullable String percent(String share) {
    String text = share.strip();
    if (text.isEmpty() || text.equals(".") || !SHARE.matcher(text).matches()) {
      return null;
    }
    BigDecimal percent =
        new BigDecimal(text).movePointRight(2).setScale(2, RoundingMode.UP).stripTrailingZeros();
    return percent.compareTo(BigDecimal.valueOf(100)) > 0 ? null : percent.toPlainString();
  }

  private static void formerTracers(Map<String, Rule> rules) {
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
