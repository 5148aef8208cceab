package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict;
import io.isoline.translator.Verdict.Outcome;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.ingress.HostCanaries.CanaryClaim;
import io.isoline.translator.ingress.HostMerge.Winner;
import io.isoline.translator.ingress.IngressReading.RouteClaim;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.Upstream;
import java.util.List;

/** Says what became of the paths of a canary. */
final class CanaryVerdicts {

  private final HostRouting routing;
  private final Services services;
  private final Derived<ObjectRef, Services.Gaps> gaps;

  CanaryVerdicts(
      HostRouting routing, Services services, Derived<ObjectRef, Services.Gaps> gaps) {
    this.routing = routing;
    this.services = services;
    this.gaps = gaps;
  }

  /** Of one path; empty where all was said elsewhere. */
  List<Verdict> of(IngressReading canary, RouteClaim claim, Settings settings) {
    HostMerge merge = routing.merged(claim.host());
    Winner main = merge == null ? null : merge.winner(canary.namespace(), claim);
    String what = "host " + claim.host() + " with " + shown(claim);
    if (main == null || !main.ingress().namespace().equals(canary.namespace())) {
      return List.of(
          new Verdict(
              canary.ref(),
              claim.field(),
              Outcome.REFUSED,
              main == null ? Reason.InvalidValue : Reason.HostOwned,
              main == null
                  ? "no Ingress of namespace "
                      + canary.namespace()
                      + " has "
                      + what
                      + ", so there is nothing that the canary could share"
                  : what
                      + " belongs to "
                      + main.ingress().ref()
                      + ", and a canary shares only what its own namespace has",
              "give the canary host, path and pathType of its main Ingress"));
    }
    CanaryClaim counting = routing.canary(canary.namespace(), claim);
    if (counting == null) {
      return List.of();
    }
    if (!counting.ingress().ref().equals(canary.ref()) || !counting.claim().equals(claim)) {
      return List.of(
          new Verdict(
              canary.ref(),
              claim.field(),
              Outcome.NO_EFFECT,
              Reason.Conflict,
              what
                  + " has a canary already: "
                  + counting.ingress().ref()
                  + " ("
                  + counting.claim().field()
                  + ")",
              "remove one of the two"));
    }
    String lacked = routing.lacked(main, counting);
    if (lacked != null) {
      return List.of(
          new Verdict(
              canary.ref(),
              claim.field(),
              Outcome.REFUSED,
              Reason.InvalidValue,
              "the canary asks for "
                  + lacked
                  + ", and its main Ingress does not, or otherwise; what is asked of the main Ingress"
                  + " holds for both, so the canary gets nothing",
              "write " + lacked + " at " + main.ingress().ref() + " as well"));
    }
    if (main.policy().redirect() != null) {
      return List.of(
          new Verdict(
              canary.ref(),
              claim.field(),
              Outcome.NO_EFFECT,
              Reason.Conflict,
              main.ingress().ref() + " sends all requests for it elsewhere",
              ""));
    }
    return counting.canary().isNothing() || !(claim.target() instanceof Target.ServicePort port)
        ? List.of()
        : List.of(ofTarget(canary, claim, counting, port, main, settings));
  }

  private Verdict ofTarget(
      IngressReading canary,
      RouteClaim claim,
      CanaryClaim counting,
      Target.ServicePort port,
      Winner main,
      Settings settings) {
    String backend = claim.field() + ".backend";
    String otherwise = "; " + main.ingress().ref() + " gets all requests";
    return switch (services.resolve(
        port.service(),
        port.portName(),
        port.portNumber(),
        main.policy().backend().options(),
        settings)) {
      case Resolution.Unresolved unresolved ->
          new Verdict(
              canary.ref(),
              backend,
              Outcome.REFUSED,
              unresolved.reason(),
              unresolved.message() + otherwise,
              unresolved.fix());
      case Resolution.Found found -> {
        Upstream upstream = found.upstream();
        String to = upstream.service() + " port " + upstream.port();
        Services.Gaps lacking = gaps.get(upstream.service());
        yield upstream instanceof Upstream.Endpoints
                && lacking != null
                && lacking.portsWithoutEndpoints().contains(upstream.port())
            ? new Verdict(
                canary.ref(),
                backend,
                Outcome.APPLIED_WITH_DIFFERENCE,
                Reason.NoEndpoints,
                to + " has no ready endpoint" + otherwise,
                "look at the pods that the Service selects")
            : new Verdict(
                canary.ref(),
                claim.field(),
                Outcome.APPLIED,
                Reason.Accepted,
                "of "
                    + claim.host()
                    + " "
                    + shown(claim)
                    + ", "
                    + counting.canary()
                    + " go to "
                    + to
                    + " instead of where "
                    + main.ingress().ref()
                    + " sends them",
                "");
      }
    };
  }

  private static String shown(RouteClaim claim) {
    return claim.match() == null
        ? claim.pathType() + " " + claim.path()
        : claim.match().toString();
  }
}
