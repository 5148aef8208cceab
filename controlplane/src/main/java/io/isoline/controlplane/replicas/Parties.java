package io.isoline.controlplane.replicas;

import io.isoline.controlplane.engine.ProgrammedIngress;
import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.KnownKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Combines what the Envoys of all replicas acknowledged.
 *
 * <p>Each replica is a party: this one, and on the leader each one that is connected to it. A party
 * without Envoys has no say. An Ingress is programmed when every party with Envoys has reported the
 * state of it that this replica reported last, and at least one Envoy acknowledged it. So one Envoy
 * that lags behind, at whatever replica, holds back the news of an Ingress, and a request to that
 * Envoy after the news gets the right answer.
 *
 * <p>While a party with Envoys has not reported an Ingress at all, the Ingress is not programmed.
 *
 * <p>Owned by one thread.
 */
public final class Parties {

  private static final class Party {
    int envoys;
    final Map<ObjectRef, ProgrammedIngress> told = new HashMap<>();
    final Map<ObjectRef, List<Verdict>> refusals = new HashMap<>();

    /** Returns the objects that it has said something new of. */
    Set<ObjectRef> take(ReplicaReport report) {
      Set<ObjectRef> touched = new TreeSet<>(report.gone());
      envoys = report.envoys();
      report.gone().forEach(told::remove);
      for (ProgrammedIngress ingress : report.programmed()) {
        told.put(ingress.ingress(), ingress);
        touched.add(ingress.ingress());
      }
      report
          .refusals()
          .forEach(
              (object, now) -> {
                List<Verdict> before =
                    now.isEmpty() ? refusals.remove(object) : refusals.put(object, now);
                if (!now.equals(before == null ? List.of() : before)) {
                  touched.add(object);
                }
              });
      return touched;
    }
  }

  private final Party here = new Party();
  private final Map<Long, Party> others = new HashMap<>();

  /** Takes what this replica says; returns the objects of which something may be different now. */
  public Set<ObjectRef> here(ReplicaReport report) {
    return take(here, report);
  }

  /**
   * Takes what another replica says; returns the objects of which something may be different now.
   *
   * @param party its number; it is a party from now on
   */
  public Set<ObjectRef> reported(long party, ReplicaReport report) {
    return take(others.computeIfAbsent(party, any -> new Party()), report);
  }

  /** Forgets another replica; returns the objects of which something may be different now. */
  public Set<ObjectRef> left(long party) {
    Party gone = others.remove(party);
    if (gone == null) {
      return Set.of();
    }
    Set<ObjectRef> touched = new TreeSet<>(gone.refusals.keySet());
    if (gone.envoys > 0) {
      touched.addAll(here.told.keySet());
    }
    return touched;
  }

  private Set<ObjectRef> take(Party party, ReplicaReport report) {
    boolean hadSay = party.envoys > 0;
    Set<ObjectRef> touched = party.take(report);
    if (hadSay != (party.envoys > 0)) {
      touched.addAll(here.told.keySet());
    }
    return touched;
  }

  /** How many objects another replica has told of. */
  public int size(long party) {
    Party other = others.get(party);
    return other == null ? 0 : other.told.size() + other.refusals.size();
  }

  /**
   * The Ingress with the Envoys of all replicas, or null while it is not programmed.
   *
   * @return as many Envoys as were there when their replicas told of it
   */
  public @Nullable ProgrammedIngress programmed(ObjectRef ingress) {
    ProgrammedIngress ours = here.told.get(ingress);
    if (ours == null) {
      return null;
    }
    int acknowledged = 0;
    int envoys = 0;
    if (here.envoys > 0) {
      acknowledged = ours.acknowledged();
      envoys = ours.envoys();
    }
    for (Party party : others.values()) {
      if (party.envoys > 0) {
        ProgrammedIngress theirs = party.told.get(ingress);
        if (theirs == null || !theirs.state().equals(ours.state())) {
          return null;
        }
        acknowledged += theirs.acknowledged();
        envoys += theirs.envoys();
      }
    }
    return acknowledged == 0
        ? null
        : new ProgrammedIngress(
            ingress, ours.state(), acknowledged, envoys, ours.inForce());
  }

  /** What the Envoys of other replicas refused of an object; each thing once. */
  public Set<Verdict> refusals(ObjectRef object) {
    Set<Verdict> refusals = new TreeSet<>();
    others
        .values()
        .forEach(party -> refusals.addAll(party.refusals.getOrDefault(object, List.of())));
    return refusals;
  }

  /** How many Envoys this replica has. */
  int envoysHere() {
    return here.envoys;
  }

  /** All objects that this replica has told of. */
  Collection<ObjectRef> objectsHere() {
    Set<ObjectRef> objects = new TreeSet<>(here.told.keySet());
    objects.addAll(here.refusals.keySet());
    return objects;
  }

  /** What this replica says of some objects, as of now. */
  ReplicaReport reportOf(Collection<ObjectRef> objects) {
    List<ObjectRef> gone =
        objects.stream()
            .filter(object -> object.kind() == KnownKind.INGRESS && !here.told.containsKey(object))
            .toList();
    Map<ObjectRef, List<Verdict>> refusals = new HashMap<>();
    objects.forEach(object -> refusals.put(object, here.refusals.getOrDefault(object, List.of())));
    return new ReplicaReport(
        here.envoys,
        objects.stream().filter(here.told::containsKey).map(this::told).toList(),
        gone,
        refusals);
  }

  private ProgrammedIngress told(ObjectRef object) {
    ProgrammedIngress told = here.told.get(object);
    if (told == null) {
      throw new IllegalArgumentException(object + " was not told of");
    }
    return told;
  }
}
