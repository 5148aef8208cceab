package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.annotation.FromConfigMap;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Facts;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.TlsClaim;
import io.isoline.translator.kube.IngressRecord;
import io.isoline.translator.kube.Kind;
import io.isoline.translator.kube.KnownKind;
import io.isoline.translator.model.Host;
import io.isoline.translator.settings.Profile;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The readings of the Ingresses, and what those that are ours say, grouped by what it is said of.
 * Owned by the thread that owns the translator.
 */
final class IngressBook {

  /** The key of facts that are not of anything. */
  static final String ALL = "";

  /** An Ingress without rules is there for its default backend; one with rules only also has it. */
  private static final Comparator<IngressReading> CLASS_WIDE_FIRST =
      Comparator.comparing(
          IngressReading::claimant,
          Comparator.comparing(Claimant::terminating)
              .thenComparing(Claimant::hasRules)
              .thenComparing(Claimant.OLDEST_FIRST));

  /** An Ingress that names a host by an annotation. */
  record Naming(Claimant ingress, NamedHost host) {
    static final Comparator<Naming> FIRST_BY_USE =
        Comparator.<Naming, NamedHost.Use>comparing(naming -> naming.host().use())
            .thenComparing(Naming::ingress, Claimant.OLDEST_FIRST)
            .thenComparing(Naming::host, NamedHost.ORDER);
  }

  /** A Secret that an Ingress names for a host. */
  record TlsOfIngress(Claimant ingress, TlsClaim tls) {
    static final Comparator<TlsOfIngress> OLDEST_FIRST =
        Comparator.comparing(TlsOfIngress::ingress, Claimant.OLDEST_FIRST)
            .thenComparingInt(claim -> claim.tls().entry())
            .thenComparing(claim -> claim.tls().secret());
  }

  private final Facts<ObjectRef, IngressRecord> ingresses;
  private final Derived<ObjectRef, ReadIngress> readings;
  private final Facts<Host, SaidOfHost> hosts;
  private final Facts<Host, IngressReading> canaries;
  private final Facts<Host, TlsOfIngress> tls;
  private final Facts<Host, Naming> named;
  private final Facts<Host, Claimant> withAliases;
  private final Facts<ObjectRef, ObjectRef> usersOfServices;
  private final Facts<ObjectRef, ObjectRef> usersOfSecrets;
  private final Facts<ObjectRef, ObjectRef> usersOfCertificates;
  private final Facts<AnnotatedSecrets.Key, ObjectRef> usersOfAnnotated;
  private final Facts<ObjectRef, ObjectRef> usersOfConfigMaps;
  private final Facts<FromConfigMap, ObjectRef> wishes;
  private final Facts<String, IngressReading> withDefault;
  private final Facts<String, IngressReading> plainDefaults;

  /** Reads an Ingress of ours. */
  interface Reader {
    ReadIngress read(IngressRecord ingress, Profile profile);
  }

  /**
   * Adds its stages. Whose an Ingress is comes before what it says: a change of any IngressClass asks
   * that of all, and reads only those again of which the answer is another one.
   *
   * @param classifier says why an Ingress is not ours; null when it is
   * @param profiler says by whose rules an Ingress of ours is served
   */
  IngressBook(
      Derivation derivation,
      Derived.Rule<IngressRecord, Verdict> classifier,
      Derived.Rule<IngressRecord, Profile> profiler,
      Reader reader) {
    ingresses = derivation.facts(Comparator.comparing(IngressRecord::ref));
    Derived<ObjectRef, Verdict> refusals = derivation.derived(ingresses, known(classifier));
    Derived<ObjectRef, Profile> profiles = derivation.derived(ingresses, known(profiler));
    readings =
        derivation
            .<ObjectRef, ReadIngress>derived(
                ingresses,
                known(
                    ingress -> {
                      Verdict refusal = refusals.get(ingress.ref());
                      return refusal == null
                          ? reader.read(
                              ingress, Objects.requireNonNull(profiles.get(ingress.ref())))
                          : new ReadIngress.OfAnotherClass(refusal);
                    }))
            .tell(this::replace);
    hosts = derivation.facts(SaidOfHost.ORDER);
    canaries = derivation.facts(IngressReading.OLDEST_FIRST);
    tls = derivation.facts(TlsOfIngress.OLDEST_FIRST);
    named = derivation.facts(Naming.FIRST_BY_USE);
    withAliases = derivation.facts(Claimant.OLDEST_FIRST);
    usersOfServices = derivation.facts(Comparator.naturalOrder());
    usersOfSecrets = derivation.facts(Comparator.naturalOrder());
    usersOfCertificates = derivation.facts(Comparator.naturalOrder());
    usersOfAnnotated = derivation.facts(Comparator.naturalOrder());
    usersOfConfigMaps = derivation.facts(Comparator.naturalOrder());
    wishes = derivation.facts(Comparator.naturalOrder());
    withDefault = derivation.facts(CLASS_WIDE_FIRST);
    plainDefaults = derivation.facts(IngressReading.OLDEST_FIRST);
    hosts.add(Host.ANY, SaidOfHost.Mark.ANY);
  }

