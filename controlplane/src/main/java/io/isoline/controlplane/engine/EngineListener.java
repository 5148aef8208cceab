package io.isoline.controlplane.engine;

import io.isoline.controlplane.stream.StreamInfo;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.ResourceType;
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

  /** What the translation of a batch cost; after {@link #updated}. */
  default void translated(Translation translation) {}

  /** The translation failed by a defect of ours: it goes on without these changes, if any. */
  default void failed(List<Change> changes, RuntimeException defect) {}

  /** All objects that there are have been translated: from now on Envoys are answered. */
  default void loaded() {}

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

  /**
   * A response was sent.
   *
   * @param bytes of its resources
   */
  default void sent(StreamInfo envoy, ResourceType type, int resources, long bytes) {}

  /** Envoy acknowledged a response: it took all of it. */
  default void acknowledged(StreamInfo envoy, ResourceType type) {}

  /** Envoy refused a response; {@link #rejected} tells of which resource, when that is known. */
  default void refused(StreamInfo envoy, ResourceType type) {}

  default void connected(StreamInfo envoy) {}

  default void disconnected(StreamInfo envoy) {}

  /** Returns a listener that tells all of these, in their order. */
  static EngineListener all(List<EngineListener> listeners) {
    List<EngineListener> each = List.copyOf(listeners);
    return new EngineListener() {
      @Override
      public void updated(List<Change> changes, Update update) {
        each.forEach(listener -> listener.updated(changes, update));
      }

      @Override
      public void translated(Translation translation) {
        each.forEach(listener -> listener.translated(translation));
      }

      @Override
      public void failed(List<Change> changes, RuntimeException defect) {
        each.forEach(listener -> listener.failed(changes, defect));
      }

      @Override
      public void loaded() {
        each.forEach(EngineListener::loaded);
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
      public void sent(StreamInfo envoy, ResourceType type, int resources, long bytes) {
        each.forEach(listener -> listener.sent(envoy, type, resources, bytes));
      }

      @Override
      public void acknowledged(StreamInfo envoy, ResourceType type) {
        each.forEach(listener -> listener.acknowledged(envoy, type));
      }

      @Override
      public void refused(StreamInfo envoy, ResourceType type) {
        each.forEach(listener -> listener.refused(envoy, type));
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
