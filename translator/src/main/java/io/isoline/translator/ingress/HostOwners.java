package io.isoline.translator.ingress;

import io.isoline.translator.Settings.Tenancy;
import io.isoline.translator.model.Host;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which host: the namespace of the oldest Ingress that has a rule for it, among those that
 * may have it at all. Where the host was given to namespaces, these are the only ones.
 *
 * <p>A wildcard and a name below it are two hosts: who has the one does not have the other by that.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class HostOwners {

  /**
   * The owner of a host.
   *
   * @param ingress by which the namespace has it
   */
  record Owner(String namespace, IngressReading ingress) {}

  private final HostGrants grants;
  private final Map<Host, Owner> owners = new HashMap<>();
  private final Map<String, SortedSet<Host>> hostsOf = new HashMap<>();
  private Tenancy.Hosts mode;

  HostOwners(HostGrants grants, Tenancy.Hosts mode) {
    this.grants = grants;
    this.mode = mode;
  }

  void configure(Tenancy.Hosts other) {
    mode = other;
  }

  /**
   * Decides anew who owns a host.
   *
   * @param claimants that have a rule for it, the oldest first
   * @return whether it is another namespace than before, or has it by another Ingress
   */
  boolean assign(Host host, Collection<IngressReading> claimants) {
    Owner owner = null;
    for (IngressReading claimant : claimants) {
      if (mayHave(claimant.namespace(), host)) {
        owner = new Owner(claimant.namespace(), claimant);
        break;
      }
    }
    Owner before = owner == null ? owners.remove(host) : owners.put(host, owner);
    String namespaceBefore = before == null ? "" : before.namespace();
    String namespace = owner == null ? "" : owner.namespace();
    if (namespace.equals(namespaceBefore)) {
      return before != null
          && owner != null
          && !before.ingress().ref().equals(owner.ingress().ref());
    }
    if (before != null) {
      SortedSet<Host> hosts = hostsOf.get(namespaceBefore);
      if (hosts != null && hosts.remove(host) && hosts.isEmpty()) {
        hostsOf.remove(namespaceBefore);
      }
    }
    if (owner != null) {
      hostsOf.computeIfAbsent(namespace, any -> new TreeSet<>()).add(host);
    }
    return true;
  }

  /** The owner; null when no Ingress that may have the host has a rule for it. */
  @Nullable Owner owner(Host host) {
    return owners.get(host);
  }

  boolean isOwner(String namespace, Host host) {
    Owner owner = owners.get(host);
    return owner != null && owner.namespace().equals(namespace);
  }

  /** The hosts that belong to a namespace. */
  SortedSet<Host> hostsOf(String namespace) {
    return Collections.unmodifiableSortedSet(
        hostsOf.getOrDefault(namespace, Collections.emptySortedSet()));
  }

  /** Whether a namespace may have a host: not when it was given to others only. */
  boolean mayHave(String namespace, Host host) {
    NavigableSet<String> given = grants.namespaces(host);
    return given.isEmpty()
        ? !host.isAny() || mode == Tenancy.Hosts.SHARED
        : given.contains(namespace);
  }

  /** Whether the paths that a namespace has for a host count. */
  boolean mayRoute(String namespace, Host host) {
    return mayHave(namespace, host)
        && switch (mode) {
          case SHARED -> true;
          case OWNED -> isOwner(namespace, host);
        };
  }

  /** The namespaces that a host was given to; empty when it was given to nobody. */
  NavigableSet<String> givenTo(Host host) {
    return grants.namespaces(host);
  }

  /** Whether a host was given to namespaces as it is written here. */
  boolean isGiven(Host host) {
    return grants.isGiven(host);
  }

  /** Whether a host was given by this very name to namespaces of which none has a rule for it. */
  boolean isReserved(Host host) {
    return !host.isAny() && grants.isGiven(host) && !owners.containsKey(host);
  }
}
