package io.isoline.controlplane.replicas;

import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.KnownKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A report of a replica on its Envoys. The first reports of a connection say everything, later ones
 * what is new since the last.
 *
 * @param envoys how many are connected to it now
 * @param programmed Ingresses that its Envoys have, or would have if there were any
 * @param gone Ingresses that are no more, or are no longer ours
 * @param refusals by object, all of its verdicts {@link Verdict.Reason#RejectedByEnvoy}; an empty
 *     list when there are none any more
 */
public record ReplicaReport(
    int envoys,
    List<ProgrammedIngress> programmed,
    List<ObjectRef> gone,
    Map<ObjectRef, List<Verdict>> refusals) {

  public ReplicaReport {
    programmed = List.copyOf(programmed);
    gone = List.copyOf(gone);
    refusals = Map.copyOf(refusals);
  }

  /** Says how many Envoys there are, and nothing else. */
  public static ReplicaReport ofEnvoys(int envoys) {
    return new ReplicaReport(envoys, List.of(), List.of(), Map.of());
  }

  /** The same with these Ingresses. */
  public ReplicaReport withProgrammed(Collection<ProgrammedIngress> ingresses) {
    return new ReplicaReport(envoys, List.copyOf(ingresses), gone, refusals);
  }

  /** The same, after these objects have been judged. */
  public ReplicaReport withVerdicts(Map<ObjectRef, List<Verdict>> judged) {
    List<ObjectRef> lost = new ArrayList<>();
    Map<ObjectRef, List<Verdict>> refused = new TreeMap<>();
    judged.forEach(
        (object, verdicts) -> {
          if (object.kind() == KnownKind.INGRESS && !Verdict.isOurs(verdicts)) {
            lost.add(object);
          }
          refused.put(
              object,
              verdicts.stream()
                  .filter(verdict -> verdict.reason() == Verdict.Reason.RejectedByEnvoy)
                  .toList());
        });
    return new ReplicaReport(envoys, programmed, lost, refused);
  }
}
