package io.isoline.controlplane.engine;

import io.isoline.controlplane.xds.Programmed;
import io.isoline.translator.Change;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Update;
import io.isoline.translator.Verdict;
import io.isoline.translator.ingress.InForce;
import io.isoline.translator.kube.IngressRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the engine of a replica tells of an Ingress that its only Envoy has. */
public final class Told {

  private Told() {}

  /**
   * As told by a replica that judges it like this.
   *
   * @param verdicts whatever its version of Isoline makes of the Ingress
   */
  public static ProgrammedIngress of(IngressRecord ingress, List<Verdict> verdicts) {
    Map<ObjectRef, List<Verdict>> judged = Map.of(ingress.ref(), verdicts);
    Programming programming =
        new Programming(
            wanted -> new Programmed(1, 0, 1, 1),
            object -> judged.getOrDefault(object, List.of()),
            object -> new InForce(1, 1));
    programming.follow(
        List.of(new Change.Upsert(ingress)),
        new Update(List.of(), Set.of(), judged, null, List.of()),
        0);
    return programming.settled(0).iterator().next();
  }
}
