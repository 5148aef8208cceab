package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ClientAuthentication;
import io.isoline.translator.annotation.TlsPolicy;
import io.isoline.translator.annotation.SecretUse.Purpose;
import io.isoline.translator.derive.Derivation;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.ingress.HostOwners.Owner;
import io.isoline.translator.model.ClientCheck;
import io.isoline.translator.model.ClientVerification;
import io.isoline.translator.model.Host;
import io.isoline.translator.model.HostOptions;
import io.isoline.translator.model.HostTls;
import io.isoline.translator.model.OpenByPlainHttp;
import io.isoline.translator.model.Route;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteOptions;
import io.isoline.translator.model.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What annotations ask of a host as a whole: how TLS is spoken for it, and which clients pass. The
 * Ingresses of the host's owner decide that, of each thing the oldest that asks for it. It holds for
 * all requests to the host, whoever has the path. What another one asks of clients is not in force,
 * so its paths are closed.
 *
 * <p>An alias has what its host has, and a name without rules what the wildcard above it has, whose
 * requests it gets.
 *
 * <p>Owned by the thread that owns the translator.
 */
final class TlsPolicies {

  /** Before the namespace and the name of the Secret with authorities, of which none has a colon. */
  private static final String AUTHORITIES = "ca:";

  private static final int FORBIDDEN = 403;

  private final IngressBook book;
  private final HostOwners owners;
  private final AnnotatedSecrets secrets;
  private final Derived<Host, TlsPolicy> policies;

  /** Adds its stage. */
  TlsPolicies(
      Derivation derivation, IngressBook book, HostOwners owners, AnnotatedSecrets secrets) {
    this.book = book;
    this.owners = owners;
    this.secrets = secrets;
    policies =
        derivation.derived(
            book.hosts(),
            host -> {
              TlsPolicy policy = decide(host);
              return policy.equals(TlsPolicy.NONE) ? null : policy;
            });
  }

  private TlsPolicy decide(Host host) {
    Owner owner = host.isAny() ? null : owners.owner(host);
    TlsPolicy policy = TlsPolicy.NONE;
    if (owner != null) {
      for (IngressReading reading : book.of(host)) {
        if (reading.namespace().equals(owner.namespace())) {
          policy = policy.or(reading.policy().tls());
        }
      }
    }
    return policy;
  }

  private TlsPolicy of(Host host) {
    return Objects.requireNonNullElse(policies.get(owners.deciding(host)), TlsPolicy.NONE);
  }

  /** How TLS is spoken for a host. */
  HostTls tls(Host host) {
    TlsPolicy policy = of(host);
    return policy.equals(TlsPolicy.NONE)
        ? HostTls.NONE
        : new HostTls(
            policy.ciphers(),
            Boolean.TRUE.equals(policy.clientsChoose()),
            verification(policy.clients()));
  }

  private static @Nullable ClientVerification verification(
      @Nullable ClientAuthentication clients) {
    ObjectRef secret = clients == null ? null : clients.authorities();
    return clients == null || secret == null
        ? null
        : new ClientVerification(resource(secret), clients.depth());
  }

  /** The name of the resource that is made of a Secret with authorities. */
  static String resource(ObjectRef secret) {
    return AUTHORITIES + secret.path();
  }

  /** The Secret that a resource of that name is made of; null for any other name. */
  static @Nullable ObjectRef secret(String resource) {
    int slash = resource.indexOf('/');
    return resource.startsWith(AUTHORITIES) && slash > 0
        ? ObjectRef.secret(
            resource.substring(AUTHORITIES.length(), slash), resource.substring(slash + 1))
        : null;
  }

  /** The same virtual host, in which nobody passes whom the host or the path does not let in. */
  VirtualHost guarded(VirtualHost virtualHost) {
    ClientAuthentication ofHost = of(virtualHost.host()).clients();
    ClientCheck check = check(ofHost);
    boolean closed = ofHost != null && check == null;
    List<Route> routes = new ArrayList<>();
    for (Route route : virtualHost.routes()) {
      IngressReading reading =
          route.origin() == null ? null : book.reading(route.origin().object());
      ClientAuthentication ofPath = reading == null ? null : reading.policy().tls().clients();
      if (reading != null && reading.policy().denied()) {
        routes.add(route); // It is closed already.
      } else if (closed || (ofPath != null && !ofPath.equals(ofHost))) {
        routes.add(closed(route));
      } else {
        routes.add(check != null && ofPath == null && isChallenge(route) ? open(route) : route);
      }
    }
    return new VirtualHost(
        virtualHost.key(),
        routes,
        closed
            ? HostOptions.NONE
            : check == null ? virtualHost.options() : virtualHost.options().asking(check));
  }

