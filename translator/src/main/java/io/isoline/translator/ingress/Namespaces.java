package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.NamespaceRecord;
import io.isoline.translator.model.Host;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The Namespaces that are known: which are being deleted, and what was given to them. */
final class Namespaces {

  private final HostGrants grants;
  private final Map<ObjectRef, Known> known = new HashMap<>();

  private record Known(boolean terminating, List<Verdict> verdicts) {}

  Namespaces(HostGrants grants) {
    this.grants = grants;
  }

  /** Enters one; returns the hosts that are given to others than before, as they were written. */
  Set<Host> put(NamespaceRecord namespace) {
    GrantReading reading = GrantReading.of(namespace);
    known.put(namespace.ref(), new Known(namespace.terminating(), reading.verdicts()));
    return grants.annotate(namespace.ref().name(), reading.hosts());
  }

  /** Forgets one; returns the same. */
  Set<Host> remove(ObjectRef namespace) {
    known.remove(namespace);
    return grants.annotate(namespace.name(), Set.of());
  }

  boolean isTerminating(String namespace) {
    Known one = known.get(ObjectRef.namespace(namespace));
    return one != null && one.terminating();
  }

  List<Verdict> verdicts(ObjectRef namespace) {
    Known one = known.get(namespace);
    return one == null ? List.of() : one.verdicts();
  }
}
