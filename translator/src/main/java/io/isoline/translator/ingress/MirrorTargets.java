package io.isoline.translator.ingress;

import io.isoline.translator.ObjectRef;
import io.isoline.translator.Settings;
import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.MirrorTarget;
import io.isoline.translator.annotation.MirrorWish;
import io.isoline.translator.backend.Resolution;
import io.isoline.translator.backend.Services;
import io.isoline.translator.model.BackendOptions;
import io.isoline.translator.model.Mirror;
import io.isoline.translator.model.Upstream;
import io.isoline.translator.model.Upstream.Protocol;
import org.jspecify.annotations.Nullable;

/** Says who gets copies of requests: Services of the namespace, and what the operator allows besides. */
final class MirrorTargets {

  private final Services services;

  MirrorTargets(Services services) {
    this.services = services;
  }

  /** What the target of an Ingress leads to. */
  Resolution resolve(ObjectRef ingress, MirrorTarget target, Settings settings) {
    Protocol protocol = target.tls() ? Protocol.HTTP1_TLS : Protocol.HTTP1;
    BackendOptions options = BackendOptions.NONE.withProtocol(protocol).ofCopies();
    ObjectRef service = target.service(ingress.namespace());
    if (service == null) {
      return Services.outside(
          ingress, target.host(), target.port(), protocol, options, settings);
    }
    String domain = target.clusterDomain();
    return domain.isEmpty() || domain.equals(settings.services().clusterDomain())
        ? services.resolve(service, null, target.port(), options, settings)
        : new Resolution.Unresolved(
            Reason.InvalidValue,
            target.host() + " is not of the domain " + settings.services().clusterDomain(),
            "end the name after svc");
  }

  /** The option of routes; null where no copies can be sent. */
  @Nullable Mirror mirror(ObjectRef ingress, MirrorWish wish, Settings settings) {
    return resolve(ingress, wish.target(), settings) instanceof Resolution.Found found
        ? new Mirror(
            found.upstream(),
            wish.host(),
            wish.target().path(),
            found.upstream() instanceof Upstream.Endpoints)
        : null;
  }
}
