package io.isoline.controlplane.admin;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts objects by their verdicts. Remembers what each object was counted as; objects that count
 * alike share that memory. Owned by the engine's thread; any thread may read the numbers.
 */
final class VerdictCounts {

  private record Cause(Outcome outcome, Reason reason) {}

  private record Counted(String kind, Outcome worst, Set<Cause> causes) {}

  private record OutcomeKey(String kind, Outcome outcome) {}

  private record CauseKey(String kind, Cause cause) {}

  private final MeterRegistry registry;
  private final Map<ObjectRef, Counted> counted = new HashMap<>();
  private final Map<Counted, Counted> shared = new HashMap<>();
  private final Map<OutcomeKey, AtomicInteger> outcomes = new HashMap<>();
  private final Map<CauseKey, AtomicInteger> causes = new HashMap<>();

  VerdictCounts(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Takes the verdicts that an object has now; none when it is gone. */
  void enter(ObjectRef object, List<Verdict> verdicts) {
    Counted before = counted.remove(object);
    if (before != null) {
      add(before, -1);
    }
    if (!verdicts.isEmpty()) {
      Counted now = count(object, verdicts);
      counted.put(object, now);
      add(now, 1);
    }
  }

  private Counted count(ObjectRef object, List<Verdict> verdicts) {
    Outcome worst = Outcome.APPLIED;
    Set<Cause> set = new HashSet<>();
    for (Verdict verdict : verdicts) {
      worst = verdict.outcome().compareTo(worst) > 0 ? verdict.outcome() : worst;
      set.add(new Cause(verdict.outcome(), verdict.reason()));
    }
    Counted made = new Counted(Labels.kind(object.kind()), worst, Set.copyOf(set));
    return shared.computeIfAbsent(made, same -> same);
  }

  private void add(Counted of, int delta) {
    outcome(new OutcomeKey(of.kind(), of.worst())).addAndGet(delta);
    of.causes().forEach(cause -> cause(new CauseKey(of.kind(), cause)).addAndGet(delta));
  }

  private AtomicInteger outcome(OutcomeKey key) {
    return outcomes.computeIfAbsent(
        key,
        any -> {
          AtomicInteger count = new AtomicInteger();
          Gauge.builder("isoline.objects", count, AtomicInteger::get)
              .description("Objects by the worst outcome among their verdicts.")
              .tag("kind", key.kind())
              .tag("outcome", Labels.outcome(key.outcome()))
              .register(registry);
          return count;
        });
  }

  private AtomicInteger cause(CauseKey key) {
    return causes.computeIfAbsent(
        key,
        any -> {
          AtomicInteger count = new AtomicInteger();
          Gauge.builder("isoline.objects.by.reason", count, AtomicInteger::get)
              .description(
                  "Objects that have a verdict of this outcome and reason; one object may count for"
                      + " several.")
              .tag("kind", key.kind())
              .tag("outcome", Labels.outcome(key.cause().outcome()))
              .tag("reason", key.cause().reason().name())
              .register(registry);
          return count;
        });
  }
}
