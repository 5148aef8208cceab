package io.isoline.translator.ingress;

import io.isoline.translator.annotation.BackendPolicy;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.annotation.SessionAffinity;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteMatch.Text;
import io.isoline.translator.model.RouteMatch.Value;
import io.isoline.translator.model.RouteOption;
import io.isoline.translator.model.Upstream.Protocol;
import io.isoline.translator.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what is done with the requests for a path. Mostly that is one thing; where it depends on more
 * of a request than the path, it is an arm for each case.
 */
final class RouteArms {

  private static final Value BY_HTTPS = new Value("x-forwarded-proto", new Text.Exact("https"));

  private static final Value MISUNDERSTANDING =
      new Value(
          "user-agent", new Text.Expression(SessionAffinity.MISUNDERSTANDS_SAME_SITE_NONE));

  /** Of paths that nobody may pass. */
  static final List<Arm> CLOSED = List.of(Arm.of(new RouteAction.Respond(503)));

  private final Services services;

  RouteArms(Services services) {
    this.services = services;
  }

  /**
   * What is done with some of the requests for a path.
   *
   * @param headers what such a request has besides; the last arm asks for nothing
   * @param options besides those of all arms
   */
  record Arm(List<Value> headers, RouteAction action, List<RouteOption> options) {
    /** The only one of a path. */
    static Arm of(RouteAction action) {
      return new Arm(List.of(), action, List.of());
    }
  }

  /** A client, as far as anything depends on it. */
  private record Client(boolean https, boolean understands, List<Value> headers) {}

  /** The arms of a path, in the order in which they are tried. */
  List<Arm> of(Policy policy, Target target, PathMatch path, Settings settings) {
    if (policy.redirect() != null) {
      return List.of(Arm.of(policy.redirect()));
    }
    BackendPolicy backend = policy.backend();
    SessionAffinity affinity = backend.affinity();
    List<Arm> arms = new ArrayList<>();
    for (Client client : clients(backend)) {
      RouteAction action = action(target, options(backend, client), settings);
      arms.add(
          new Arm(
              client.headers(),
              action,
              affinity != null && action instanceof RouteAction.Forward
                  ? List.of(affinity.cookie(path, client.https(), client.understands()))
                  : List.of()));
    }
    return arms;
  }

  /** The kinds of clients that are told apart, those with more headers first. */
  private static List<Client> clients(BackendPolicy backend) {
    SessionAffinity affinity = backend.affinity();
    List<Client> clients = new ArrayList<>(List.of(new Client(false, true, List.of())));
    if (affinity != null && affinity.dependsOnBrowser()) {
      clients.addFirst(new Client(false, false, List.of(MISUNDERSTANDING)));
    }
    if (backend.asTheClient() || (affinity != null && affinity.dependsOnScheme())) {
      List<Client> byHttps = new ArrayList<>();
      for (Client client : clients) {
        List<Value> headers = new ArrayList<>(client.headers());
        headers.addFirst(BY_HTTPS);
        byHttps.add(new Client(true, client.understands(), List.copyOf(headers)));
      }
      clients.addAll(0, byHttps);
    }
    return clients;
  }

  /** How a backend is spoken to for a client. */
  private static BackendOptions options(BackendPolicy backend, Client client) {
    return backend.asTheClient()
        ? backend.options().withProtocol(client.https() ? Protocol.HTTP1_TLS : Protocol.HTTP1)
        : backend.options();
  }

  /** What is done with requests for a target. */
  RouteAction action(Target target, BackendOptions options, Settings settings) {
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
}
