package io.isoline.translator.ingress;

import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.derive.Value;
import io.isoline.translator.model.Host;
import io.isoline.translator.settings.IngressSettings.HostGrant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The hosts that were given to namespaces, by annotations of these and by the operator's settings.
 * A host that was given to any belongs to nobody else. A wildcard gives all names below it, at any
 * depth; {@link Host#ANY} gives the hosts that nobody names.
 *
 * <p>Owned by one thread.
 */
final class HostGrants {

  private record Grant(String namespace, boolean bySettings) {
    static final Comparator<Grant> ORDER =
        Comparator.comparing(Grant::namespace).thenComparing(Grant::bySettings);
  }

  private final Facts<Host, Grant> given;

  /** So that nobody looks for what was given where nothing was. */
  private final Value<Boolean> any;

  private final Facts<Host, SaidOfHost> hosts;
  private List<HostGrant> ofSettings = List.of();
  private int count;

  /**
   * Adds its stages.
   *
   * @param hosts are told that a host is named by what was given
   */
  HostGrants(Derivation derivation, Facts<Host, SaidOfHost> hosts) {
    given = derivation.facts(Grant.ORDER);
    any = derivation.value(false);
    this.hosts = hosts;
  }

  /** Replaces what the annotation of a namespace gives. */
  void annotate(String namespace, Collection<Host> before, Collection<Host> now) {
    Grant grant = new Grant(namespace, false);
    before.forEach(host -> take(host, grant));
    now.forEach(host -> give(host, grant));
    any.set(count > 0);
  }

  /** Replaces what the settings give. */
  void configure(List<HostGrant> grants) {
    Set<HostGrant> before = new HashSet<>(ofSettings);
    Set<HostGrant> now = new HashSet<>(grants);
    for (HostGrant grant : before) {
      if (!now.contains(grant)) {
        take(new Host(grant.host()), new Grant(grant.namespace(), true));
      }
    }
    for (HostGrant grant : now) {
      if (!before.contains(grant)) {
        give(new Host(grant.host()), new Grant(grant.namespace(), true));
      }
    }
    any.set(count > 0);
    ofSettings = List.copyOf(grants);
  }

  private void give(Host host, Grant grant) {
    given.add(host, grant);
    hosts.add(host, SaidOfHost.Mark.GIVEN);
    count++;
  }

  private void take(Host host, Grant grant) {
    given.remove(host, grant);
    hosts.remove(host, SaidOfHost.Mark.GIVEN);
    count--;
  }

  /** The namespaces that have a host by what was given; empty when it was given to nobody. */
  NavigableSet<String> namespaces(Host host) {
    if (!any.get()) {
      return Collections.emptyNavigableSet();
    }
    NavigableSet<String> namespaces = new TreeSet<>();
    List<Host> above = new ArrayList<>(List.of(host));
    if (!host.isAny()) {
      above.addAll(host.wildcardsAbove());
    }
    for (Host one : above) {
      given.of(one).forEach(grant -> namespaces.add(grant.namespace()));
    }
    return namespaces;
  }

  /** Whether a host was given as it is written here, and not by a wildcard above it. */
  boolean isGiven(Host host) {
    return any.get() && given.first(host) != null;
  }
}
