package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.kube.Age;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one Ingress asks for, read alone: nothing here depends on any other object.
 *
 * @param hasRules whether it was written with rules, even if all of them were refused
 * @param hosts the hosts of its rules, {@link Host#ANY} for a rule without one
 * @param routes what passed the checks, in the order of the rules and paths
 * @param verdicts on what did not pass, and on what is read otherwise than it was written
 */
record IngressReading(
    ObjectRef ref,
    Age age,
    boolean hasRules,
    SortedSet<Host> hosts,
    List<RouteClaim> routes,
    @Nullable Target defaultBackend,
    List<TlsClaim> tls,
    List<Verdict> verdicts) {

  /** Decides conflicts: the oldest first, then by namespace and name. */
  static final Comparator<IngressReading> OLDEST_FIRST =
      Comparator.comparing(IngressReading::age).thenComparing(IngressReading::ref);

  IngressReading {
    hosts = new TreeSet<>(hosts);
    routes = List.copyOf(routes);
    tls = List.copyOf(tls);
    verdicts = List.copyOf(verdicts);
  }

  /** How its routes are called in access logs. */
  String origin() {
    return "ingress/" + ref.path();
  }

  /** One path of one rule. */
  record RouteClaim(Host host, PathMatch match, Target target, String field) {}

  /**
   * One host of one entry of {@code spec.tls}; {@link Host#ANY} for an entry without hosts.
   *
   * @param entry the place of the entry in the list
   */
  record TlsClaim(Host host, ObjectRef secret, int entry, String field) {}

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
