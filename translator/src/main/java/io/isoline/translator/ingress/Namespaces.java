package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.kube.NamespaceRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The Namespaces that are known: which are being deleted, and what was given to them. */
final class Namespaces {

  private final Facts<String, NamespaceRecord> known;
  private final Derived<String, Boolean> terminating;
  private final Derived<String, GrantReading> grants;

  Namespaces(Derivation derivation, Derived.Listener<String, GrantReading> different) {
    known = derivation.facts(Comparator.comparing(NamespaceRecord::ref));
    terminating =
        derivation.derived(
            known, name -> Objects.requireNonNull(known.first(name)).terminating() ? true : null);
    grants =
        derivation
            .derived(known, name -> GrantReading.of(Objects.requireNonNull(known.first(name))))
            .tell(different);
  }

  void put(NamespaceRecord namespace) {
    known.put(namespace.ref().name(), namespace);
  }

  void remove(ObjectRef namespace) {
    known.put(namespace.name(), null);
  }

  boolean isTerminating(String namespace) {
    return terminating.get(namespace) != null;
  }

  List<Verdict> verdicts(ObjectRef namespace) {
    GrantReading reading = grants.get(namespace.name());
    return reading == null ? List.of() : reading.verdicts();
  }
}
