package io.isoline.translator.annotation;

import io.isoline.translator.Verdict.Reason;
import io.isoline.translator.annotation.ValueType.Reading;
import io.isoline.translator.model.UpstreamHost;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which Host backends get. */
final class UpstreamHosts implements Subject {

  private static final String SYNTAX =
      "a host: letters, digits and . - _, or an IPv6 address in brackets, and a port if it has one";

  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

  /** Other values of ingress-nginx, which are made of variables of nginx. */
  private static final Pattern WITH_VARIABLES =
      Pattern.compile("[-A-Za-z0-9._~/:^$\\[\\](){}*+?|&=\\\\]{1,500}");

  /** Variables that are the Host of the client. */
  private static final Set<String> OF_CLIENT = Set.of("$host", "$http_host", "$best_http_host");

  static final Annotation<String> UPSTREAM_VHOST =
      new Annotation<>(
          "upstream-vhost",
          new ValueType<>(
              SYNTAX,
              text ->
                  HOST.matcher(text).matches()
                          || (text.contains("$") && WITH_VARIABLES.matcher(text).matches())
                      ? new Reading.Good<>(text)
                      : new Reading.Bad<>(
                          "\"" + ValueType.shown(text) + "\" is not " + SYNTAX)),
          "backends get the Host that the client sent",
          "Backends get this Host. X-Forwarded-Host is that of the client.",
          "inner.example.com",
          "Variables of nginx are refused, but for those that are the Host of the client.");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(UPSTREAM_VHOST);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    String host = values.get(UPSTREAM_VHOST);
    if (host == null) {
      return;
    }
    if (OF_CLIENT.contains(host)) {
      values.applied(UPSTREAM_VHOST, "backends get the Host of the client in any case");
    } else if (!HOST.matcher(host).matches()) {
      values.refused(
          UPSTREAM_VHOST,
          Reason.Unsupported,
          "variables of nginx mean nothing here; backends get the Host of the client",
          "write a host");
    } else {
      policy.add(new UpstreamHost(host));
      values.applied(UPSTREAM_VHOST, "backends get " + host + " as Host");
    }
  }
}
