package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.model.Traced;
import io.isoline.translator.model.Tracing;
import java.util.List;
import java.util.regex.Pattern;

/** Spans of requests, which are sent to the collector that the operator has chosen. */
final class Traces implements Subject {

  static final Annotation<Boolean> ENABLE_OPENTELEMETRY =
      new Annotation<>(
          "enable-opentelemetry",
          ValueType.FLAG,
          "requests are traced if the settings say so of all (`tracing.routes`)",
          "`true`: the requests are traced. Envoy sends a span of each, or of as many as"
              + " `tracing.sampling` says, to the collector of the settings, and the backend gets the"
              + " header `traceparent`. `false`: they are not.",
          "true",
          "The operator names the collector, by `tracing.collector`; without one, nothing is traced."
              + " Where the settings trust clients (`tracing.trustClients`), a request whose"
              + " `traceparent` says that it is recorded has a span with `false`, too.");

  static final Annotation<String> OPERATION_NAME =
      new Annotation<>(
          "opentelemetry-operation-name",
          ValueType.text(
              "1 to 256 letters of ASCII, digits, blanks and the characters `_` and `-`",
              Pattern.compile("[A-Za-z0-9_ -]{1,256}")),
          "spans are called `ingress/NAMESPACE/NAME`",
          "How the spans of the requests are called.",
          "checkout",
          "");

  static final Annotation<Boolean> TRUST_INCOMING_SPAN =
      new Annotation<>(
          "opentelemetry-trust-incoming-span",
          ValueType.FLAG,
          "as the settings say (`tracing.trustClients`)",
          "Whether the trace that a client has begun goes on, by its header `traceparent`, and it"
              + " decides whether the request is recorded.",
          "false",
          "The settings decide it for all hosts, as a span begins before the rule of its request is"
              + " known. There, clients are not trusted by default.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(ENABLE_OPENTELEMETRY, OPERATION_NAME, TRUST_INCOMING_SPAN);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Boolean on = values.get(ENABLE_OPENTELEMETRY);
    String operation = values.get(OPERATION_NAME);
    Tracing tracing = values.tracing();
    if (tracing == null) {
      sayNothingIsTraced(values);
    } else {
      say(values, tracing);
    }
    if (on != null || operation != null) {
      policy.add(new Traced(on, operation));
    }
  }

  private static void sayNothingIsTraced(Values values) {
    values.applied(TRUST_INCOMING_SPAN, "nothing is traced, so it means nothing");
    values.applied(OPERATION_NAME, "nothing is traced, so it means nothing");
    if (values.get(ENABLE_OPENTELEMETRY, false)) {
      values.noEffect(
          ENABLE_OPENTELEMETRY,
          Reason.Unsupported,
          "nothing is traced, as the settings of Isoline name no collector",
          "have the operator set tracing.collector to the address of one that takes OTLP");
    } else {
      values.applied(ENABLE_OPENTELEMETRY, "nothing is traced");
    }
  }

  private static void say(Values values, Tracing tracing) {
    boolean traced = values.get(ENABLE_OPENTELEMETRY, tracing.all());
    if (traced) {
      values.applied(
          ENABLE_OPENTELEMETRY,
          tracing.sampling() == 0 && tracing.trusting()
              ? "requests are traced that their clients say are recorded"
              : "requests are traced, as many as the settings say (tracing.sampling)");
    } else if (tracing.trusting()) {
      values.differs(
          ENABLE_OPENTELEMETRY,
          "requests whose traceparent says that they are recorded have a span all the same, as the"
              + " settings trust clients",
          "have the operator set tracing.trustClients: false");
    } else {
      values.applied(ENABLE_OPENTELEMETRY, "requests are not traced");
    }
    if (!traced) {
      values.applied(OPERATION_NAME, "requests are not traced, so it means nothing");
    }
    boolean trust = values.get(TRUST_INCOMING_SPAN, tracing.trusting());
    if (trust != tracing.trusting()) {
      values.differs(
          TRUST_INCOMING_SPAN,
          trust
              ? "a trace that a client has begun does not go on, as the settings trust no client"
              : "a trace that a client has begun goes on, as the settings trust all clients",
          "have the operator set tracing.trustClients: " + trust + ", which is for all hosts");
    }
  }
}
