package io.isoline.translator.ingress;

import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.derive.Value;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.AddressList;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteMatch;
import io.isoline.translator.model.RouteOptions;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.model.Upstream.Protocol;
import io.isoline.translator.model.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The hosts whose connections of TLS are passed on to a backend as they are. That is for the owner of
 * a host to say: the oldest of its Ingresses that says anything of it decides, and the Service of the
 * path {@code /} gets them.
 *
 * <p>Nobody sees requests then. So nothing is passed on where an Ingress of the owner keeps clients of
 * the host out by what it sees of requests: TLS is ended here, as without the annotation. What other
 * namespaces ask for their paths does not count, as none of their Services is reached.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class PassedHosts {

  /** All hosts are in one listener, which no namespace must make large for the others. */
  private static final int MOST_RANGES = 100;

  /** What has a browser make a connection for the host, where it has one for another. */
  private static final RouteAction MISDIRECTED =
      new RouteAction.Respond(
          421, "connections for this host go to its backend, and are made for it alone");

  private static final RouteMatch BY_HTTPS =
      new RouteMatch(
          PathMatch.ALL,
          List.of(
              new RouteMatch.Value("x-forwarded-proto", new RouteMatch.Text.Exact("https"))),
          List.of());

  /** What comes of a host for which it is asked. */
  sealed interface Decision {}

  /**
   * Its connections are passed on.
   *
   * @param namespace whose host it is
   * @param upstream null while the Service does not exist, so that connections are closed
   * @param addresses whose connections are taken; null for all
   */
  record Passed(String namespace, @Nullable Upstream upstream, @Nullable AddressList addresses)
      implements Decision {}

  /** They are not. */
  private record Refused(Reason reason, String why) implements Decision {}

  private final IngressBook book;
  private final HostOwners owners;
  private final Services services;
  private final Value<Settings> settings;
  private final Derived<Host, Decision> decisions;

  /** Adds its stage. */
  PassedHosts(
      Derivation derivation,
      IngressBook book,
      HostOwners owners,
      Services services,
      Value<Settings> settings) {
    this.book = book;
    this.owners = owners;
    this.services = services;
    this.settings = settings;
    decisions = derivation.derived(book.hosts(), this::decide);
  }

  /** Where the connections for a host go; null where TLS is ended here. */
  @Nullable Passed of(Host host) {
    Host deciding = owners.deciding(host);
    return decisions.get(deciding) instanceof Passed passed
            && (deciding.equals(host) || owners.mayHave(passed.namespace(), host))
        ? passed
        : null;
  }

  /** Who says whether the connections for a host are passed on; null where nobody does. */
  private @Nullable IngressReading decider(Host host) {
    Owner owner = host.isAny() ? null : owners.owner(host);
    if (owner != null) {
      for (IngressReading reading : book.of(host)) {
        if (reading.namespace().equals(owner.namespace())
            && reading.policy().tls().passes() != null) {
          return reading;
        }
      }
    }
    return null;
  }

  private static boolean passes(IngressReading reading) {
    return Boolean.TRUE.equals(reading.policy().tls().passes());
  }

  private @Nullable Decision decide(Host host) {
    IngressReading decider = decider(host);
    if (decider == null || !passes(decider) || !isAllowed()) {
      return null;
    }
    String namespace = decider.namespace();
    IngressReading first = null;
    RouteClaim root = null;
    AddressList addresses = decider.policy().addresses();
    for (IngressReading reading : book.of(host)) {
      if (reading.namespace().equals(namespace)) {
        String needs = needsRequests(reading.policy());
        if (needs != null) {
          return new Refused(Reason.Conflict, reading.ref() + " has the host, and " + needs);
        }
        if (!Objects.equals(addresses, reading.policy().addresses())) {
          return new Refused(
              Reason.Conflict,
              reading.ref() + " has the host, and lets in clients of other addresses");
        }
      }
      if (root == null && owners.mayRoute(reading.namespace(), host)) {
        root = root(reading, host);
        first = root == null ? null : reading;
      }
    }
    if (root == null || first == null) {
      return new Refused(Reason.InvalidValue, "no Ingress has its path /");
    }
    if (!first.namespace().equals(namespace)) {
      return new Refused(Reason.Conflict, "its path / is that of " + first.ref());
    }
    if (addresses != null
        && addresses.allowed().size() + addresses.denied().size() > MOST_RANGES) {
      return new Refused(
          Reason.Unsupported,
          "its lists of addresses have more than "
              + MOST_RANGES
              + " ranges, with which connections are not compared");
    }
    if (addresses != null && settings.get().http().trustedHops() > 0) {
      return new Refused(
          Reason.Conflict,
          "the addresses of clients are in a header of requests, as the operator trusts proxies");
    }
    return new Passed(namespace, upstream(root.target(), first.policy()), addresses);
  }

  private @Nullable String needsRequests(Policy policy) {
    String needs = policy.needsRequests();
    return needs == null && !policy.exempt() && settings.get().ingress().auth().url() != null
        ? "the operator has a service asked about its requests, unless enable-global-auth is false"
        : needs;
  }

  private boolean isAllowed() {
    return settings.get().listeners().tls().passthrough();
  }

  private static @Nullable RouteClaim root(IngressReading reading, Host host) {
    for (RouteClaim claim : reading.routes(host)) {
      if (PathMatch.ALL.equals(claim.match())) {
        return claim;
      }
    }
    return null;
  }

  private @Nullable Upstream upstream(Target target, Policy policy) {
    return target instanceof Target.ServicePort port
            && services.resolve(
                    port.service(),
                    port.portName(),
                    port.portNumber(),
                    BackendOptions.NONE
                        .withProtocol(Protocol.TCP)
                        .withClusterIp(policy.backend().options().byClusterIp()),
                    settings.get())
                instanceof Resolution.Found(Upstream found, _)
        ? found
        : null;
  }

  /**
   * The same virtual host. Of one whose connections are passed on, requests that came by a connection
   * for another host are told so.
   */
  VirtualHost guarded(VirtualHost virtualHost) {
    if (of(virtualHost.host()) == null || settings.get().http().trustedHops() > 0) {
      return virtualHost;
    }
    List<Route> routes = new ArrayList<>();
    routes.add(
        new Route("passed-on", null, BY_HTTPS, MISDIRECTED, RouteOptions.NONE));
    routes.addAll(virtualHost.routes());
    return new VirtualHost(virtualHost.key(), routes, virtualHost.options());
  }

  /** On what an Ingress asks; null where it asks nothing. */
  @Nullable Verdict verdict(IngressReading reading) {
    Boolean asked = reading.policy().tls().passes();
    if (asked == null) {
      return null;
    }
    String field = TlsPolicies.field(reading, "ssl-passthrough");
    if (asked && !isAllowed()) {
      return new Verdict(
          reading.ref(),
          field,
          Outcome.NO_EFFECT,
          Reason.Unsupported,
          "Envoy ends TLS, as the operator of Isoline does not let it be passed on",
          "have the operator set tls.passthrough to true, or remove the annotation");
    }
    List<String> lost = new ArrayList<>();
    boolean refused = false;
    Reason reason = Reason.Conflict;
    for (Host host : reading.hosts()) {
      String why = whyOther(reading, host, asked);
      if (why == null && asked && decisions.get(host) instanceof Refused no) {
        refused = true;
        reason = no.reason();
        why = "for " + host + " Envoy ends TLS, as " + no.why();
      }
      if (why != null) {
        lost.add(why);
      }
    }
    return lost.isEmpty()
        ? new Verdict(
            reading.ref(),
            field,
            Outcome.APPLIED,
            Reason.Accepted,
            asked
                ? "connections of TLS go as they are to the Service of the path /; other paths and"
                    + " annotations are for plain HTTP"
                : "Envoy ends TLS",
            "")
        : new Verdict(
            reading.ref(),
            field,
            lost.size() < reading.hosts().size()
                ? Outcome.APPLIED_WITH_DIFFERENCE
                : refused ? Outcome.REFUSED : Outcome.NO_EFFECT,
            reason,
            HostWideVerdicts.told(lost),
            refused
                ? "have the backend do it, and give the host the path /; or remove the annotation"
                : "have the Ingress that decides ask for the same, or remove the annotation");
  }

  /** Why somebody else decides for a host, and otherwise; null where that is not so. */
  private @Nullable String whyOther(IngressReading reading, Host host, boolean asked) {
    if (host.isAny()) {
      return asked ? "hosts that nobody names are not passed on" : null;
    }
    IngressReading decider = decider(host);
    if (decider != null && decider.namespace().equals(reading.namespace())) {
      return passes(decider) == asked
          ? null
          : decider.ref() + " decides for " + host + ", and is older";
    }
    Owner owner = owners.owner(host);
    return !asked && decider == null
        ? null
        : "host "
            + host
            + (owner == null
                ? " may not be had by namespace " + reading.namespace()
                : " belongs to namespace "
                    + owner.namespace()
                    + ", of which "
                    + owner.ingress().ref()
                    + " is the oldest Ingress");
  }

  /** On the certificate that an Ingress gives a host; null where it is shown. */
  @Nullable String instead(Host host) {
    return of(host) == null
        ? null
        : "connections for "
            + host
            + " are passed on, and the backend shows a certificate of its own";
  }
}