  private <V> Derived.Rule<ObjectRef, V> known(Derived.Rule<IngressRecord, V> rule) {
    return ref -> {
      IngressRecord ingress = ingresses.first(ref);
      return ingress == null ? null : rule.derive(ingress);
    };
  }

  private void replace(ObjectRef ref, @Nullable ReadIngress before, @Nullable ReadIngress after) {
    IngressReading gone = before instanceof IngressReading reading ? reading : null;
    IngressReading now = after instanceof IngressReading reading ? reading : null;
    if (gone != null) {
      remove(gone);
    }
    if (now != null) {
      add(now);
    }
    Set<ObjectRef> usedBefore = gone == null ? Set.of() : used(gone);
    Set<ObjectRef> used = now == null ? Set.of() : used(now);
    for (KnownKind kind : List.of(KnownKind.SERVICE, KnownKind.SECRET, KnownKind.CONFIG_MAP)) {
      replace(ref, some(usedBefore, kind), some(used, kind), usersOf(kind));
    }
    replace(ref, certificates(gone), certificates(now), usersOfCertificates);
    replace(ref, annotated(gone), annotated(now), usersOfAnnotated);
  }

  /** What it used already has nothing new by that: a Service may have many endpoints. */
  private static <K> void replace(
      ObjectRef user, Set<K> before, Set<K> now, Facts<K, ObjectRef> users) {
    for (K each : before) {
      if (!now.contains(each)) {
        users.remove(each, user);
      }
    }
    for (K each : now) {
      if (!before.contains(each)) {
        users.add(each, user);
      }
    }
  }

  private void add(IngressReading reading) {
    reading.hosts().forEach(host -> hosts.add(host, reading));
    if (reading.canary() != null) {
      reading.canary().rules().keySet().forEach(host -> canaries.add(host, reading));
    }
    for (TlsClaim claim : tlsOf(reading)) {
      hosts.add(claim.host(), SaidOfHost.Mark.TLS);
      tls.add(claim.host(), new TlsOfIngress(reading.claimant(), claim));
    }
    for (NamedHost host : reading.named()) {
      hosts.add(host.host(), SaidOfHost.Mark.NAMED);
      named.add(host.host(), new Naming(reading.claimant(), host));
      if (host.use() == NamedHost.Use.ALIAS) {
        withAliases.add(host.main(), reading.claimant());
      }
    }
    reading.policy().configMaps().forEach(wish -> wishes.add(wish, reading.ref()));
    if (reading.defaultBackend() != null) {
      // With ingress-nginx, that of an Ingress with rules is for the hosts of these alone.
      if (reading.profile() == Profile.STRICT || !reading.claimant().hasRules()) {
        withDefault.add(ALL, reading);
      }
      if (!reading.claimant().hasRules()) {
        plainDefaults.add(reading.namespace(), reading);
      }
    }
  }

  private void remove(IngressReading reading) {
    reading.hosts().forEach(host -> hosts.remove(host, reading));
    if (reading.canary() != null) {
      reading.canary().rules().keySet().forEach(host -> canaries.remove(host, reading));
    }
    for (TlsClaim claim : tlsOf(reading)) {
      hosts.remove(claim.host(), SaidOfHost.Mark.TLS);
      tls.remove(claim.host(), new TlsOfIngress(reading.claimant(), claim));
    }
    for (NamedHost host : reading.named()) {
      hosts.remove(host.host(), SaidOfHost.Mark.NAMED);
      named.remove(host.host(), new Naming(reading.claimant(), host));
      if (host.use() == NamedHost.Use.ALIAS) {
        withAliases.remove(host.main(), reading.claimant());
      }
    }
    reading.policy().configMaps().forEach(wish -> wishes.remove(wish, reading.ref()));
    if (reading.defaultBackend() != null) {
      withDefault.remove(ALL, reading);
      plainDefaults.remove(reading.namespace(), reading);
    }
  }

