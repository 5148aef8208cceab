package io.isoline.controlplane.engine;

import io.isoline.controlplane.xds.StreamInfo;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Is told what the engine does. Called on the engine's thread, so it must return soon; it may call
 * {@link Engine#submit}.
 */
public interface EngineListener {

  /** Ignores everything. */
  EngineListener NONE = new EngineListener() {};

  /** A batch was translated, and what came of it is on its way to the Envoys. */
  default void updated(List<Change> changes, Update update) {}

  /** Objects have other verdicts than before; an empty list for an object that is gone. */
  default void judged(Map<ObjectRef, List<Verdict>> verdicts) {}

  /** Every Envoy has answered to all that a batch changed. */
  default void delivered(Delivery delivery) {}

  /**
   * Ingresses of ours, as they are now, are with the Envoys of this replica, or there is no Envoy
   * that they could be with. Told again when an Ingress has changed and has got there again, and
   * when the first Envoy comes. Not told of an Ingress that is gone or is no longer ours; {@link
   * #judged} says that.
   */
  default void programmed(Collection<ProgrammedIngress> ingresses) {}

  /** Envoy refused a resource. */
  default void rejected(Rejection rejection) {}

  default void connected(StreamInfo envoy) {}

  default void disconnected(StreamInfo envoy) {}

  /** Tells all of them, in their order. */
  static EngineListener all(List<EngineListener> listeners) {
    List<EngineListener> each = List.copyOf(listeners);
    return new EngineListener() {
      @Override
      public void updated(List<Change> changes, Update update) {
        each.forEach(listener -> listener.updated(changes, update));
      }

      @Override
      public void judged(Map<ObjectRef, List<Verdict>> verdicts) {
        each.forEach(listener -> listener.judged(verdicts));
      }

      @Override
      public void delivered(Delivery delivery) {
        each.forEach(listener -> listener.delivered(delivery));
      }

      @Override
      public void programmed(Collection<ProgrammedIngress> ingresses) {
        each.forEach(listener -> listener.programmed(ingresses));
      }

      @Override
      public void rejected(Rejection rejection) {
        each.forEach(listener -> listener.rejected(rejection));
      }

      @Override
      public void connected(StreamInfo envoy) {
        each.forEach(listener -> listener.connected(envoy));
      }

      @Override
      public void disconnected(StreamInfo envoy) {
        each.forEach(listener -> listener.disconnected(envoy));
      }
    };
  }
}
