package io.isoline.translator.ingress;

import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.derive.Value;
import io.isoline.translator.ingress.IngressBook.Naming;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.model.Host;
import io.isoline.translator.settings.IngressSettings.Tenancy;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which host: the namespace of the oldest Ingress that has a rule for it, among those that
 * may have it at all. Where the host was given to namespaces, these are the only ones.
 *
 * <p>A host that nobody who may have it has a rule for can be named by an annotation of the owner of
 * another host: as an alias of that, or to be redirected to it.
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
   * @param byRule whether that has a rule for it, and not just a default backend
   */
  record Owner(Claimant ingress, boolean byRule) {
    String namespace() {
      return ingress.namespace();
    }
  }

  /** By which Ingress a host is named, and what it is to another. */
  record Name(Claimant ingress, NamedHost host) {
    boolean isAlias() {
      return host.use() == NamedHost.Use.ALIAS;
    }
  }

  private final IngressBook book;
  private final HostGrants grants;
  private final Value<Tenancy.Hosts> mode;
  private final Derived<Host, NavigableSet<String>> given;
  private final Derived<Host, Claimant> aliasing;
  private final Derived<Host, Name> names;
  private final Derived<Host, Owner> owners;

  /** Of each namespace, how many hosts it owns. */
  private final Map<String, Integer> hostsOf = new HashMap<>();

  /** The namespaces that own a host, by themselves. */
  private final Facts<String, String> owning;

  /** Adds its stages. */
  HostOwners(
      Derivation derivation, IngressBook book, HostGrants grants, Value<Tenancy.Hosts> mode) {
    this.book = book;
    this.grants = grants;
    this.mode = mode;
    given =
        derivation.derived(
            book.hosts(),
            host -> {
              NavigableSet<String> namespaces = grants.namespaces(host);
              return namespaces.isEmpty() ? null : namespaces;
            });
    aliasing =
        derivation.derived(
            book.withAliases(),
            main -> {
              Owner owner = byRule(main);
              for (Claimant ingress : book.withAliases().of(main)) {
                if (owner != null && owner.namespace().equals(ingress.namespace())) {
                  return ingress;
                }
              }
              return null;
            });
    names = derivation.derived(book.named(), this::decideName);
    owners = derivation.derived(book.hosts(), this::decide).tell(this::count);
    owning = derivation.facts(Comparator.naturalOrder());
  }

  private void count(Host host, @Nullable Owner before, @Nullable Owner after) {
    if (before != null
        && hostsOf.merge(before.namespace(), -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
      owning.put(before.namespace(), null);
    }
    if (after != null && hostsOf.merge(after.namespace(), 1, Integer::sum) == 1) {
      owning.put(after.namespace(), after.namespace());
    }
  }

  private @Nullable Owner decide(Host host) {
    Owner byRule = byRule(host);
    if (byRule != null) {
      return byRule;
    }
    Name name = names.get(host);
    return name == null ? null : new Owner(name.ingress(), true);
  }

  /** Only the owner of a host gives it further names. */
  private @Nullable Name decideName(Host host) {
    if (byRule(host) != null) {
      return null;
    }
    for (Naming naming : book.named().of(host)) {
      Claimant ingress = naming.ingress();
      Host main = naming.host().main();
      Owner owner = byRule(main);
      if (owner != null
          && owner.namespace().equals(ingress.namespace())
          && mayHave(ingress.namespace(), host)
          && (naming.host().use() == NamedHost.Use.REDIRECT
              || ingress.equals(aliasing.get(main)))) {
        return new Name(ingress, naming.host());
      }
    }
    return null;
  }

  /** What a host is to another; null when it has rules, or nobody names it who may. */
  @Nullable Name name(Host host) {
    return names.get(host);
  }

  /** Whose aliases of a host count; null when nobody's do. */
  @Nullable Claimant decidesAliases(Host host) {
    return aliasing.get(host);
  }

  private @Nullable Owner byRule(Host host) {
    for (IngressReading reading : book.of(host)) {
      if (mayHave(reading.namespace(), host)) {
        return new Owner(reading.claimant(), true);
      }
    }
    if (host.isAny()) {
      for (IngressReading reading : book.withDefault()) {
        if (mayHave(reading.namespace(), host)) {
          return new Owner(reading.claimant(), false);
        }
      }
    }
    return null;
  }

  /** The owner; null when no Ingress that may have the host has a rule for it. */
  @Nullable Owner owner(Host host) {
    return owners.get(host);
  }

  boolean isOwner(String namespace, Host host) {
    Owner owner = owners.get(host);
    return owner != null && owner.namespace().equals(namespace);
  }

  /** Whether any host belongs to a namespace. */
  boolean ownsAny(String namespace) {
    return owning.first(namespace) != null;
  }

  /** Whether a namespace may have a host: not when it was given to others only. */
  boolean mayHave(String namespace, Host host) {
    NavigableSet<String> namespaces = given.get(host);
    return namespaces == null
        ? !host.isAny() || mode.get() == Tenancy.Hosts.SHARED
        : namespaces.contains(namespace);
  }

  /** Whether the paths that a namespace has for a host count. */
  boolean mayRoute(String namespace, Host host) {
    return mayHave(namespace, host)
        && switch (mode.get()) {
          case SHARED -> true;
          case OWNED -> isOwner(namespace, host);
        };
  }

  /** The namespaces that a host was given to; empty when it was given to nobody. */
  NavigableSet<String> givenTo(Host host) {
    NavigableSet<String> namespaces = given.get(host);
    return namespaces == null ? Collections.emptyNavigableSet() : namespaces;
  }

  /** Whether a host was given to namespaces as it is written here. */
  boolean isGiven(Host host) {
    return grants.isGiven(host);
  }

  /** Whether a host was given by this very name to namespaces of which none has a rule for it. */
  boolean isReserved(Host host) {
    return !host.isAny() && owners.get(host) == null && grants.isGiven(host);
  }

  /**
   * The host that says what holds for all of a host: an alias has what its host has, and a name without
   * rules what the wildcard above has.
   */
  Host deciding(Host host) {
    Name name = name(host);
    if (name != null && name.isAlias()) {
      return name.host().main();
    }
    return host.isAny() || host.isWildcard() || owner(host) != null ? host : host.parentWildcard();
  }
}
