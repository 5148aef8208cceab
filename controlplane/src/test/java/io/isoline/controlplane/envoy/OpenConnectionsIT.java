package io.isoline.controlplane.envoy;

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

/**
 * What happens to one host leaves the TLS connections of others alone: Envoy neither closes them nor
 * asks the clients to.
 */
@WithEnvoy
class OpenConnectionsIT {

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
  void thousand_whileAHundredTlsHostsComeAndGo_areKept(Proxy proxy) throws Exception {
    List<String> objects = new ArrayList<>(List.of(service("a", backend)));
    for (int i = 0; i < 20; i++) {
      objects.addAll(host("h" + i));
    }
    apply(proxy, objects);
    try (Connections open = new Connections()) {
      for (int i = 0; i < 1_000; i++) {
        open.add(proxy, "h" + i % 20 + ".example.com");
      }
      List<String> with = new ArrayList<>(objects);
      for (int i = 0; i < 100; i++) {
        with.addAll(host("new" + i));
        if (i % 5 == 4) {
          apply(proxy, with);
        }
      }
      assertEquals("new99", shown(proxy, "new99.example.com"));
      apply(proxy, objects);
      open.assertKept(proxy);
    }
  }

  @Test
  void ofACertificate_whenAnotherHostGetsIt_areKept(Proxy proxy) throws Exception {
    List<String> objects = new ArrayList<>();
    objects.add(service("a", backend));
    objects.add(TestCertificate.of("wild", "*.example.com").secret("wild"));
    objects.add(tlsIngress("one", "wild", "one.example.com", "Prefix / a"));
    apply(proxy, objects);
    try (Connections open = new Connections()) {
      open.add(proxy, "one.example.com");
      objects.add(tlsIngress("two", "wild", "two.example.com", "Prefix / a"));
      apply(proxy, objects);
      open.add(proxy, "two.example.com");
      objects.remove(2);
      apply(proxy, objects);
      try (TlsConnection two = proxy.tls(Hello.to("two.example.com"))) {
        assertEquals("A", two.get("two.example.com", "/").route());
      }
      // The host is gone, and what was open for it says so.
      open.assertAnswered(proxy, "404", "A");
    }
  }

  @Test
  void ofACertificate_whenItIsRenewed_areKept(Proxy proxy) throws Exception {
    List<String> objects = new ArrayList<>(List.of(service("a", backend)));
    objects.addAll(host("h"));
    apply(proxy, objects);
    try (Connections open = new Connections()) {
      open.add(proxy, "h.example.com");
      objects.removeLast();
      objects.add(TestCertificate.of("renewed", "h.example.com").secret("h"));
      apply(proxy, objects);
      Await.until(
          "the certificate is renewed", () -> shown(proxy, "h.example.com").equals("renewed"));
      open.assertKept(proxy);
    }
  }

  /** A host with a certificate of its own. */
  private static List<String> host(String name) {
    String host = name + ".example.com";
    return List.of(
        tlsIngress(name, name, host, "Prefix / a"), TestCertificate.of(name, host).secret(name));
  }

  private static void apply(Proxy proxy, List<String> objects) {
    proxy.apply(objects.toArray(String[]::new));
  }

  private static String shown(Proxy proxy, String host) throws IOException {
    try (TlsConnection connection = proxy.tls(Hello.to(host))) {
      return connection.commonName();
    }
  }

  /** On each of them a request has been answered. */
  private static final class Connections implements AutoCloseable {
    private final List<TlsConnection> connections = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();

    void add(Proxy proxy, String host) throws IOException {
      TlsConnection connection = proxy.tls(Hello.to(host));
      connections.add(connection);
      hosts.add(host);
      assertEquals("A", connection.get(host, "/").route());
    }

    void assertKept(Proxy proxy) throws IOException {
      assertAnswered(proxy, "A".repeat(connections.size()).split("", -1));
    }

    /**
     * All in order, and none with a word that the connection is to end. What Envoy drains it closes
     * after a while, here a second, so it has to be done with that.
     */
    void assertAnswered(Proxy proxy, String... routes) throws IOException {
      Await.until(
          "no filter chain drains",
          () -> proxy.envoy().counter("listener_manager.total_filter_chains_draining") == 0);
      for (int i = 0; i < connections.size(); i++) {
        Response response = connections.get(i).get(hosts.get(i), "/");
        assertEquals(routes[i], response.route(), hosts.get(i));
        assertEquals("", response.header("connection"), hosts.get(i));
      }
    }

    @Override
    public void close() throws IOException {
      for (TlsConnection connection : connections) {
        connection.close();
      }
    }
  }
}
