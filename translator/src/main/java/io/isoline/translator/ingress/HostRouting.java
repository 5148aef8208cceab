package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.annotation.Policy.TlsOfHost;
import io.isoline.translator.backend.Services;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Value;
import io.isoline.translator.ingress.HostCanaries.CanaryClaim;
import io.isoline.translator.ingress.HostMerge.Fallback;
import io.isoline.translator.ingress.HostMerge.Winner;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.AccessCheck;
import io.isoline.translator.model.BackendCredentials;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.BackendTls;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HostOptions;
import io.isoline.translator.model.HttpOptions;
import io.isoline.translator.model.Origin;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteMatch;
import io.isoline.translator.model.RouteOptions;
import io.isoline.translator.model.RouteSpace;
import io.isoline.translator.model.VirtualHost;
import io.isoline.translator.model.WithoutTransportSecurity;
import io.isoline.translator.settings.HostSettings;
import io.isoline.translator.settings.IngressSettings;
import io.isoline.translator.settings.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

  /** Whoever issues certificates has no credentials; an Ingress can ask for some all the same. */
  private static final String CHALLENGE = "/.well-known/acme-challenge/";

  /** How answers to paths are called that no rule is for. */
  private static final String NO_PATH = "no-path";

  /** What ingress-nginx sends where its operator says nothing else. */
  private static final HostSettings.Hsts HSTS_OF_NGINX =
      new HostSettings.Hsts(Duration.ofDays(365), true, false);

  private static final RouteOptions WITHOUT_TRANSPORT_SECURITY =
      new RouteOptions(false, List.of(new WithoutTransportSecurity()));

  private final IngressBook book;
  private final HostOwners owners;
  private final Certificates certificates;
  private final RouteArms arms;
  private final ErrorBackends errors;
  private final AnnotatedSecrets secrets;
  private final AnnotatedConfigMaps configMaps;
  private final Value<HttpOptions.Paths> paths;
  private final Derived<Host, HostMerge> merges;
  private final Derived<Host, HostCanaries> canaries;
  private final Derived<String, Fallback> classWide;
  private final Derived<String, Fallback> plain;

  /** Adds its stages. */
  HostRouting(
      Derivation derivation,
      IngressBook book,
      HostOwners owners,
      Certificates certificates,
      Services services,
      ErrorBackends errors,
      AnnotatedSecrets secrets,
      AnnotatedConfigMaps configMaps,
      Value<HttpOptions.Paths> paths) {
    this.book = book;
    this.owners = owners;
    this.certificates = certificates;
    this.errors = errors;
    arms = new RouteArms(services, errors);
    this.secrets = secrets;
    this.configMaps = configMaps;
    this.paths = paths;
    merges = derivation.derived(book.hosts(), host -> merge(host, HostRouting::all));
    canaries =
        derivation.derived(
            book.canaries(), host -> HostCanaries.of(host, book.canaries().of(host)));
    classWide =
        derivation.derived(book.allWithDefault(), any -> classWideDefault(HostRouting::all));
    plain =
        derivation.derived(
            book.plainDefaults(), namespace -> fallback(book.plainDefaults().first(namespace)));
  }

  private @Nullable HostMerge merge(Host host, Predicate<String> among) {
    HostOwners.Name name = owners.name(host);
    if (name != null) {
      return name.isAlias() ? merge(name, among) : null;
    }
    return HostMerge.of(
        host,
        book.of(host),
        namespace -> among.test(namespace) && owners.mayRoute(namespace, host),
        // Of hosts that nobody names, nobody is harmed.
        host.isAny() ? HostRouting::all : namespace -> owners.isOwner(namespace, host),
        paths.get());
  }

  /** An alias has what the namespace that asks for it has for the other host. */
  private @Nullable HostMerge merge(HostOwners.Name alias, Predicate<String> among) {
    Host main = alias.host().main();
    String namespace = alias.ingress().namespace();
    return HostMerge.of(
        main,
        book.of(main),
        each -> each.equals(namespace) && among.test(each) && owners.mayRoute(each, main),
        namespace::equals,
        paths.get());
  }

  /** What was merged of a host; null when nothing counts. */
  @Nullable HostMerge merged(Host host) {
    return merges.get(host);
  }

  /** The default backend for the hosts that nobody names; null when nobody's is. */
  @Nullable Fallback classWideDefault() {
    return classWide.get(IngressBook.ALL);
  }

  private @Nullable Fallback classWideDefault(Predicate<String> among) {
    for (IngressReading reading : book.withDefault()) {
      if (among.test(reading.namespace()) && owners.mayRoute(reading.namespace(), Host.ANY)) {
        return fallback(reading);
      }
    }
    return null;
  }

  private static @Nullable Fallback fallback(@Nullable IngressReading reading) {
    Target target = reading == null ? null : reading.defaultBackend();
    return reading == null || target == null ? null : new Fallback(reading.claimant(), reading.policy(), target);
  }

  /** The default backend for the hosts of a namespace that lack one; null when there is none. */
  @Nullable Fallback plainDefault(String namespace) {
    return plain.get(namespace);
  }

  /** The default backend of an Ingress that counts for a host; null for that of the operator. */
  @Nullable Fallback fallback(Host host) {
    HostMerge merge = merges.get(host);
    if (merge != null && merge.fallback() != null) {
      return merge.fallback();
    }
    if (host.isAny()) {
      return classWideDefault();
    }
    Owner owner = owners.owner(host);
    // With ingress-nginx, an Ingress without rules is for hosts that nobody names.
    return owner == null || (merge != null && merge.isOfNginx())
        ? null
        : plainDefault(owner.namespace());
  }

  /** The same of some namespaces only, for a host that was given to these. */
  private @Nullable Fallback fallback(
      Host host, @Nullable HostMerge merge, Predicate<String> among) {
    if (merge != null && merge.fallback() != null) {
      return merge.fallback();
    }
    if (host.isAny()) {
      return classWideDefault(among);
    }
    Owner owner = owners.owner(host);
    return owner != null && among.test(owner.namespace())
        ? plainDefault(owner.namespace())
        : null;
  }

  /** The virtual host of a host; null when it has none of its own. */
  @Nullable VirtualHost build(Host host, Settings settings) {
    HostOwners.Name name = owners.name(host);
    if (name != null && !name.isAlias()) {
      return new VirtualHost(key(host), List.of(redirect(name)), HostOptions.NONE);
    }
    HostMerge merge = merges.get(host);
    TlsOfHost tls = tlsOf(host, merge);
    List<Route> routes;
    if (merge != null || host.isAny()) {
      routes = routes(merge, () -> fallback(host), tls, settings);
      if (merge == null && routes.isEmpty()) {
        return null;
      }
    } else if (owners.isReserved(host)) {
      routes = reserved(host, tls, settings);
    } else {
      return null;
    }
    return new VirtualHost(key(host), routes, hostOptions(merge, tls, settings));
  }

  /** What sends all requests of a host to another one. */
  private static Route redirect(HostOwners.Name name) {
    return new Route(
        name.ingress().origin(),
        new Origin(name.ingress().ref(), ""),
        RouteMatch.ALL,
        new RouteAction.OtherHost(name.host().main().pattern(), name.host().dropsSlash()),
        RouteOptions.NONE);
  }

  /** Looked at where somebody asks only, so that for others it does not matter. */
  private TlsOfHost tlsOf(Host host, @Nullable HostMerge merge) {
    return new TlsOfHost() {
      @Override
      public boolean hasCertificate() {
        return certificates.covers(host);
      }

      @Override
      public boolean hasSection() {
        return merge != null && merge.hasTlsSection();
      }
    };
  }

  /** Where the routes of a host are looked for. */
  static VirtualHost.Key key(Host host) {
    return new VirtualHost.Key(RouteSpace.INGRESS, host);
  }

  private static HostOptions hostOptions(
      @Nullable HostMerge merge, TlsOfHost tls, Settings settings) {
    HostSettings hosts = settings.hosts();
    if (merge != null && merge.isOfNginx()) {
      return ofNginx(
          merge.oldest().policy().options(hosts.redirectToHttps(), tls).redirectsToHttps(), hosts);
    }
    if (merge == null && settings.ingress().classes().areAllNginx()) {
      return ofNginx(hosts.redirectToHttps() && tls.hasCertificate(), hosts);
    }
    return (hosts.redirectToHttps() || hosts.hsts() != null) && tls.hasCertificate()
        ? new HostOptions(hosts.redirectToHttps(), strictTransportSecurity(hosts.hsts()), false, false)
        : HostOptions.NONE;
  }

  private static HostOptions ofNginx(boolean redirectsToHttps, HostSettings hosts) {
    return new HostOptions(
        redirectsToHttps,
        strictTransportSecurity(hosts.hsts() == null ? HSTS_OF_NGINX : hosts.hsts()),
        true,
        true);
  }

  /** What holds for hosts that nobody claims. */
  static HostOptions ofNobody(Settings settings) {
    return hostOptions(null, TlsOfHost.NONE, settings);
  }

  private static @Nullable String strictTransportSecurity(HostSettings.@Nullable Hsts hsts) {
    return hsts == null
        ? null
        : "max-age="
            + hsts.maxAge().toSeconds()
            + (hsts.includeSubDomains() ? "; includeSubDomains" : "")
            + (hsts.preload() ? "; preload" : "");
  }

  /** Of the wildcard above, else of hosts that nobody names, only what may be here. */
  private List<Route> reserved(
      Host host, TlsOfHost tls, Settings settings) {
    Predicate<String> among = owners.givenTo(host)::contains;
    Host wildcard = host.parentWildcard();
    HostMerge merge = host.isWildcard() ? null : merge(wildcard, among);
    return merge != null
        ? routes(merge, () -> fallback(wildcard, merge, among), tls, settings)
        : ofHostsThatNobodyNames(among, tls, settings);
  }

  private List<Route> ofHostsThatNobodyNames(
      Predicate<String> among, TlsOfHost tls, Settings settings) {
    HostMerge merge = merge(Host.ANY, among);
    return routes(merge, () -> fallback(Host.ANY, merge, among), tls, settings);
  }

  /**
   * The virtual host of names at any depth below a wildcard. Where that was given, they are for those
   * that it was given to; null where they are like any other name.
   */
  @Nullable VirtualHost below(Host wildcard, Settings settings) {
    if (!owners.isGiven(wildcard)) {
      return null;
    }
    Predicate<String> among = owners.givenTo(wildcard)::contains;
    return new VirtualHost(
        key(wildcard.belowAtAnyDepth()),
        ofHostsThatNobodyNames(among, TlsOfHost.NONE, settings),
        ofNobody(settings));
  }

  /**
   * The routes of a host.
   *
   * @param otherwise the default backend
   * @param tls what is said of TLS for the host
   */
  private List<Route> routes(
      @Nullable HostMerge merge,
      Supplier<@Nullable Fallback> otherwise,
      TlsOfHost tls,
      Settings settings) {
    List<Route> routes = new ArrayList<>();
    if (merge != null && merge.root() != null) {
      HostMerge.Root root = merge.root();
      routes.add(
          new Route(
              root.ingress().origin(),
              new Origin(root.ingress().ref(), root.wish().field()),
              RouteMatch.of(new PathMatch.Exact("/")),
              new RouteAction.Redirect(root.wish().value(), 302),
              merge.isOfNginx() ? WITHOUT_TRANSPORT_SECURITY : RouteOptions.NONE));
    }
    Map<String, BackendTls> shared = merge == null ? Map.of() : shared(merge);
    if (merge != null) {
      for (Map.Entry<PathMatch, Winner> entry : merge.winners().entrySet()) {
        Winner winner = entry.getValue();
        RouteClaim claim = winner.claim();
        Route withSlash = withSlash(winner, entry.getKey());
        if (withSlash != null) {
          routes.add(withSlash);
        }
        addRoutes(
            routes,
            winner.ingress(),
            sharing(winner.ingress(), winner.policy(), shared),
            claim.field(),
            entry.getKey(),
            claim.path(),
            claim.target(),
            canary(winner),
            tls,
            settings);
      }
      if (merge.winners().containsKey(PathMatch.ALL)) {
        return routes;
      }
    }
    Fallback fallback = otherwise.get();
    Target.ServicePort operators = operators(settings);
    if (fallback != null) {
      addRoutes(
          routes,
          fallback.ingress(),
          sharing(fallback.ingress(), fallback.policy(), shared),
          "spec.defaultBackend",
          PathMatch.ALL,
          "",
          fallback.target(),
          null,
          tls,
          settings);
    } else if (merge != null && merge.isOfNginx()) {
      routes.add(implicit(merge.oldest(), operators, tls, settings));
    } else if (operators != null) {
      routes.add(
          new Route(
              OPERATORS,
              null,
              RouteMatch.ALL,
              arms.action(operators, BackendOptions.NONE, settings),
              Policy.NONE.options(settings.hosts().redirectToHttps(), tls)));
    }
    return routes;
  }

  /**
   * With ingress-nginx, what an Ingress says of TLS to its backends holds for all of a host. Here it
   * holds for those of its namespace that say nothing: by namespace, what the oldest says whose
   * Secret has authorities.
   */
  private Map<String, BackendTls> shared(HostMerge merge) {
    Map<String, BackendTls> shared = new TreeMap<>();
    merge
        .backendTls()
        .forEach(
            (namespace, all) -> {
              for (BackendTls tls : all) {
                BackendCredentials credentials = secrets.credentials(tls);
                if (credentials != null && !credentials.authorities().isEmpty()) {
                  shared.put(namespace, tls);
                  break;
                }
              }
            });
    return shared;
  }

  private static Policy sharing(
      Claimant ingress, Policy policy, Map<String, BackendTls> shared) {
    BackendTls tls = shared.get(ingress.namespace());
    return tls != null && policy.backend().options().tls().equals(BackendTls.OF_NGINX)
        ? policy.with(tls)
        : policy;
  }

  /**
   * With ingress-nginx, a path that is written with a slash at its end is a redirect for requests
   * without it, before anything else; null where there is none.
   */
  private static @Nullable Route withSlash(Winner winner, PathMatch match) {
    String path = winner.claim().path();
    boolean redirects =
        winner.profile() == Profile.NGINX
            && path.endsWith("/")
            && match.path().length() > 1
            && !(match instanceof PathMatch.Expression);
    if (!redirects) {
      return null;
    }
    String without =
        match.path().endsWith("/")
            ? match.path().substring(0, match.path().length() - 1)
            : match.path();
    return new Route(
        winner.ingress().origin(),
        new Origin(winner.ingress().ref(), winner.claim().field()),
        RouteMatch.of(new PathMatch.Exact(without)),
        new RouteAction.WithSlash(),
        RouteOptions.NONE);
  }

  /**
   * With ingress-nginx, what the oldest Ingress of a host asks for holds for all of its paths, also for
   * those that no rule is for.
   */
  private Route implicit(
      IngressReading oldest, Target.@Nullable ServicePort operators, TlsOfHost tls, Settings settings) {
    Policy policy = resolved(oldest.policy());
    RouteAction action =
        policy.denied()
            ? new RouteAction.Respond(503)
            : policy.redirect() != null
                ? policy.redirect()
                : operators == null
                    ? new RouteAction.Respond(404)
                    : arms.action(operators, BackendOptions.NONE, settings);
    return new Route(
        operators == null ? NO_PATH : OPERATORS,
        new Origin(oldest.ref(), ""),
        RouteMatch.ALL,
        action,
        policy.denied()
            ? RouteOptions.NONE
            : (operators == null ? new PathRewriting.None() : rewriting(policy, "", settings))
                .options(options(policy, oldest.ref(), "", tls, settings))
                .with(
                    errors.pages(policy, ErrorBackends.nothing(oldest.ref()), settings)));
  }

  /**
   * Adds the routes of a path.
   *
   * @param written the path as its author wrote it
   */
  private void addRoutes(
      List<Route> routes,
      Claimant ingress,
      Policy asked,
      String field,
      PathMatch path,
      String written,
      Target target,
      @Nullable CanaryClaim canary,
      TlsOfHost tls,
      Settings settings) {
    Policy policy = resolved(asked);
    PathRewriting rewriting = rewriting(policy, written, settings);
    RouteOptions options =
        policy.denied()
            ? RouteOptions.NONE
            : rewriting.options(options(policy, ingress.ref(), written, tls, settings));
    RouteAction instead = rewriting.action();
    for (RouteArms.Arm arm :
        policy.denied()
            ? RouteArms.CLOSED
            : instead != null
                ? List.of(RouteArms.Arm.of(instead))
                : arms.of(ingress, policy, target, path, canary, settings)) {
      routes.add(
          new Route(
              ingress.origin(),
              new Origin(ingress.ref(), field),
              new RouteMatch(path, arm.headers(), List.of()),
              arm.action(),
              arm.options().isEmpty() ? options : options.with(arm.options())));
    }
  }

  /** The same with what its ConfigMaps hold; it denies all requests while something is missing. */
  private Policy resolved(Policy asked) {
    Policy policy = asked.with(configMaps::of);
    return secrets.lack(policy) ? policy.denying() : policy;
  }

  /** Where all requests are sent elsewhere, no path matters. */
  private static PathRewriting rewriting(Policy policy, String written, Settings settings) {
    return policy.redirect() == null
        ? PathRewriting.of(policy.paths(), written, settings.http().paths())
        : new PathRewriting.None();
  }

  /**
   * The options of a path.
   *
   * @param written the path as its author wrote it
   */
  private RouteOptions options(
      Policy policy, ObjectRef ingress, String written, TlsOfHost tls, Settings settings) {
    RouteOptions options = policy.options(settings.hosts().redirectToHttps(), tls);
    boolean free = policy.exempt() || written.startsWith(CHALLENGE);
    AccessCheck check =
        secrets.check(
            policy, free ? null : settings.ingress().auth().check(ingress.path()), settings);
    return check == null ? options : options.with(List.of(check));
  }

  /** The canary that counts of a host and a path; null when there is none. */
  @Nullable CanaryClaim canary(String namespace, RouteClaim claim) {
    HostCanaries ofHost = canaries.get(claim.host());
    return ofHost == null ? null : ofHost.of(namespace, claim);
  }

  /** The canary that shares what won a path; null when there is none. */
  private @Nullable CanaryClaim canary(Winner main) {
    CanaryClaim canary = canary(main.ingress().namespace(), main.claim());
    return canary == null || lacked(main, canary) != null ? null : canary;
  }

  /**
   * The annotation by which a canary keeps somebody out and which its main Ingress lacks; null for
   * none.
   */
  @Nullable String lacked(Winner main, CanaryClaim canary) {
    return canary.lackedBy(
        Objects.requireNonNull(book.ingresses().first(main.ingress().ref())));
  }

  private static boolean all(String namespace) {
    return true;
  }

  /** How much of an Ingress requests can reach. */
  InForce inForce(IngressReading reading) {
    int inForce = 0;
    for (RouteClaim claim : reading.routes()) {
      HostMerge merge = merges.get(claim.host());
      Winner winner = merge == null ? null : merge.winner(reading.namespace(), claim);
      if (claim.target() instanceof Target.ServicePort
          && winner != null
          && winner.ingress().ref().equals(reading.ref())
          && winner.claim().equals(claim)) {
        inForce++;
      }
    }
    if (reading.canary() != null) {
      for (RouteClaim claim : reading.canary().routes()) {
        inForce += isInForce(reading, claim) ? 1 : 0;
      }
    }
    if (reading.defaultBackend() instanceof Target.ServicePort && isInForceByDefault(reading)) {
      inForce++;
    }
    return new InForce(inForce, reading.asked());
  }

  /** Whether a path of a canary gets any request. */
  private boolean isInForce(IngressReading canary, RouteClaim claim) {
    HostMerge merge = merges.get(claim.host());
    Winner main = merge == null ? null : merge.winner(canary.namespace(), claim);
    CanaryClaim counting =
        main == null || !main.ingress().namespace().equals(canary.namespace()) ? null : canary(main);
    return counting != null
        && counting.ingress().ref().equals(canary.ref())
        && counting.claim().equals(claim)
        && !counting.canary().isNothing();
  }

  private boolean isInForceByDefault(IngressReading reading) {
    return isOf(reading, classWideDefault())
        || (isOf(reading, plainDefault(reading.namespace()))
            && owners.ownsAny(reading.namespace()))
        || reading.hosts().stream().anyMatch(host -> isOf(reading, fallback(host)));
  }

  /** Whether a default backend that counts is that of an Ingress. */
  static boolean isOf(IngressReading reading, @Nullable Fallback fallback) {
    return fallback != null && fallback.ingress().ref().equals(reading.ref());
  }

  /** The operator's default backend; null when there is none. */
  static Target.@Nullable ServicePort operators(Settings settings) {
    IngressSettings.DefaultBackend backend = settings.ingress().defaultBackend();
    return backend == null
        ? null
        : new Target.ServicePort(
            ObjectRef.service(backend.namespace(), backend.service()),
            backend.portName(),
            backend.portNumber());
  }
}
