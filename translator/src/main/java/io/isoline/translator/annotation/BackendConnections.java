package io.isoline.translator.annotation;

import java.time.Duration;
import java.util.List;

/** How backends are connected to. */
final class BackendConnections implements Subject {

  static final Annotation<Long> PROXY_CONNECT_TIMEOUT =
      new Annotation<>(
          "proxy-connect-timeout",
          ValueType.number(1, 31_536_000, " (seconds)"),
          "the settings say it (`timeouts.connect`, 5 seconds)",
          "How long is waited for a connection to an endpoint before another one is tried.",
          "10",
          "0, by which ingress-nginx waits not at all, is refused.");

  static final Annotation<Boolean> SERVICE_UPSTREAM =
      new Annotation<>(
          "service-upstream",
          ValueType.FLAG,
          "requests go to the endpoints of the Service",
          "`true` sends requests to the cluster IP of the Service, so that the nodes choose the"
              + " endpoint, for each connection. A Service without a cluster IP is asked at its"
              + " endpoints all the same.",
          "true",
          "");

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(PROXY_CONNECT_TIMEOUT, SERVICE_UPSTREAM);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    Long seconds = values.get(PROXY_CONNECT_TIMEOUT);
    if (seconds != null) {
      policy.backend(
          backend ->
              backend.with(backend.options().withConnectTimeout(Duration.ofSeconds(seconds))));
    }
    if (values.get(SERVICE_UPSTREAM, false)) {
      policy.backend(backend -> backend.with(backend.options().withClusterIp(true)));
    }
  }
}
