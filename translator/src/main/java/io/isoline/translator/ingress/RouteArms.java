package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.annotation.BackendPolicy;
import io.isoline.translator.annotation.ErrorPolicy;
import io.isoline.translator.annotation.MirrorWish;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.annotation.SessionAffinity;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.ingress.HostCanaries.CanaryClaim;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.BackendAsked;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Mirror;
import io.isoline.translator.model.PathMatch;
import io.isoline.translator.model.RouteAction;
import io.isoline.translator.model.RouteAction.Forward;
import io.isoline.translator.model.RouteMatch.Text;
import io.isoline.translator.model.RouteMatch.Value;
import io.isoline.translator.model.RouteOption;
import io.isoline.translator.model.StandIn;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.model.Upstream.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** Of backends to which no HTTP must be sent. */
  private static final List<Arm> UNSPOKEN =
      List.of(
          Arm.of(
              new RouteAction.Respond(
                  503, "the backend of this path speaks FastCGI, which Envoy does not speak")));

  /** Methods whose requests have no body, or none that means anything. */
  private static final Value WITHOUT_BODY =
      new Value(":method", new Text.Expression("GET|HEAD|OPTIONS"));

  private final Services services;
  private final ErrorBackends errors;
  private final MirrorTargets mirrors;

  /** Makes arms of what is known. */
  RouteArms(Services services, ErrorBackends errors) {
    this.services = services;
    this.errors = errors;
    mirrors = new MirrorTargets(services);
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

  /**
   * The arms of a path, in the order in which they are tried.
   *
   * @param ingress whose path it is
   * @param canary who gets some of the requests that would go to the target; null for nobody
   */
  List<Arm> of(
      Claimant ingress,
      Policy policy,
      Target target,
      PathMatch path,
      @Nullable CanaryClaim canary,
      Settings settings) {
    if (policy.redirect() != null) {
      return List.of(Arm.of(policy.redirect()));
    }
    BackendPolicy backend = policy.backend();
    if (backend.isUnspoken()) {
      return UNSPOKEN;
    }
    SessionAffinity affinity = backend.affinity();
    BackendAsked asked = ErrorBackends.asked(ingress, target);
    List<RouteOption> pages = errors.pages(policy, asked, settings);
    List<Arm> arms = new ArrayList<>();
    for (Client client : clients(backend)) {
      BackendOptions options = options(backend, client);
      RouteAction main = action(target, options, settings);
      Upstream standIn = standIn(main, backend.errors(), options, settings);
      if (standIn != null && target instanceof Target.ServicePort) {
        List<RouteOption> standing = new ArrayList<>(pages);
        standing.add(new StandIn(asked));
        arms.add(
            new Arm(client.headers(), new Forward(standIn), List.copyOf(standing)));
        continue;
      }
      List<RouteOption> with = new ArrayList<>(pages);
      if (affinity != null) {
        with.add(affinity.cookie(path, client.https(), client.understands()));
      }
      if (!(main instanceof Forward forward)) {
        arms.add(new Arm(client.headers(), main, pages));
        continue;
      }
      for (CanaryArms.Share share : shares(forward, canary, options, affinity, settings)) {
        List<Value> headers = new ArrayList<>(client.headers());
        headers.addAll(share.headers());
        arms.add(new Arm(List.copyOf(headers), new Forward(share.split()), List.copyOf(with)));
      }
    }
    return copied(arms, ingress.ref(), backend.mirror(), settings);
  }

  /** The same arms with copies, for some of the requests if not for all. */
  private List<Arm> copied(
      List<Arm> arms, ObjectRef ingress, @Nullable MirrorWish wish, Settings settings) {
    Mirror mirror = wish == null ? null : mirrors.mirror(ingress, wish, settings);
    if (wish == null || mirror == null) {
      return arms;
    }
    List<Arm> copied = new ArrayList<>();
    for (Arm arm : arms) {
      if (!(arm.action() instanceof Forward)) {
        copied.add(arm);
        continue;
      }
      List<Value> headers = new ArrayList<>(arm.headers());
      List<RouteOption> options = new ArrayList<>(arm.options());
      options.add(mirror);
      if (!wish.withBodies()) {
        headers.add(WITHOUT_BODY);
      }
      copied.add(new Arm(List.copyOf(headers), arm.action(), List.copyOf(options)));
      if (!wish.withBodies()) {
        copied.add(arm);
      }
    }
    return copied;
  }

  /**
   * Who answers in the place of a backend without endpoints; null where it has some, or nobody does.
   */
  private @Nullable Upstream standIn(
      RouteAction main, @Nullable ErrorPolicy policy, BackendOptions options, Settings settings) {
    boolean answers =
        main instanceof Forward forward
            && errors.hasEndpoints(forward.split().backends().getFirst().upstream());
    return answers || policy == null ? null : errors.standIn(policy, options, settings);
  }

  /** Who gets the requests that would go to a backend. */
  private List<CanaryArms.Share> shares(
      Forward main,
      @Nullable CanaryClaim canary,
      BackendOptions options,
      @Nullable SessionAffinity affinity,
      Settings settings) {
    Upstream mine = main.split().backends().getFirst().upstream();
    if (canary != null
        && action(canary.claim().target(), options, settings) instanceof Forward other) {
      Upstream its = other.split().backends().getFirst().upstream();
      // Without an endpoint of the main Service, ingress-nginx does not ask who else could answer.
      if (!its.equals(mine) && errors.hasEndpoints(mine) && errors.hasEndpoints(its)) {
        return CanaryArms.of(
            canary.canary(), mine, its, affinity != null && affinity.withCanary());
      }
    }
    return List.of(new CanaryArms.Share(List.of(), main.split()));
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
            case Resolution.Found found -> new Forward(found.upstream());
            case Resolution.Unresolved _ -> new RouteAction.Respond(503);
          };
    };
  }
}
