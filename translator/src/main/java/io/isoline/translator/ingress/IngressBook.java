package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.annotation.Policy.HttpsRedirect;
import io.isoline.translator.model.Host;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The readings of the Ingresses that are ours, findable by what they name. Owned by the thread
 * that owns the translator.
 */
final class IngressBook {

  /** An Ingress without rules is there for its default backend; one with rules only also has it. */
  private static final Comparator<IngressReading> CLASS_WIDE_FIRST =
      Comparator.comparing(IngressReading::terminating)
          .thenComparing(IngressReading::hasRules)
          .thenComparing(IngressReading.OLDEST_FIRST);

  private static final SortedSet<IngressReading> NO_READINGS =
      Collections.unmodifiableSortedSet(new TreeSet<>(IngressReading.OLDEST_FIRST));
  private static final SortedSet<ObjectRef> NO_REFS =
      Collections.unmodifiableSortedSet(new TreeSet<>());

  private final Map<ObjectRef, IngressReading> readings = new HashMap<>();
  private final Map<Host, SortedSet<IngressReading>> byHost = new HashMap<>();
  private final Map<ObjectRef, SortedSet<ObjectRef>> naming = new HashMap<>();
  private final SortedSet<IngressReading> withDefault = new TreeSet<>(CLASS_WIDE_FIRST);
  private final Map<String, SortedSet<IngressReading>> plainDefaults = new HashMap<>();
  private final HostTree hosts = new HostTree();

  /** How many ask for a redirect to HTTPS where a host has a certificate. */
  private int redirectingWithCertificate;

  void add(IngressReading reading) {
    readings.put(reading.ref(), reading);
    redirectingWithCertificate += redirectsWithCertificate(reading) ? 1 : 0;
    for (Host host : reading.hosts()) {
      byHost
          .computeIfAbsent(host, any -> new TreeSet<>(IngressReading.OLDEST_FIRST))
          .add(reading);
      hosts.add(host);
    }
    for (ObjectRef named : reading.references()) {
      naming.computeIfAbsent(named, any -> new TreeSet<>()).add(reading.ref());
    }
    if (reading.defaultBackend() != null) {
      withDefault.add(reading);
      if (!reading.hasRules()) {
        plainDefaults
            .computeIfAbsent(
                reading.namespace(), any -> new TreeSet<>(IngressReading.OLDEST_FIRST))
            .add(reading);
      }
    }
  }

  /** Returns what was known of it, null if nothing. */
  @Nullable IngressReading remove(ObjectRef ref) {
    IngressReading reading = readings.remove(ref);
    if (reading == null) {
      return null;
    }
    redirectingWithCertificate -= redirectsWithCertificate(reading) ? 1 : 0;
    for (Host host : reading.hosts()) {
      SortedSet<IngressReading> ofHost = byHost.get(host);
      if (ofHost != null && ofHost.remove(reading) && ofHost.isEmpty()) {
        byHost.remove(host);
        hosts.remove(host);
      }
    }
    for (ObjectRef named : reading.references()) {
      SortedSet<ObjectRef> ofNamed = naming.get(named);
      if (ofNamed != null && ofNamed.remove(ref) && ofNamed.isEmpty()) {
        naming.remove(named);
      }
    }
    withDefault.remove(reading);
    SortedSet<IngressReading> plain = plainDefaults.get(reading.namespace());
    if (plain != null && plain.remove(reading) && plain.isEmpty()) {
      plainDefaults.remove(reading.namespace());
    }
    return reading;
  }

  private static boolean redirectsWithCertificate(IngressReading reading) {
    return reading.policy().httpsRedirect() == HttpsRedirect.WITH_CERTIFICATE;
  }

  /** Whether an Ingress asks for a redirect to HTTPS where a host has a certificate. */
  boolean anyRedirectsWithCertificate() {
    return redirectingWithCertificate > 0;
  }

  @Nullable IngressReading reading(ObjectRef ref) {
    return readings.get(ref);
  }

  /** The Ingresses that name a host, the oldest first. */
  SortedSet<IngressReading> of(Host host) {
    return byHost.getOrDefault(host, NO_READINGS);
  }

  Set<Host> hosts() {
    return byHost.keySet();
  }

  /** The Ingresses that name an object, also where nothing comes of it. */
  SortedSet<ObjectRef> naming(ObjectRef object) {
    return naming.getOrDefault(object, NO_REFS);
  }

  /** Those that name a Service or Secret where it passed the checks. */
  SortedSet<ObjectRef> users(ObjectRef object) {
    SortedSet<ObjectRef> users = new TreeSet<>(naming(object));
    users.removeIf(ingress -> !uses(ingress, object));
    return users;
  }

  boolean isUsed(ObjectRef object) {
    return naming(object).stream().anyMatch(ingress -> uses(ingress, object));
  }

  private boolean uses(ObjectRef ingress, ObjectRef object) {
    IngressReading reading = readings.get(ingress);
    return reading != null && reading.uses(object);
  }

  /** The hosts below a wildcard, at any depth. */
  Collection<Host> below(Host wildcard) {
    return hosts.below(wildcard);
  }

  /** The Ingresses of a namespace that are nothing but a default backend, the oldest first. */
  SortedSet<IngressReading> plainDefaults(String namespace) {
    return plainDefaults.getOrDefault(namespace, NO_READINGS);
  }

  /** All that have a default backend, those first that have nothing else. */
  SortedSet<IngressReading> withDefault() {
    return Collections.unmodifiableSortedSet(withDefault);
  }
}
