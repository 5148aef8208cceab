package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.ingress.IngressReading.TlsClaim;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.TlsTermination;
import io.isoline.translator.tls.ServerCertificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which Secrets serve which host. Hosts with the same Secrets share a {@link TlsTermination}, so
 * there are as many of these as there are certificates, not hosts.
 *
 * <p>A host for which one Secret is named is served with it whatever is in it: what a bad Secret is
 * replaced by is decided where the Secret is sent, so that neither a mistake nor its correction
 * touches a listener. Only where several are named does their content decide: the oldest claim for
 * each type of key.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class Certificates {

  /** A Secret that an Ingress names for a host. */
  record Claim(IngressReading ingress, TlsClaim tls) {
    static final Comparator<Claim> OLDEST_FIRST =
        Comparator.comparing(Claim::ingress, IngressReading.OLDEST_FIRST)
            .thenComparingInt(claim -> claim.tls().entry())
            .thenComparing(claim -> claim.tls().secret());
  }

  private final Map<Host, SortedSet<Claim>> claims = new HashMap<>();
  private final Map<Host, List<ObjectRef>> assigned = new HashMap<>();
  private final Map<ObjectRef, Set<Host>> served = new HashMap<>();
  private final Map<List<ObjectRef>, SortedSet<Host>> terminations = new HashMap<>();

  void add(IngressReading ingress) {
    for (TlsClaim tls : ingress.tls()) {
      claims
          .computeIfAbsent(tls.host(), any -> new TreeSet<>(Claim.OLDEST_FIRST))
          .add(new Claim(ingress, tls));
    }
  }

  void remove(IngressReading ingress) {
    for (TlsClaim tls : ingress.tls()) {
      SortedSet<Claim> ofHost = claims.get(tls.host());
      if (ofHost != null && ofHost.remove(new Claim(ingress, tls)) && ofHost.isEmpty()) {
        claims.remove(tls.host());
      }
    }
  }

  /** Whether an Ingress gives a certificate for the host, by its name or by a wildcard. */
  boolean covers(Host host) {
    return claims.containsKey(host)
        || (!host.isAny() && !host.isWildcard() && claims.containsKey(host.parentWildcard()));
  }

  /** The Secrets that serve a host; empty when none is named for it. */
  List<ObjectRef> assigned(Host host) {
    return assigned.getOrDefault(host, List.of());
  }

  /** Who asked for the Secret that serves a host. */
  @Nullable Claim claimant(Host host, ObjectRef secret) {
    for (Claim claim : claims.getOrDefault(host, new TreeSet<>(Claim.OLDEST_FIRST))) {
      if (claim.tls().secret().equals(secret)) {
        return claim;
      }
    }
    return null;
  }

  /** The Ingresses that name a Secret for a host. */
  SortedSet<ObjectRef> claimants(Host host) {
    SortedSet<ObjectRef> refs = new TreeSet<>();
    claims
        .getOrDefault(host, new TreeSet<>(Claim.OLDEST_FIRST))
        .forEach(claim -> refs.add(claim.ingress().ref()));
    return refs;
  }

  /** Whether a Secret serves any host. */
  boolean serves(ObjectRef secret) {
    return served.containsKey(secret);
  }

  /** The termination by these Secrets; null when no host is served by just these. */
  @Nullable TlsTermination termination(List<ObjectRef> secrets) {
    SortedSet<Host> hosts = terminations.get(secrets);
    return hosts == null ? null : new TlsTermination(hosts, names(secrets));
  }

  static List<String> names(List<ObjectRef> secrets) {
    return secrets.stream().map(ObjectRef::path).toList();
  }

  /**
   * Decides anew which Secrets serve a host.
   *
   * @return the lists of Secrets whose terminations it concerns, that of before and that of now;
   *     empty when nothing is different
   */
  Set<List<ObjectRef>> assign(Host host, Function<ObjectRef, ServerCertificate> content) {
    List<ObjectRef> before = assigned(host);
    List<ObjectRef> now = choose(claims.get(host), content);
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

  private static List<ObjectRef> choose(
      @Nullable SortedSet<Claim> claims, Function<ObjectRef, ServerCertificate> content) {
    if (claims == null) {
      return List.of();
    }
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
