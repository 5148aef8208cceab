package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.ingress.IngressReading.TlsClaim;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.TlsTermination;
import io.isoline.translator.tls.ServerCertificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which Secrets serve which host. Hosts with the same Secrets share a {@link TlsTermination}, so
 * there are as many of these as there are certificates, not hosts.
 *
 * <p>Only the namespace that holds a host has a say in it: its owner; of a name without rules the
 * owner of the wildcard above, whose requests it gets; else the namespace of the oldest Ingress that
 * names it. Envoy shows the certificate of a wildcard for all names below. So a host that belongs to
 * another namespace than the wildcard above is served by name with what its own namespace has for
 * it, and if that is nothing with the default certificate.
 *
 * <p>A host for which one Secret is named is served with it whatever is in it: what a bad Secret is
 * replaced by is decided where the Secret is sent, so that neither a mistake nor its correction
 * touches a listener. Only where several are named does their content decide: the oldest claim for
 * each type of key.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class Certificates {

  /** Stands for the Secret of the default certificate, which is in no namespace. */
  private static final List<ObjectRef> DEFAULT =
      List.of(ObjectRef.secret("", Resource.DEFAULT_CERTIFICATE.name()));

  /** A Secret that an Ingress names for a host. */
  record Claim(IngressReading ingress, TlsClaim tls) {
    static final Comparator<Claim> OLDEST_FIRST =
        Comparator.comparing(Claim::ingress, IngressReading.OLDEST_FIRST)
            .thenComparingInt(claim -> claim.tls().entry())
            .thenComparing(claim -> claim.tls().secret());
  }

  /** What is asked for a host. */
  private static final class Claims {
    final SortedSet<Claim> all = new TreeSet<>(Claim.OLDEST_FIRST);
    final Map<String, SortedSet<Claim>> byNamespace = new TreeMap<>();

    /** As of the last look, by namespace. */
    Map<String, List<ObjectRef>> chosen = Map.of();

    void add(Claim claim) {
      all.add(claim);
      byNamespace
          .computeIfAbsent(
              claim.ingress().namespace(), any -> new TreeSet<>(Claim.OLDEST_FIRST))
          .add(claim);
    }

    void remove(Claim claim) {
      all.remove(claim);
      SortedSet<Claim> siblings = byNamespace.get(claim.ingress().namespace());
      if (siblings != null && siblings.remove(claim) && siblings.isEmpty()) {
        byNamespace.remove(claim.ingress().namespace());
      }
    }
  }

  private final HostOwners owners;
  private final Map<Host, Claims> claims = new HashMap<>();
  private final HostTree named = new HostTree();
  private final Map<Host, List<ObjectRef>> assigned = new HashMap<>();
  private final Map<ObjectRef, Set<Host>> served = new HashMap<>();
  private final Map<List<ObjectRef>, SortedSet<Host>> terminations = new HashMap<>();

  Certificates(HostOwners owners) {
    this.owners = owners;
  }

  void add(IngressReading ingress) {
    for (TlsClaim tls : ingress.tls()) {
      if (!tls.host().isAny()) {
        claims.computeIfAbsent(tls.host(), any -> new Claims()).add(new Claim(ingress, tls));
        named.add(tls.host());
      }
    }
  }

  void remove(IngressReading ingress) {
    for (TlsClaim tls : ingress.tls()) {
      Claims ofHost = claims.get(tls.host());
      if (ofHost != null) {
        ofHost.remove(new Claim(ingress, tls));
      }
    }
  }

  /** The hosts for which a Secret is named. */
  Collection<Host> named() {
    return named.all();
  }

  /** Those of them that are below a wildcard, at any depth. */
  Collection<Host> below(Host wildcard) {
    return named.below(wildcard);
  }

  /** Whose certificates count for a host; null when nobody's do. */
  @Nullable String holder(Host host) {
    if (host.isAny()) {
      return null;
    }
    Owner owner = owners.owner(host);
    if (owner == null && !host.isWildcard()) {
      owner = owners.owner(host.parentWildcard());
    }
    if (owner != null && owners.mayHave(owner.namespace(), host)) {
      return owner.namespace();
    }
    Claims ofHost = claims.get(host);
    if (ofHost != null) {
      for (Claim claim : ofHost.all) {
        if (owners.mayHave(claim.ingress().namespace(), host)) {
          return claim.ingress().namespace();
        }
      }
    }
    return null;
  }

  /** Whether the holder of a host gives a certificate for it, by its name or by a wildcard. */
  boolean covers(Host host) {
    String holder = holder(host);
    return holder != null
        && (names(holder, host) || (!host.isWildcard() && names(holder, host.parentWildcard())));
  }

  private boolean names(String namespace, Host host) {
    Claims ofHost = claims.get(host);
    return ofHost != null && ofHost.byNamespace.containsKey(namespace);
  }

  /**
   * The Secrets that serve a host as a namespace asks, for the host itself if the namespace holds
   * it, or else for its own names below that wildcard; empty when it asks for none.
   */
  List<ObjectRef> chosen(String namespace, Host host) {
    Claims ofHost = claims.get(host);
    return ofHost == null ? List.of() : ofHost.chosen.getOrDefault(namespace, List.of());
  }

  /** Who of a namespace asked for the Secret that serves a host. */
  @Nullable Claim claimant(String namespace, Host host, ObjectRef secret) {
    Claims ofHost = claims.get(host);
    SortedSet<Claim> some = ofHost == null ? null : ofHost.byNamespace.get(namespace);
    if (some != null) {
      for (Claim claim : some) {
        if (claim.tls().secret().equals(secret)) {
          return claim;
        }
      }
    }
    return null;
  }

  /** The Ingresses that name a Secret for a host. */
  SortedSet<ObjectRef> claimants(Host host) {
    SortedSet<ObjectRef> refs = new TreeSet<>();
    Claims ofHost = claims.get(host);
    if (ofHost != null) {
      ofHost.all.forEach(claim -> refs.add(claim.ingress().ref()));
    }
    return refs;
  }

  /** Whether a Secret serves any host. */
  boolean serves(ObjectRef secret) {
    return !DEFAULT.contains(secret) && served.containsKey(secret);
  }

  /** The termination by these Secrets; null when no host is served by just these. */
  @Nullable TlsTermination termination(List<ObjectRef> secrets) {
    SortedSet<Host> hosts = terminations.get(secrets);
    return hosts == null ? null : new TlsTermination(hosts, names(secrets));
  }

  static List<String> names(List<ObjectRef> secrets) {
    return secrets.stream().map(ObjectRef::path).toList();
  }

  /** The Secrets among these: all but that of the default certificate. */
  static List<ObjectRef> ofIngresses(List<ObjectRef> secrets) {
    return secrets.equals(DEFAULT) ? List.of() : secrets;
  }

  /**
   * Looks anew at what is asked for a host, before {@link #assign} of it and of those below.
   *
   * @return whether a namespace gets other Secrets by that
   */
  boolean look(Host host, Function<ObjectRef, ServerCertificate> content) {
    Claims ofHost = claims.get(host);
    if (ofHost == null) {
      return false;
    }
    Map<String, List<ObjectRef>> before = ofHost.chosen;
    Map<String, List<ObjectRef>> now = new TreeMap<>();
    ofHost.byNamespace.forEach((namespace, some) -> now.put(namespace, choose(some, content)));
    ofHost.chosen = now;
    if (now.isEmpty()) {
      claims.remove(host);
      named.remove(host);
    }
    return !before.equals(now);
  }

  /**
   * Decides anew which Secrets serve a host, after those of all wildcards above.
   *
   * @return the lists of Secrets whose terminations it concerns, that of before and that of now;
   *     empty when nothing is different
   */
  Set<List<ObjectRef>> assign(Host host) {
    List<ObjectRef> before = assigned.getOrDefault(host, List.of());
    List<ObjectRef> now = serving(host);
    if (before.equals(now)) {
      return Set.of();
    }
    Set<List<ObjectRef>> concerned = new LinkedHashSet<>();
    if (!before.isEmpty()) {
      assigned.remove(host);
      remove(terminations, before, host);
      before.forEach(secret -> remove(served, secret, host));
      concerned.add(before);
    }
    if (!now.isEmpty()) {
      assigned.put(host, now);
      terminations.computeIfAbsent(now, any -> new TreeSet<>()).add(host);
      now.forEach(secret -> served.computeIfAbsent(secret, any -> new HashSet<>()).add(host));
      concerned.add(now);
    }
    return concerned;
  }

  private static <K, S extends Set<Host>> void remove(Map<K, S> index, K key, Host host) {
    S hosts = index.get(key);
    if (hosts != null && hosts.remove(host) && hosts.isEmpty()) {
      index.remove(key);
    }
  }

  /** What a host is to be served with by its own name; empty where the wildcard above does. */
  private List<ObjectRef> serving(Host host) {
    String holder = holder(host);
    List<ObjectRef> own = holder == null ? List.of() : chosen(holder, host);
    if (!own.isEmpty()) {
      return own;
    }
    if (host.isAny() || (owners.owner(host) == null && !owners.isReserved(host))) {
      return List.of();
    }
    List<ObjectRef> ofHolder = DEFAULT;
    List<ObjectRef> ofEnvoy = DEFAULT;
    // The nearest of each wins.
    for (Host wildcard : host.wildcardsAbove().reversed()) {
      List<ObjectRef> asked = holder == null ? List.of() : chosen(holder, wildcard);
      ofHolder = asked.isEmpty() ? ofHolder : asked;
      ofEnvoy = assigned.getOrDefault(wildcard, ofEnvoy);
    }
    return ofHolder.equals(ofEnvoy) ? List.of() : ofHolder;
  }

  private static List<ObjectRef> choose(
      SortedSet<Claim> claims, Function<ObjectRef, ServerCertificate> content) {
    Set<ObjectRef> named = new LinkedHashSet<>();
    claims.forEach(claim -> named.add(claim.tls().secret()));
    if (named.size() == 1) {
      return List.copyOf(named);
    }
    Map<ServerCertificate.KeyType, ObjectRef> byType =
        new EnumMap<>(ServerCertificate.KeyType.class);
    for (ObjectRef secret : named) {
      if (content.apply(secret) instanceof ServerCertificate.Valid valid) {
        byType.putIfAbsent(valid.type(), secret);
      }
    }
    if (byType.size() > 1) {
      // Envoy does not choose by this type, so beside another it would never be shown.
      byType.remove(ServerCertificate.KeyType.ED25519);
    }
    if (byType.isEmpty()) {
      return List.of(named.iterator().next());
    }
    List<ObjectRef> chosen = new ArrayList<>(byType.values());
    chosen.sort(null);
    return List.copyOf(chosen);
  }
}
