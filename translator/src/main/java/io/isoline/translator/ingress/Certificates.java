package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Resource;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.ingress.IngressBook.TlsOfIngress;
import io.isoline.translator.model.ClientVerification;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HostTls;
import io.isoline.translator.model.TlsChain;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.tls.Secrets;
import io.isoline.translator.tls.ServerCertificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which Secrets serve which host. Hosts with the same Secrets share a {@link TlsChain}, so
 * there are as many of these as there are certificates, not hosts.
 *
 * <p>Only the namespace that holds a host has a say in it: its owner; of a name without rules the
 * owner of the wildcard above, whose requests it gets; else the namespace of the oldest Ingress that
 * names it. Envoy shows the certificate of a wildcard for all names below. So a host that belongs to
 * another namespace than the wildcard above is served by name with what its own namespace has for
 * it, and if that is nothing with the default certificate.
 *
 * <p>Of a {@link IngressReading.TlsClaim#isGuess guess} the content decides whether it counts.
 *
 * <p>A host for which one Secret is named is served with it whatever is in it: what a bad Secret is
 * replaced by is decided where the Secret is sent, so that neither a mistake nor its correction
 * touches a listener. Only where several are named does their content decide: the oldest claim for
 * each type of key.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class Certificates {

  /**
   * With what a host is served.
   *
   * @param secrets with the certificates that it shows
   * @param tls how TLS is spoken for it
   * @param passed where its connections go instead; null where TLS is ended here
   */
  record Serving(List<ObjectRef> secrets, HostTls tls, PassedHosts.@Nullable Passed passed) {

    /** TLS is ended here. */
    Serving(List<ObjectRef> secrets, HostTls tls) {
      this(secrets, tls, null);
    }

    /** The backend ends it. */
    Serving(PassedHosts.Passed passed) {
      this(List.of(), HostTls.NONE, passed);
    }

    /** Where connections are passed on to; null for nowhere. */
    @Nullable Upstream passedTo() {
      return passed == null ? null : passed.upstream();
    }

    /** The Secrets among these: all but that of the default certificate. */
    List<ObjectRef> ofIngresses() {
      return secrets.equals(DEFAULT) ? List.of() : secrets;
    }
  }

  /** Stands for the Secret of the default certificate, which is in no namespace. */
  private static final List<ObjectRef> DEFAULT =
      List.of(ObjectRef.secret("", Resource.DEFAULT_CERTIFICATE.name()));

  /** A Secret, and how many hosts it serves. */
  private record Served(ObjectRef secret, int hosts) {
    Served and(int more) {
      return new Served(secret, hosts + more);
    }
  }

  private final IngressBook book;
  private final HostOwners owners;
  private final TlsPolicies policies;
  private final PassedHosts passed;
  private final Secrets secrets;

  /** By namespace, the Secrets that serve a host as that asks. */
  private final Derived<Host, Map<String, List<ObjectRef>>> chosen;

  /** By the name of its resource, a Secret that serves hosts. */
  private final Map<String, Served> served = new TreeMap<>();

  /** By its name, how many lists of hosts have a resource with authorities. */
  private final Map<String, Integer> authorities = new TreeMap<>();

  private final Map<Serving, SortedSet<Host>> hostsOf = new HashMap<>();
  private final Set<Serving> different = new LinkedHashSet<>();

  /**
   * Adds its stages.
   *
   * @param told of each host that is served otherwise, and how it was
   */
  Certificates(
      Derivation derivation,
      IngressBook book,
      HostOwners owners,
      TlsPolicies policies,
      PassedHosts passed,
      Secrets secrets,
      Derived.Listener<Host, Serving> told) {
    this.book = book;
    this.owners = owners;
    this.policies = policies;
    this.passed = passed;
    this.secrets = secrets;
    chosen = derivation.derived(book.tls(), this::choose);
    derivation
        .<Host, Serving>derived(book.hosts(), this::serving)
        .tell(
            (host, before, now) -> {
              assign(host, before, now);
              told.changed(host, before, now);
            });
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
    for (TlsOfIngress claim : book.tls().of(host)) {
      if (!claim.tls().isGuess() && owners.mayHave(claim.ingress().namespace(), host)) {
        return claim.ingress().namespace();
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
    return !own(namespace, host).isEmpty();
  }

  /**
   * The Secrets that serve a host as a namespace asks, for the host itself if the namespace holds
   * it, or else for its own names below that wildcard; empty when it asks for none.
   */
  List<ObjectRef> chosen(String namespace, Host host) {
    Map<String, List<ObjectRef>> ofHost = chosen.get(host);
    return ofHost == null ? List.of() : ofHost.getOrDefault(namespace, List.of());
  }

  /** Who of a namespace asked for the Secret that serves a host. */
  @Nullable TlsOfIngress claimant(String namespace, Host host, ObjectRef secret) {
    for (TlsOfIngress claim : book.tls().of(host)) {
      if (claim.ingress().namespace().equals(namespace) && claim.tls().secret().equals(secret)) {
        return claim;
      }
    }
    return null;
  }

  /** Whether a Secret serves any host. */
  boolean serves(ObjectRef secret) {
    return !DEFAULT.contains(secret) && served.containsKey(secret.path());
  }

  /** The Secrets that serve any host; that of the default certificate is not among them. */
  Set<ObjectRef> served() {
    Set<ObjectRef> all = new TreeSet<>();
    served.values().forEach(each -> all.add(each.secret()));
    all.removeAll(DEFAULT);
    return all;
  }

  /** The Secret that a resource of that name was made of; null when there is none. */
  @Nullable ObjectRef served(String name) {
    Served found = served.get(name);
    return found == null ? null : found.secret();
  }

  /** With what any host is served. */
  Set<Serving> servings() {
    return Set.copyOf(hostsOf.keySet());
  }

  /** The hosts that are served with just this; empty when there is none. */
  SortedSet<Host> hosts(Serving serving) {
    return hostsOf.getOrDefault(serving, Collections.emptySortedSet());
  }

  /** Whether any host is served with a resource of authorities. */
  boolean asks(String authorities) {
    return this.authorities.containsKey(authorities);
  }

  /** The names of the resources with authorities that any host is served with. */
  Set<String> authorities() {
    return Set.copyOf(authorities.keySet());
  }

  static List<String> names(List<ObjectRef> secrets) {
    return secrets.stream().map(ObjectRef::path).toList();
  }

  private void assign(Host host, @Nullable Serving before, @Nullable Serving now) {
    if (before != null) {
      SortedSet<Host> hosts = hostsOf.get(before);
      if (hosts != null && hosts.remove(host) && hosts.isEmpty()) {
        hostsOf.remove(before);
      }
      count(before, -1);
      different.add(before);
    }
    if (now != null) {
      hostsOf.computeIfAbsent(now, any -> new TreeSet<>()).add(host);
      count(now, 1);
      different.add(now);
    }
  }

  private void count(Serving serving, int more) {
    serving.secrets().forEach(secret -> count(secret, more));
    ClientVerification verification = serving.tls().verification();
    if (verification != null) {
      authorities.merge(
          verification.authorities(), more, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }
  }

  private void count(ObjectRef secret, int more) {
    served.compute(
        secret.path(),
        (name, before) -> {
          Served now = before == null ? new Served(secret, more) : before.and(more);
          return now.hosts() == 0 ? null : now;
        });
  }

  /** What other hosts are served with than at the last call. */
  Set<Serving> different() {
    Set<Serving> all = new LinkedHashSet<>(different);
    different.clear();
    return all;
  }

  /** What a host is to be served with by its own name; null where the wildcard above does. */
  private @Nullable Serving serving(Host host) {
    String holder = holder(host);
    List<ObjectRef> own = own(holder, host);
    Serving passedOn = passedOn(host);
    if (passedOn != null && (!own.isEmpty() || isServedByName(host))) {
      return passedOn; // Also where the wildcard above is: that one's chain takes one label.
    }
    if (!own.isEmpty()) {
      return new Serving(own, policies.tls(host));
    }
    if (!isServedByName(host)) {
      return null;
    }
    List<Host> above = host.wildcardsAbove().reversed();
    Serving ofEnvoy = new Serving(DEFAULT, HostTls.NONE);
    for (int i = 0; i < above.size(); i++) {
      Host wildcard = above.get(i);
      Serving ofPassed = passedOn(wildcard);
      if (ofPassed != null) {
        ofEnvoy = ofPassed;
        continue;
      }
      List<ObjectRef> ofWildcard = own(holder(wildcard), wildcard);
      Serving serving =
          !ofWildcard.isEmpty()
              ? new Serving(ofWildcard, policies.tls(wildcard))
              : isServedByName(wildcard)
                  ? ofAbove(wildcard, above.subList(0, i), ofEnvoy)
                  : null;
      // The nearest wins.
      ofEnvoy = serving == null ? ofEnvoy : serving;
    }
    return ofAbove(host, above, ofEnvoy);
  }

  /** How a host is served whose connections are passed on; null for any other. */
  private @Nullable Serving passedOn(Host host) {
    PassedHosts.Passed where = passed.of(host);
    return where == null ? null : new Serving(where);
  }

  /** An alias without a certificate of its own has that of its host. */
  private List<ObjectRef> own(@Nullable String holder, Host host) {
    if (holder == null) {
      return List.of();
    }
    List<ObjectRef> asked = chosen(holder, host);
    HostOwners.Name name = asked.isEmpty() ? owners.name(host) : null;
    return name != null && name.isAlias() && name.ingress().namespace().equals(holder)
        ? chosen(holder, name.host().main())
        : asked;
  }

  private boolean isServedByName(Host host) {
    return !host.isAny() && (owners.owner(host) != null || owners.isReserved(host));
  }

  /**
   * What a host has of the wildcards above it.
   *
   * @param above the nearest last
   * @param ofEnvoy with what Envoy serves it where nothing is said
   * @return null where that is the same
   */
  private @Nullable Serving ofAbove(Host host, List<Host> above, Serving ofEnvoy) {
    String holder = holder(host);
    List<ObjectRef> ofHolder = DEFAULT;
    for (Host wildcard : above) {
      List<ObjectRef> asked = own(holder, wildcard);
      ofHolder = asked.isEmpty() ? ofHolder : asked;
    }
    Serving serving = new Serving(ofHolder, policies.tls(host));
    return serving.equals(ofEnvoy) ? null : serving;
  }

  private Map<String, List<ObjectRef>> choose(Host host) {
    Map<String, Set<ObjectRef>> named = new TreeMap<>();
    Map<String, Set<ObjectRef>> guessed = new TreeMap<>();
    for (TlsOfIngress claim : book.tls().of(host)) {
      ObjectRef secret = claim.tls().secret();
      if (!claim.tls().isGuess() || isFor(secret, host)) {
        (claim.tls().isGuess() ? guessed : named)
            .computeIfAbsent(claim.ingress().namespace(), any -> new LinkedHashSet<>())
            .add(secret);
      }
    }
    guessed.forEach(named::putIfAbsent);
    Map<String, List<ObjectRef>> all = new TreeMap<>();
    named.forEach((namespace, some) -> all.put(namespace, choose(some)));
    return all;
  }

  private boolean isFor(ObjectRef secret, Host host) {
    return secrets.content(secret) instanceof ServerCertificate.Valid valid
        && valid.covers(host.pattern());
  }

  private List<ObjectRef> choose(Set<ObjectRef> named) {
    if (named.size() == 1) {
      return List.copyOf(named);
    }
    Map<ServerCertificate.KeyType, ObjectRef> byType =
        new EnumMap<>(ServerCertificate.KeyType.class);
    for (ObjectRef secret : named) {
      if (secrets.content(secret) instanceof ServerCertificate.Valid valid) {
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
    List<ObjectRef> best = new ArrayList<>(byType.values());
    best.sort(null);
    return List.copyOf(best);
  }
}
