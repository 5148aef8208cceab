package io.isoline.translator.ingress;

import io.isoline.translator.Settings.HostGrant;
import io.isoline.translator.model.Host;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The hosts that were given to namespaces, by annotations of these and by the operator's settings.
 * A host that was given to any belongs to nobody else. A wildcard gives all names below it, at any
 * depth; {@link Host#ANY} gives the hosts that nobody names.
 *
 * <p>Owned by one thread.
 */
final class HostGrants {

  private final Map<String, Set<Host>> ofAnnotations = new HashMap<>();
  private final Map<String, Set<Host>> ofSettings = new HashMap<>();

  /** By host and namespace, how many give it: one or two. */
  private final Map<Host, SortedMap<String, Integer>> given = new HashMap<>();

  private final HostTree tree = new HostTree();

  /**
   * Replaces what the annotation of a namespace gives.
   *
   * @return the hosts, as they were given, whose namespaces differ now
   */
  Set<Host> annotate(String namespace, Set<Host> hosts) {
    return replace(ofAnnotations, namespace, hosts);
  }

  /** Replaces what the settings give; returns the same. */
  Set<Host> configure(List<HostGrant> grants) {
    Map<String, Set<Host>> byNamespace = new HashMap<>();
    for (HostGrant grant : grants) {
      byNamespace
          .computeIfAbsent(grant.namespace(), any -> new HashSet<>())
          .add(new Host(grant.host()));
    }
    Set<String> namespaces = new HashSet<>(ofSettings.keySet());
    namespaces.addAll(byNamespace.keySet());
    Set<Host> different = new HashSet<>();
    for (String namespace : namespaces) {
      different.addAll(
          replace(ofSettings, namespace, byNamespace.getOrDefault(namespace, Set.of())));
    }
    return different;
  }

  private Set<Host> replace(Map<String, Set<Host>> book, String namespace, Set<Host> hosts) {
    Set<Host> before =
        hosts.isEmpty() ? book.remove(namespace) : book.put(namespace, Set.copyOf(hosts));
    Set<Host> gone = new HashSet<>(before == null ? Set.of() : before);
    Set<Host> come = new HashSet<>(hosts);
    come.removeAll(gone);
    gone.removeAll(hosts);
    for (Host host : come) {
      given.computeIfAbsent(host, any -> new TreeMap<>()).merge(namespace, 1, Integer::sum);
      tree.add(host);
    }
    for (Host host : gone) {
      SortedMap<String, Integer> namespaces = given.getOrDefault(host, new TreeMap<>());
      namespaces.merge(namespace, -1, (a, b) -> a + b == 0 ? null : a + b);
      if (namespaces.isEmpty()) {
        given.remove(host);
        tree.remove(host);
      }
    }
    Set<Host> different = new HashSet<>(come);
    different.addAll(gone);
    return different;
  }

  /** The namespaces that have a host by what was given; empty when it was given to nobody. */
  NavigableSet<String> namespaces(Host host) {
    if (given.isEmpty()) {
      return Collections.emptyNavigableSet();
    }
    NavigableSet<String> namespaces = new TreeSet<>(namesOf(host));
    if (!host.isAny()) {
      host.wildcardsAbove().forEach(wildcard -> namespaces.addAll(namesOf(wildcard)));
    }
    return namespaces;
  }

  private Set<String> namesOf(Host host) {
    SortedMap<String, Integer> namespaces = given.get(host);
    return namespaces == null ? Set.of() : namespaces.keySet();
  }

  /** Whether a host was given as it is written here, and not by a wildcard above it. */
  boolean isGiven(Host host) {
    return given.containsKey(host);
  }

  /** What a namespace was given, as it was written. */
  Set<Host> of(String namespace) {
    Set<Host> hosts = new HashSet<>(ofAnnotations.getOrDefault(namespace, Set.of()));
    hosts.addAll(ofSettings.getOrDefault(namespace, Set.of()));
    return hosts;
  }

  /** All that was given, as it was written. */
  Collection<Host> all() {
    return tree.all();
  }

  /** What was given below a wildcard. */
  Collection<Host> below(Host wildcard) {
    return tree.below(wildcard);
  }
}