  private static boolean isChallenge(Route route) {
    return route.match().path().path().startsWith("/.well-known/acme-challenge/");
  }

  private static Route open(Route route) {
    return new Route(
        route.name(),
        route.origin(),
        route.match(),
        route.action(),
        route.options().with(List.of(new OpenByPlainHttp())));
  }

  private static Route closed(Route route) {
    return new Route(
        route.name(),
        route.origin(),
        route.match(),
        new RouteAction.Respond(FORBIDDEN),
        RouteOptions.NONE);
  }

  /** What requests are asked for; null where they are asked for nothing, or nobody may pass. */
  private @Nullable ClientCheck check(@Nullable ClientAuthentication clients) {
    ClientVerification verification = verification(clients);
    return clients == null
            || clients.authorities() == null
            || verification == null
            || !(secrets.content(clients.authorities(), Purpose.AUTHORITIES)
                instanceof SecretContent.ClientAuthorities)
        ? null
        : new ClientCheck(
            verification,
            clients.mode(),
            clients.subject(),
            clients.errorPage(),
            clients.passes());
  }

  /** On what an Ingress asks of TLS for its hosts and does not get. */
  List<Verdict> verdicts(IngressReading reading) {
    TlsPolicy asked = reading.policy().tls();
    if (asked.equals(TlsPolicy.NONE)) {
      return List.of();
    }
    List<Verdict> verdicts = new ArrayList<>();
    ClientAuthentication clients = asked.clients();
    if (clients != null && clients.authorities() != null) {
      for (Host host : reading.hosts()) {
        String why = why(reading, clients, host);
        if (why != null) {
          verdicts.add(
              new Verdict(
                  reading.ref(),
                  field(reading, "auth-tls-secret"),
                  Outcome.REFUSED,
                  Reason.Conflict,
                  why + "; requests for the paths of the Ingress there get 403",
                  "ask for the same in all Ingresses of the host, or in one of its owner"));
          break;
        }
      }
    }
    for (Host host : reading.hosts()) {
      TlsPolicy ofHost = of(host);
      if (!asked.ciphers().isEmpty() && !asked.ciphers().equals(ofHost.ciphers())) {
        verdicts.add(lost(reading, "ssl-ciphers", host));
      }
      if (asked.clientsChoose() != null && !asked.clientsChoose().equals(ofHost.clientsChoose())) {
        verdicts.add(lost(reading, "ssl-prefer-server-ciphers", host));
      }
    }
    return verdicts;
  }

  private static Verdict lost(IngressReading reading, String key, Host host) {
    return new Verdict(
        reading.ref(),
        field(reading, key),
        Outcome.APPLIED_WITH_DIFFERENCE,
        Reason.Conflict,
        host.isAny()
            ? "for hosts that nobody names it has no effect"
            : "for host " + host + " it has no effect: the oldest Ingress of its owner decides",
        "write it in that Ingress, or remove it");
  }

  /** How verdicts call an annotation that was read. */
  static String field(IngressReading reading, String key) {
    return reading.verdicts().stream()
        .map(Verdict::field)
        .filter(field -> field.endsWith("/" + key + "]"))
        .findFirst()
        .orElse("");
  }

  private @Nullable String why(IngressReading reading, ClientAuthentication asked, Host host) {
    if (host.isAny()) {
      return "hosts that nobody names cannot ask clients for certificates";
    }
    if (asked.equals(of(host).clients())) {
      return null;
    }
    Owner owner = owners.owner(host);
    return owner != null && owner.namespace().equals(reading.namespace())
        ? "an older Ingress asks clients of host " + host + " for other certificates"
        : "host " + host + " belongs to another namespace, which says what clients are asked for";
  }
}
