package io.isoline.translator.annotation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who gets copies of requests. */
final class Mirrors implements Subject {

  static final Annotation<MirrorTarget> MIRROR_TARGET =
      new Annotation<>(
          "mirror-target",
          ValueType.parsed(
              "a URL such as http://NAME.NAMESPACE.svc.cluster.local/path$request_uri, of letters,"
                  + " digits and - . _ ~ / : , ? & = + and the variables $request_uri, $is_args and"
                  + " $args",
              MirrorTarget::parse),
          "nobody gets copies",
          "Each request that goes to a backend goes to this URL as well, and what is answered to the"
              + " copy is dropped. It is a Service of the Ingress's namespace. For other hosts and"
              + " for IPv4 addresses the operator has to allow Services of type ExternalName, and"
              + " they must not be inside the cluster or this machine. The query is added to a URL"
              + " without variables.",
          "http://copies.default.svc.cluster.local/seen$request_uri",
          "Services of other namespaces are refused. `$request_uri` is the path that the backend gets,"
              + " after it was rewritten. Copies have no header that says by which proxy they came;"
              + " to other hosts than Services of the namespace they have no `Authorization`,"
              + " `Proxy-Authorization` and `Cookie`. A copy is given up 60 s after the end of its"
              + " request, and none is made while 1,024 of them are under way. The certificate of an"
              + " HTTPS server is not verified, as with ingress-nginx.");

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?");

  private static final Pattern OF_CLIENT = Pattern.compile("\\$(host|http_host|best_http_host)");

  static final Annotation<String> MIRROR_HOST =
      new Annotation<>(
              "mirror-host",
              ValueType.text(
                  "a host: letters, digits and . - _, and a port if it has one; or $host for that of"
                      + " the request",
                  Pattern.compile(HOST + "|" + OF_CLIENT)),
              "the host of `mirror-target`, without its port",
              "The Host that copies have.",
              "copies.example.com",
              "Other variables of nginx are refused.")
          .within(MIRROR_TARGET);

  static final Annotation<Boolean> MIRROR_REQUEST_BODY =
      new Annotation<>(
              "mirror-request-body",
              ValueType.oneOf(new TreeMap<>(Map.of("on", true, "off", false))),
              "on",
              "Whether copies have the body of the request. Envoy makes none without it: with `off`,"
                  + " only requests of the methods GET, HEAD and OPTIONS are copied.",
              "on",
              "With `off`, ingress-nginx announces a body to the server that does not come.")
          .within(MIRROR_TARGET);

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(MIRROR_TARGET, MIRROR_HOST, MIRROR_REQUEST_BODY);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    MirrorTarget target = values.get(MIRROR_TARGET);
    if (target == null) {
      return;
    }
    if (target.service(values.ingress().namespace()) == null) {
      values.differs(
          MIRROR_TARGET,
          "copies go to "
              + target
              + ", without Authorization, Proxy-Authorization and Cookie, as it is no Service of"
              + " namespace "
              + values.ingress().namespace(),
          "name a Service of the namespace, if it is to have them");
    } else {
      values.applied(MIRROR_TARGET, "copies go to " + target);
    }
    boolean withBodies = values.get(MIRROR_REQUEST_BODY, true);
    if (!withBodies) {
      values.differs(
          MIRROR_REQUEST_BODY,
          "no copy is made without the body of the request; only requests of the methods GET, HEAD and"
              + " OPTIONS are copied",
          "remove it, if the server may have the bodies");
    }
    policy.backend(
        backend ->
            backend.copying(
                new MirrorWish(
                    target, host(target, values), withBodies, values.field(MIRROR_TARGET))));
  }

  private static @Nullable String host(MirrorTarget target, Values values) {
    String host = values.get(MIRROR_HOST, target.host());
    return host.startsWith("$") ? null : host;
  }
}
