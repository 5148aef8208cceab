package io.isoline.controlplane.engine;

import io.isoline.controlplane.xds.StreamInfo;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
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

  /** Envoy refused a resource. */
  default void rejected(Rejection rejection) {}

  default void connected(StreamInfo envoy) {}

  default void disconnected(StreamInfo envoy) {}
}
