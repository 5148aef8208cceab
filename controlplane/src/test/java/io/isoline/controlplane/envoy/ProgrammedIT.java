package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From the moment on at which an Ingress is called programmed, the first request is right. */
@WithEnvoy
class ProgrammedIT {

  private static final int HOSTS = 25;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend backend;

  @BeforeAll
  static void startBackend() throws IOException {
    backend = Backend.start("A");
  }

  @AfterAll
  static void stopBackend() throws IOException {
    backend.close();
  }

  @Test
  void newHost_firstRequestIsRight(Proxy proxy) throws Exception {
    List<String> objects = new ArrayList<>(List.of(service("a", backend)));
    for (int i = 0; i < HOSTS; i++) {
      objects.add(ingress("i" + i, "h" + i + ".example.com", "Prefix / a"));
      proxy.program("i" + i, objects.toArray(String[]::new));
      assertEquals(200, proxy.get("h" + i + ".example.com", "/").status(), "host " + i);
    }
  }

  @Test
  void newTlsHost_firstConnectionIsRight(Proxy proxy) throws Exception {
    List<String> objects = new ArrayList<>(List.of(service("a", backend)));
    for (int i = 0; i < HOSTS; i++) {
      String host = "h" + i + ".example.com";
      objects.add(TestCertificate.of("c" + i, host).secret("s" + i));
      objects.add(tlsIngress("i" + i, "s" + i, host, "Prefix / a"));
      proxy.program("i" + i, objects.toArray(String[]::new));
      try (TlsConnection connection = proxy.tls(Hello.to(host))) {
        assertEquals("c" + i, connection.commonName());
      }
    }
  }
}
