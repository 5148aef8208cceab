package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.annotation.ErrorPolicy;
import io.isoline.translator.annotation.Policy;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.derive.Derived;
import io.isoline.translator.ingress.IngressReading.Claimant;
import io.isoline.translator.ingress.IngressReading.Target;
import io.isoline.translator.model.BackendAsked;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.ErrorPages;
import io.isoline.translator.model.RouteOption;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.settings.ErrorSettings;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says who answers where a backend fails: the Service that an annotation names, or the operator's.
 */
final class ErrorBackends {

  private static final int UNAUTHORIZED = 401;

  private final Services services;
  private final Derived<ObjectRef, Services.Gaps> gaps;

  /**
   * Makes them of what is known.
   *
   * @param gaps what the Services lack that are used
   */
  ErrorBackends(Services services, Derived<ObjectRef, Services.Gaps> gaps) {
    this.services = services;
    this.gaps = gaps;
  }

  /** Whether somebody would answer, as far as it is known. */
  boolean hasEndpoints(Upstream upstream) {
    if (!(upstream instanceof Upstream.Endpoints)) {
      return true;
    }
    Services.Gaps lacking = gaps.get(upstream.service());
    return lacking == null || !lacking.portsWithoutEndpoints().contains(upstream.port());
  }

  /** What the first port of the named Service leads to; it may have no endpoint. */
  Resolution named(ObjectRef service, BackendOptions options, Settings settings) {
    return services.resolve(service, null, services.firstPort(service), options, settings);
  }

  /**
   * The named Service, which answers requests for one that has no endpoint; null where none is
   * named, or it has no endpoint either.
   *
   * @param options how it is spoken to
   */
  @Nullable Upstream standIn(ErrorPolicy errors, BackendOptions options, Settings settings) {
    return errors.service() != null
            && named(errors.service(), options, settings)
                instanceof Resolution.Found(Upstream found, _)
            && hasEndpoints(found)
        ? found
        : null;
  }

  /** Who is asked for pages: the named Service, else the operator's; null for nobody. */
  @Nullable Upstream page(ErrorPolicy errors, Settings settings) {
    Upstream named = standIn(errors, BackendOptions.NONE, settings);
    return named == null ? operators(settings) : named;
  }

  private @Nullable Upstream operators(Settings settings) {
    Target.ServicePort operators = HostRouting.operators(settings);
    if (operators == null) {
      return null;
    }
    return services.resolve(
                operators.service(),
                operators.portName(),
                operators.portNumber(),
                BackendOptions.NONE,
                settings)
            instanceof Resolution.Found(Upstream found, _)
        ? found
        : null;
  }

  /**
   * What makes answers pages, of the statuses that an Ingress lists, or else the operator; nothing
   * where nobody gives any.
   */
  List<RouteOption> pages(Policy policy, BackendAsked asked, Settings settings) {
    ErrorPolicy errors = policy.backend().errors();
    if (errors == null || errors.statuses().isEmpty()) {
      return ofOperator(policy, asked, settings);
    }
    Upstream page = page(errors, settings);
    return page == null
        ? List.of()
        : List.of(new ErrorPages(errors.statuses(), errors.ofBackends(), page, asked));
  }

  private List<RouteOption> ofOperator(Policy policy, BackendAsked asked, Settings settings) {
    ErrorSettings wanted = settings.ingress().errors();
    Upstream page = wanted.statuses().isEmpty() ? null : operators(settings);
    if (page == null) {
      return List.of();
    }
    SortedSet<Integer> statuses = new TreeSet<>(wanted.statuses());
    if (policy.access() != null && policy.access().users() != null) {
      statuses.remove(UNAUTHORIZED); // Else no browser would ask for a password.
    }
    ErrorPolicy errors = policy.backend().errors();
    return statuses.isEmpty()
        ? List.of()
        : List.of(
            new ErrorPages(
                statuses,
                wanted.ofBackends() && (errors == null || errors.ofBackends()),
                page,
                asked));
  }

  /** What is said of requests for a target. */
  static BackendAsked asked(Claimant ingress, Target target) {
    return switch (target) {
      case Target.Refused _ -> nothing(ingress.ref());
      case Target.ServicePort(ObjectRef service, String name, int number) ->
          new BackendAsked(
              ingress.namespace(),
              ingress.ref().name(),
              service.name(),
              name == null ? Integer.toString(number) : name);
    };
  }

  /** What is said of requests that no path is for. */
  static BackendAsked nothing(ObjectRef ingress) {
    return new BackendAsked(ingress.namespace(), ingress.name(), "", "");
  }
}
