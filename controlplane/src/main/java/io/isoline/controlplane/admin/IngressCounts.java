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
 * Counts our Ingresses by how far they are programmed. Owned by the engine's thread; any thread may
 * read the numbers.
 */
final class IngressCounts {

  private enum State {
    /**
     * All Envoys of this replica acknowledged the Ingress, as it is or as it was before its last
     * change.
     */
    PROGRAMMED("Programmed"),
    /** Some Envoys refused the Ingress or do not answer, or there is no Envoy. */
    INCOMPLETE("Incomplete"),
    /** All Envoys acknowledged what became of the Ingress, and nothing of it is in force. */
    NOTHING_IN_FORCE("NothingInForce"),
    /** The Ingress is on its way to the Envoys for the first time. */
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

  /** Takes the verdicts that an object has now; none when it is gone. */
  void enter(ObjectRef object, List<Verdict> verdicts) {
    if (object.kind() == KnownKind.INGRESS) {
      State before = states.get(object);
      State ours = before == null ? State.WAITING : before;
      move(object, before, Verdict.isOurs(verdicts) ? ours : null);
    }
  }

  /** Takes how far one of our Ingresses has come. */
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
