package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.ingress.HostMerge.Fallback;
import io.isoline.translator.ingress.HostMerge.Winner;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HostOptions;
import io.isoline.translator.model.Origin;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteMatch;
import io.isoline.translator.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides what gets the requests to a host. Paths are merged; what no path matches goes to a default
 * backend of the owner's namespace, else to that of the operator.
 *
 * <p>A host that was given to namespaces, none of which names it, gets what these say of the
 * wildcard above it or of hosts that nobody names, and nothing of anybody else.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class HostRouting {

  /** How the operator's default backend is called in access logs. */
  private static final String OPERATORS = "default-backend";

  private final IngressBook book;
  private final HostOwners owners;
  private final Certificates certificates;
  private final Services services;
  private final Map<Host, HostMerge> merges = new HashMap<>();

  HostRouting(
      IngressBook book, HostOwners owners, Certificates certificates, Services services) {
    this.book = book;
    this.owners = owners;
    this.certificates = certificates;
    this.services = services;
  }

  /** Merges anew what is said of a host. */
  void merge(Host host) {
    HostMerge merge = merge(host, HostRouting::all);
    if (merge == null) {
      merges.remove(host);
    } else {
      merges.put(host, merge);
    }
  }

  private @Nullable HostMerge merge(Host host, Predicate<String> among) {
    return HostMerge.of(
        host,
        book.of(host),
        namespace -> among.test(namespace) && owners.mayRoute(namespace, host),
        // Of hosts that nobody names, nobody is harmed.
        host.isAny() ? HostRouting::all : namespace -> owners.isOwner(namespace, host));
  }

  /** What was merged of a host; null when nothing counts. */
  @Nullable HostMerge merged(Host host) {
    return merges.get(host);
  }

  /** Whose default backend is for the hosts that nobody names; null when nobody's is. */
  @Nullable IngressReading classWideDefault() {
    return classWideDefault(HostRouting::all);
  }

  private @Nullable IngressReading classWideDefault(Predicate<String> among) {
    for (IngressReading reading : book.withDefault()) {
      if (among.test(reading.namespace()) && owners.mayRoute(reading.namespace(), Host.ANY)) {
        return reading;
      }
    }
    return null;
  }

  /** Whose default backend is for the hosts of a namespace that lack one; null when nobody's is. */
  @Nullable IngressReading plainDefault(String namespace) {
    SortedSet<IngressReading> plain = book.plainDefaults(namespace);
    return plain.isEmpty() ? null : plain.first();
  }

  /** The default backend of an Ingress that counts for a host; null for that of the operator. */
  @Nullable Fallback fallback(Host host) {
    return fallback(host, merges.get(host), HostRouting::all);
  }

  private @Nullable Fallback fallback(
      Host host, @Nullable HostMerge merge, Predicate<String> among) {
    if (merge != null && merge.fallback() != null) {
      return merge.fallback();
    }
    IngressReading other;
    if (host.isAny()) {
      other = classWideDefault(among);
    } else {
      Owner owner = owners.owner(host);
      other =
          owner != null && among.test(owner.namespace()) ? plainDefault(owner.namespace()) : null;
    }
    Target target = other == null ? null : other.defaultBackend();
    return other == null || target == null ? null : new Fallback(other, target);
  }

  /** The virtual host of a host; null when it has none of its own. */
  @Nullable VirtualHost build(Host host, Settings settings) {
    HostMerge merge = merges.get(host);
    boolean hasCertificate = certificates.covers(host);
    List<Route> routes;
    if (merge != null || host.isAny()) {
      routes = routes(host, merge, HostRouting::all, hasCertificate, settings);
      if (merge == null && routes.isEmpty()) {
        return null;
      }
    } else if (owners.isReserved(host)) {
      routes = reserved(host, hasCertificate, settings);
    } else {
      return null;
    }
    return new VirtualHost(
        host,
        routes,
        options(hasCertificate, settings),
        host.isWildcard() ? below(host, settings) : null);
  }

  private static HostOptions options(boolean hasCertificate, Settings settings) {
    return hasCertificate && (settings.redirectToHttps() || settings.hsts() != null)
        ? new HostOptions(settings.redirectToHttps(), strictTransportSecurity(settings.hsts()))
        : HostOptions.NONE;
  }

  private static @Nullable String strictTransportSecurity(Settings.@Nullable Hsts hsts) {
    return hsts == null
        ? null
        : "max-age="
            + hsts.maxAge().toSeconds()
            + (hsts.includeSubDomains() ? "; includeSubDomains" : "")
            + (hsts.preload() ? "; preload" : "");
  }

  /** Of the wildcard above, else of hosts that nobody names, only what may be here. */
  private List<Route> reserved(Host host, boolean hasCertificate, Settings settings) {
    Predicate<String> among = owners.givenTo(host)::contains;
    Host wildcard = host.parentWildcard();
    HostMerge merge = host.isWildcard() ? null : merge(wildcard, among);
    return merge != null
        ? routes(wildcard, merge, among, hasCertificate, settings)
        : routes(Host.ANY, merge(Host.ANY, among), among, hasCertificate, settings);
  }

  /** Names at any depth below a wildcard that was given are for those that it was given to. */
  private @Nullable List<Route> below(Host wildcard, Settings settings) {
    if (!owners.isGiven(wildcard)) {
      return null;
    }
    Predicate<String> among = owners.givenTo(wildcard)::contains;
    return routes(Host.ANY, merge(Host.ANY, among), among, false, settings);
  }

  /**
   * The routes of a host.
   *
   * @param hasCertificate whether an Ingress gives the host a certificate
   */
  private List<Route> routes(
      Host host,
      @Nullable HostMerge merge,
      Predicate<String> among,
      boolean hasCertificate,
      Settings settings) {
    List<Route> routes = new ArrayList<>();
    if (merge != null) {
      for (Winner winner : merge.winners().values()) {
        RouteClaim claim = winner.claim();
        routes.add(
            route(
                winner.ingress(),
                claim.field(),
                claim.match(),
                claim.target(),
                hasCertificate,
                settings));
      }
      if (merge.winners().containsKey(PathMatch.ALL)) {
        return routes;
      }
    }
    Fallback fallback = fallback(host, merge, among);
    Target.ServicePort operators = operators(settings);
    if (fallback != null) {
      routes.add(
          route(
              fallback.ingress(),
              "spec.defaultBackend",
              PathMatch.ALL,
              fallback.target(),
              hasCertificate,
              settings));
    } else if (operators != null) {
      routes.add(
          new Route(
              OPERATORS,
              null,
              RouteMatch.ALL,
              action(operators, BackendOptions.NONE, settings),
              Policy.NONE.options(settings.redirectToHttps(), hasCertificate)));
    }
    return routes;
  }

  private Route route(
      IngressReading ingress,
      String field,
      PathMatch path,
      Target target,
      boolean hasCertificate,
      Settings settings) {
    Policy policy = ingress.policy();
    return new Route(
        ingress.origin(),
        new Origin(ingress.ref(), field),
        RouteMatch.of(path),
        policy.redirect() == null
            ? action(target, policy.backend(), settings)
            : policy.redirect(),
        policy.options(settings.redirectToHttps(), hasCertificate));
  }

  private static boolean all(String namespace) {
    return true;
  }

  /** How much of an Ingress requests can reach. */
  InForce inForce(IngressReading reading) {
    int inForce = 0;
    for (RouteClaim claim : reading.routes()) {
      HostMerge merge = merges.get(claim.host());
      Winner winner = merge == null ? null : merge.winner(claim);
      if (claim.target() instanceof Target.ServicePort
          && winner != null
          && winner.ingress().ref().equals(reading.ref())
          && winner.claim().equals(claim)) {
        inForce++;
      }
    }
    if (reading.defaultBackend() instanceof Target.ServicePort && isInForceByDefault(reading)) {
      inForce++;
    }
    return new InForce(inForce, reading.asked());
  }

  private boolean isInForceByDefault(IngressReading reading) {
    IngressReading classWide = classWideDefault();
    IngressReading plain = plainDefault(reading.namespace());
    return (classWide != null && classWide.ref().equals(reading.ref()))
        || (plain != null
            && plain.ref().equals(reading.ref())
            && !owners.hostsOf(reading.namespace()).isEmpty())
        || reading.hosts().stream()
            .map(this::fallback)
            .anyMatch(
                fallback -> fallback != null && fallback.ingress().ref().equals(reading.ref()));
  }

  private RouteAction action(Target target, BackendOptions options, Settings settings) {
    return switch (target) {
      case Target.Refused _ -> new RouteAction.Respond(503);
      case Target.ServicePort port ->
          switch (services.resolve(
              port.service(), port.portName(), port.portNumber(), options, settings)) {
            case Resolution.Found found -> new RouteAction.Forward(found.upstream());
            case Resolution.Unresolved _ -> new RouteAction.Respond(503);
          };
    };
  }

  /** The operator's default backend; null when there is none. */
  static Target.@Nullable ServicePort operators(Settings settings) {
    Settings.DefaultBackend backend = settings.defaultBackend();
    return backend == null
        ? null
        : new Target.ServicePort(
            ObjectRef.service(backend.namespace(), backend.service()),
            backend.portName(),
            backend.portNumber());
  }
}
