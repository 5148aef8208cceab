package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.annotation.ErrorPolicy;
import io.isoline.translator.annotation.MirrorWish;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.kube.Age;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.settings.Profile;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one Ingress asks for, read alone: nothing here depends on any other object.
 *
 * @param asked how many paths were written, and the default backend as one more
 * @param rules by host, {@link Host#ANY} for a rule without one: the paths that passed the checks,
 *     in the order of the lists
 * @param canary the requests of others that it gets some of; null when it is no canary
 * @param hasTlsSection whether it was written with entries in {@code spec.tls}, whatever comes of
 *     them
 * @param profile by whose rules it is served
 * @param policy what its annotations ask of all its routes
 * @param named the hosts that its annotations name
 * @param noAliases why others that they name are none
 * @param references all that it names, also where that did not pass
 * @param verdicts on what did not pass, and on what is read otherwise than it was written
 */
record IngressReading(
    Claimant claimant,
    int asked,
    NavigableMap<Host, List<RouteClaim>> rules,
    @Nullable Target defaultBackend,
    @Nullable CanaryClaims canary,
    List<TlsClaim> tls,
    boolean hasTlsSection,
    Profile profile,
    Policy policy,
    List<NamedHost> named,
    List<String> noAliases,
    Set<ObjectRef> references,
    List<Verdict> verdicts)
    implements ReadIngress, SaidOfHost {

  static final Comparator<IngressReading> OLDEST_FIRST =
      Comparator.comparing(IngressReading::claimant, Claimant.OLDEST_FIRST);

  /**
   * The Ingress as the author of claims: all of it that others see who win or lose against it.
   *
   * @param terminating whether it is being deleted, alone or with its namespace
   * @param hasRules whether it was written with rules, even if all of them were refused
   * @param profile by whose rules it is served
   */
  record Claimant(
      ObjectRef ref, Age age, boolean terminating, boolean hasRules, Profile profile) {

    /**
     * Decides conflicts: the oldest first, then by namespace and name; among those that are served as
     * ingress-nginx serves them the last of these, as there. What is being deleted yields to what is
     * not.
     */
    static final Comparator<Claimant> OLDEST_FIRST =
        Comparator.comparing(Claimant::terminating)
            .thenComparing(Claimant::age)
            .thenComparing(Claimant::profile)
            .thenComparing(
                (one, other) ->
                    switch (one.profile()) {
                      case STRICT -> one.ref().compareTo(other.ref());
                      case NGINX -> other.ref().compareTo(one.ref());
                    });

    String namespace() {
      return ref.namespace();
    }

    /** How its routes are called in access logs. */
    String origin() {
      return "ingress/" + ref.path();
    }
  }

  IngressReading {
    rules = new TreeMap<>(rules);
    rules.replaceAll((host, routes) -> List.copyOf(routes));
    tls = List.copyOf(tls);
    named = List.copyOf(named);
    noAliases = List.copyOf(noAliases);
    references = Set.copyOf(references);
    verdicts = List.copyOf(verdicts);
  }

  /** The hosts of its rules. */
  SortedSet<Host> hosts() {
    return rules.navigableKeySet();
  }

  /** The paths of a host. */
  List<RouteClaim> routes(Host host) {
    return rules.getOrDefault(host, List.of());
  }

  /** The paths of all hosts. */
  List<RouteClaim> routes() {
    return rules.values().stream().flatMap(List::stream).toList();
  }

  /** The Services, Secrets and ConfigMaps that it gets of those that it names, as far as it is read alone. */
  Set<ObjectRef> uses() {
    Set<ObjectRef> uses = new HashSet<>();
    addService(uses, defaultBackend);
    routes().forEach(claim -> addService(uses, claim.target()));
    if (canary != null) {
      canary.routes().forEach(claim -> addService(uses, claim.target()));
    }
    MirrorWish mirror = policy.backend().mirror();
    ObjectRef copies = mirror == null ? null : mirror.target().service(namespace());
    if (copies != null) {
      uses.add(copies);
    }
    tls.forEach(claim -> uses.add(claim.secret()));
    policy.secrets().forEach(use -> uses.add(use.secret()));
    policy.configMaps().forEach(wish -> uses.add(wish.configMap()));
    ErrorPolicy errors = policy.backend().errors();
    if (errors != null && errors.service() != null) {
      uses.add(errors.service());
    }
    return uses;
  }

  private static void addService(Set<ObjectRef> uses, @Nullable Target target) {
    if (target instanceof Target.ServicePort port) {
      uses.add(port.service());
    }
  }

  ObjectRef ref() {
    return claimant.ref();
  }

  String namespace() {
    return claimant.namespace();
  }

  /**
   * One path of one rule.
   *
   * @param path as it was written; empty for all paths
   * @param pathType as it was written: one that there is
   * @param match the path taken literally; null when no request can have it
   */
  record RouteClaim(
      Host host,
      String path,
      String pathType,
      @Nullable PathMatch match,
      Target target,
      String field) {}

  /**
   * One host of one entry of {@code spec.tls}; {@link Host#ANY} for an entry without hosts.
   *
   * @param entry the place of the entry in the list
   * @param isGuess whether the entry does not name the host, so that it counts only where nothing else
   *     does and the certificate is for the host
   */
  record TlsClaim(Host host, ObjectRef secret, int entry, String field, boolean isGuess) {}

  /** Where requests shall go. */
  sealed interface Target {
    /**
     * A port of a Service.
     *
     * @param portName the port's name, null when it is given by number
     * @param portNumber the port's number, 0 when it is given by name
     */
    record ServicePort(ObjectRef service, @Nullable String portName, int portNumber)
        implements Target {
      String port() {
        return portName == null ? Integer.toString(portNumber) : "\"" + portName + "\"";
      }

      @Override
      public String toString() {
        return service + " port " + port();
      }
    }

    /** Something that was refused; requests get 503 rather than another path's backend. */
    record Refused() implements Target {}
  }
}