  /** Those that name a host, of one entry each host once. */
  private static List<TlsClaim> tlsOf(IngressReading reading) {
    if (reading.tls().isEmpty()) {
      return List.of();
    }
    record HostOfEntry(Host host, int entry) {}
    Set<HostOfEntry> seen = new HashSet<>();
    return reading.tls().stream()
        .filter(
            claim ->
                !claim.host().isAny() && seen.add(new HostOfEntry(claim.host(), claim.entry())))
        .toList();
  }

  private Facts<ObjectRef, ObjectRef> usersOf(Kind kind) {
    if (kind == KnownKind.CONFIG_MAP) {
      return usersOfConfigMaps;
    }
    return kind == KnownKind.SECRET ? usersOfSecrets : usersOfServices;
  }

  /** The Ingresses that are known, ours or not. */
  Facts<ObjectRef, IngressRecord> ingresses() {
    return ingresses;
  }

  /** Each host that is looked at, and {@link Host#ANY} always. */
  Facts<Host, SaidOfHost> hosts() {
    return hosts;
  }

  /** The hosts that annotations name; aliases come first. */
  Facts<Host, Naming> named() {
    return named;
  }

  /** Those that ask for aliases of a host, the oldest first. */
  Facts<Host, Claimant> withAliases() {
    return withAliases;
  }

  /** The canaries that name a host, the oldest first. */
  Facts<Host, IngressReading> canaries() {
    return canaries;
  }

  /** The hosts for which a Secret is named. */
  Facts<Host, TlsOfIngress> tls() {
    return tls;
  }

  Facts<ObjectRef, ObjectRef> usersOfServices() {
    return usersOfServices;
  }

  /** Those of the Secrets that are named for TLS. */
  Facts<ObjectRef, ObjectRef> usersOfCertificates() {
    return usersOfCertificates;
  }

  /** Those of the Secrets that annotations have in force, by what they are to be. */
  Facts<AnnotatedSecrets.Key, ObjectRef> usersOfAnnotated() {
    return usersOfAnnotated;
  }

  boolean isCertificate(ObjectRef secret) {
    return usersOfCertificates.first(secret) != null;
  }

  /** What is to be read of ConfigMaps that annotations name, and the Ingresses that have it. */
  Facts<FromConfigMap, ObjectRef> wishes() {
    return wishes;
  }

  /** What became of an Ingress; null when it is not known. */
  @Nullable ReadIngress read(ObjectRef ref) {
    return readings.get(ref);
  }

  /** An Ingress that is ours; null for any other. */
  @Nullable IngressReading reading(ObjectRef ref) {
    return readings.get(ref) instanceof IngressReading reading ? reading : null;
  }

  /** The Ingresses that have a rule for a host, the oldest first: a view. */
  @SuppressWarnings("unchecked")
  List<IngressReading> of(Host host) {
    List<SaidOfHost> said = hosts.of(host);
    int count = said.size();
    while (count > 0 && said.get(count - 1) instanceof SaidOfHost.Mark) {
      count--;
    }
    return (List<IngressReading>) (List<?>) said.subList(0, count);
  }

  /** The Ingresses that name a Service, Secret or ConfigMap where it passed the checks. */
  List<ObjectRef> users(ObjectRef used) {
    return usersOf(used.kind()).of(used);
  }

  boolean isUsed(ObjectRef object) {
    return usersOf(object.kind()).first(object) != null;
  }

  /** The Ingresses of a namespace that are nothing but a default backend, the oldest first. */
  Facts<String, IngressReading> plainDefaults() {
    return plainDefaults;
  }

  /** All that have a default backend, those first that have nothing else. */
  List<IngressReading> withDefault() {
    return withDefault.of(ALL);
  }

  Facts<String, IngressReading> allWithDefault() {
    return withDefault;
  }

  private static Set<ObjectRef> some(Set<ObjectRef> used, KnownKind kind) {
    return used.stream()
        .filter(each -> each.kind() == kind)
        .collect(Collectors.toSet());
  }

  private static Set<ObjectRef> certificates(@Nullable IngressReading reading) {
    return reading == null
        ? Set.of()
        : reading.tls().stream().map(TlsClaim::secret).collect(Collectors.toSet());
  }

  private static Set<AnnotatedSecrets.Key> annotated(@Nullable IngressReading reading) {
    return reading == null
        ? Set.of()
        : reading.policy().secrets().stream()
            .map(AnnotatedSecrets.Key::of)
            .collect(Collectors.toSet());
  }

  /** What an Ingress names, where that passed the checks. */
  private static Set<ObjectRef> used(IngressReading reading) {
    Set<ObjectRef> used = reading.uses();
    used.retainAll(reading.references());
    return used;
  }
}
