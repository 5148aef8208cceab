package io.isoline.controlplane.admin;

import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.KnownKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the Ingresses of ours by how far they have come. Owned by the engine's thread; the numbers
 * may be read by any.
 */
final class IngressCounts {

  private enum State {
    /** All Envoys of this replica acknowledged it, as it is or was at last. */
    PROGRAMMED("Programmed"),
    /** Some did not, as they refused it or do not answer, or there is no Envoy. */
    INCOMPLETE("Incomplete"),
    /** They acknowledged what became of it, and nothing of it is in force. */
    NOTHING_IN_FORCE("NothingInForce"),
    /** It is on its way for the first time. */
    WAITING("Waiting");

    private final String label;

    State(String label) {
      this.label = label;
    }
  }

  private final Map<ObjectRef, State> states = new HashMap<>();
  private final Map<State, AtomicInteger> counts = new EnumMap<>(State.class);

  IngressCounts(MeterRegistry registry) {
    for (State state : State.values()) {
      AtomicInteger count = new AtomicInteger();
      counts.put(state, count);
      Gauge.builder("isoline.ingresses", count, AtomicInteger::get)
          .description(
              "Ingresses of our class: Programmed when all Envoys of this replica acknowledged it,"
                  + " NothingInForce when they did and all of it is refused or lost to others,"
                  + " Incomplete when not all did or none is connected, Waiting when it is on its"
                  + " way for the first time.")
          .tag("state", state.label)
          .register(registry);
    }
  }

  /** An object has these verdicts now; none when it is gone. */
  void enter(ObjectRef object, List<Verdict> verdicts) {
    if (object.kind() == KnownKind.INGRESS) {
      State before = states.get(object);
      State ours = before == null ? State.WAITING : before;
      move(object, before, Verdict.isOurs(verdicts) ? ours : null);
    }
  }

  /** An Ingress of ours has come so far. */
  void enter(ProgrammedIngress programmed) {
    boolean everywhere =
        programmed.envoys() > 0 && programmed.acknowledged() >= programmed.envoys();
    move(
        programmed.ingress(),
        states.get(programmed.ingress()),
        !everywhere
            ? State.INCOMPLETE
            : programmed.inForce().isNothing() ? State.NOTHING_IN_FORCE : State.PROGRAMMED);
  }

  private void move(ObjectRef ingress, @Nullable State before, @Nullable State after) {
    add(before, -1);
    add(after, 1);
    if (after == null) {
      states.remove(ingress);
    } else {
      states.put(ingress, after);
    }
  }

  private void add(@Nullable State state, int delta) {
    AtomicInteger count = state == null ? null : counts.get(state);
    if (count != null) {
      count.addAndGet(delta);
    }
  }
}
