package io.isoline.translator.annotation;

import io.isoline.translator.model.ResponseRate;
import java.util.List;

/** How fast answers are sent. */
final class ResponseRates implements Subject {

  /** Without it ingress-nginx ignores the rate. */
  private static final String BUFFERING = "proxy-buffering";

  static final Annotation<Long> LIMIT_RATE =
      new Annotation<>(
          "limit-rate",
          ValueType.number(0, 1_000_000_000, " (KiB in a second)"),
          "answers are sent as fast as the client takes them",
          "Each answer is sent no faster than that, however many there are at a time. 0 is no limit."
              + " It means nothing unless `proxy-buffering` is `on`.",
          "500",
          "");

  static final Annotation<Long> LIMIT_RATE_AFTER =
      new Annotation<>(
              "limit-rate-after",
              ValueType.number(0, 1_000_000_000, " (KiB)"),
              "the rate holds from the first byte of an answer",
              "How much of an answer is sent at full speed. Envoy knows no such thing: the rate holds"
                  + " from the first byte in any case.",
              "0",
              "The rate holds from the first byte.")
          .within(LIMIT_RATE);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(LIMIT_RATE, LIMIT_RATE_AFTER);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    long rate = values.get(LIMIT_RATE, 0L);
    if (rate == 0) {
      values.applied(LIMIT_RATE, "0 is no limit");
      return;
    }
    String buffering = values.written(BUFFERING);
    if (buffering == null || !buffering.strip().equals("on")) {
      for (Annotation<?> annotation : annotations()) {
        values.applied(
            annotation, "unless " + BUFFERING + " is on it means nothing, as with ingress-nginx");
      }
      return;
    }
    policy.add(new ResponseRate(rate));
    if (values.get(LIMIT_RATE_AFTER, 0L) > 0) {
      values.differs(
          LIMIT_RATE_AFTER,
          "the rate holds from the first byte of an answer",
          "remove it, or raise " + LIMIT_RATE);
    }
  }
}
