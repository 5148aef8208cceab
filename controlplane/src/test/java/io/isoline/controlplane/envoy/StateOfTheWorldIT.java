package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static io.isoline.controlplane.envoy.Yaml.withDefault;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import io.isoline.envoy.XdsProtocol;
import org.junit.jupiter.api.Test;

/** The same over the older variant of xDS. */
@WithEnvoy(protocol = XdsProtocol.STATE_OF_THE_WORLD)
class StateOfTheWorldIT {

  @Test
  void swaps_ofARouteToAnotherService_everyRequestIsAnswered(Proxy proxy) throws Exception {
    UpdatesIT.startBackends();
    try {
      UpdatesIT.swap(proxy, 30);
    } finally {
      UpdatesIT.stopBackends();
    }
  }

  @Test
  void routesAndCertificates_areServedAndGo(Proxy proxy) throws Exception {
    try (Backend backend = Backend.start("A")) {
      String all = withDefault("all", "a", "") + "\n---\n" + service("a", backend);
      proxy.apply(
          all,
          tlsIngress("shop", "shop", "shop.example.com", "Prefix /x a"),
          TestCertificate.of("shop", "shop.example.com").secret("shop"));
      try (TlsConnection connection = proxy.tls(Hello.to("shop.example.com"))) {
        assertEquals("shop", connection.commonName());
        assertEquals("A", connection.get("shop.example.com", "/x").route());
      }
      assertEquals("A", proxy.get("any.example.com", "/").route());
      proxy.apply();
      assertEquals("404", proxy.get("any.example.com", "/").route());
    }
  }
}
