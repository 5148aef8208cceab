package io.isoline.translator.annotation;

import java.util.List;

/** Whether TLS is ended by Envoy or by the backend. */
final class Passthrough implements Subject {

  static final Annotation<Boolean> SSL_PASSTHROUGH =
      new Annotation<>(
          "ssl-passthrough",
          ValueType.FLAG,
          "Envoy ends TLS",
          "`true` passes connections of TLS for the hosts of the Ingress on as they are, by the name"
              + " that clients ask for (SNI), to the Service of the path `/`, which shows its own"
              + " certificate. The operator has to allow it by `tls.passthrough`. It holds for the"
              + " whole host with all its paths; of several Ingresses of the host's owner the oldest"
              + " that has the annotation decides. Plain HTTP goes on to be served by the paths and"
              + " annotations. `allowlist-source-range` and `denylist-source-range` hold for"
              + " connections as well. What else keeps clients out looks at requests, which nobody can"
              + " see then: while an Ingress of the owner for the host asks for such a thing, or none"
              + " has the path `/`, TLS is ended by Envoy as ever. A request that comes for the host by"
              + " a connection for another one gets 421, so that a browser makes a new one.",
          "true",
          "A wildcard passes on names with one label more; ingress-nginx knows none. A host without"
              + " the path `/` is not passed on; ingress-nginx closes its connections. Requests that"
              + " come by a connection for another host get 421; ingress-nginx serves them.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(SSL_PASSTHROUGH);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Boolean passes = values.get(SSL_PASSTHROUGH);
    if (passes != null) {
      policy.passes(passes);
    }
  }
}
