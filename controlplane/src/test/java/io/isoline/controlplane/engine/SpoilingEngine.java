package io.isoline.controlplane.engine;

import io.isoline.controlplane.xds.XdsServer;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.Settings;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Starts an engine that spoils what its translator made, as nothing else makes Envoy refuse it. */
public final class SpoilingEngine {

  private SpoilingEngine() {}

  /**
   * As {@link Engine#start(Settings, XdsServer.Options, EngineListener, Clock)}.
   *
   * @param spoil returns the resource as it is, or another one of the same type and name and of
   *     another version; called on the engine's thread
   */
  public static Engine start(
      Settings settings,
      XdsServer.Options options,
      EngineListener listener,
      Clock clock,
      UnaryOperator<Resource> spoil)
      throws IOException {
    return Engine.start(
        settings,
        options,
        listener,
        clock,
        update ->
            new Update(
                update.changed().stream().map(spoil).toList(),
                update.removed(),
                update.verdicts(),
                update.recheckAt(),
                update.defects()));
  }

  /** The objects that are said to be the reason of a refusal. */
  public static Set<ObjectRef> accused(Engine engine) {
    Set<ObjectRef> accused = new TreeSet<>();
    engine.verdicts().join().values().stream()
        .flatMap(List::stream)
        .filter(verdict -> verdict.reason() == Verdict.Reason.RejectedByEnvoy)
        .forEach(verdict -> accused.add(verdict.object()));
    return accused;
  }
}
