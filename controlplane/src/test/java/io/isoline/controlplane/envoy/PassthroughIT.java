package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotatedBelow;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections of TLS that the backend ends. */
@WithEnvoy
class PassthroughIT {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "vault.example.com";

  private static final TestCertificate OWN = TestCertificate.of("own", HOST, "*.example.com");
  private static final TestCertificate SHOP = TestCertificate.of("shop", "shop.example.com", HOST);

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend secure;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend plain;

  @BeforeAll
  static void startBackends() throws IOException {
    secure = Backend.startTls("SECURE", OWN);
    plain = Backend.start("PLAIN");
  }

  @AfterAll
  static void stopBackends() throws IOException {
    secure.close();
    plain.close();
  }

  private static String passing(String ingress, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "ssl-passthrough";
    all[1] = "true";
    System.arraycopy(more, 0, all, 2, more.length);
    return annotatedBelow(PREFIX, ingress, all);
  }

  /** A host that is passed on, and one that is not. */
  private static void apply(Proxy proxy, String vault) {
    proxy.configure(settings -> Configured.with(settings, "tls: {passthrough: true}"));
    proxy.apply(
        vault,
        tlsIngress("shop", "shop", "shop.example.com", "Prefix / plain"),
        SHOP.secret("shop"),
        service("secure", secure),
        service("plain", plain));
  }

  private static String shown(Proxy proxy, String serverName) throws IOException {
    try (TlsConnection connection = proxy.tls(Hello.to(serverName))) {
      return connection.commonName();
    }
  }

  private static void assertClosed(Proxy proxy, String serverName) {
    assertThrows(IOException.class, () -> shown(proxy, serverName));
  }

  @Test
  void host_thatIsPassedOn_isWithTheBackendsCertificateAndRequests(Proxy proxy) throws Exception {
    apply(proxy, passing(tlsIngress("vault", "shop", HOST, "Prefix / secure")));

    assertEquals(List.of(), proxy.rejections());
    try (TlsConnection connection = proxy.tls(Hello.to(HOST))) {
      assertEquals("own", connection.commonName());
      Response response = connection.get(HOST, "/a");
      assertEquals("SECURE", response.route());
      assertEquals("", response.echo().header("x-forwarded-proto"));
    }
    try (TlsConnection connection = proxy.tls(Hello.to("shop.example.com"))) {
      assertEquals("shop", connection.commonName());
      assertEquals("PLAIN", connection.get("shop.example.com", "/").route());
      // A browser that asks for the one by a connection for the other makes a new one.
      assertEquals(421, connection.get(HOST, "/").status());
    }
  }

  @Test
  void annotation_thatComesAndGoes_changesWhoEndsTls(Proxy proxy) throws Exception {
    String ended = tlsIngress("vault", "shop", HOST, "Prefix / secure");
    apply(proxy, ended);
    assertEquals("shop", shown(proxy, HOST));
    try (TlsConnection other = proxy.tls(Hello.to("shop.example.com"))) {
      apply(proxy, passing(ended));
      assertEquals("own", shown(proxy, HOST));
      apply(proxy, ended);
      assertEquals("shop", shown(proxy, HOST));
      assertEquals("PLAIN", other.get("shop.example.com", "/").route());
    }
  }

  @Test
  void setting_thatIsOff_leavesTlsWithEnvoy(Proxy proxy) throws Exception {
    proxy.apply(
        passing(ingress("vault", HOST, "Prefix / secure")), service("secure", secure));
    assertEquals(DefaultCertificate.NAME, shown(proxy, HOST));
  }

  @Test
  void plainHttp_goesOnByPathsAndAnnotations(Proxy proxy) throws Exception {
    apply(
        proxy,
        passing(
            ingress("vault", HOST, "Prefix / secure", "Prefix /plain plain"),
            "backend-protocol",
            "HTTPS"));
    assertEquals("SECURE", proxy.get(HOST, "/").route());
  }

  @Test
  void wildcard_isForNamesWithOneLabelMore(Proxy proxy) throws Exception {
    apply(proxy, passing(ingress("vault", "*.example.com", "Prefix / secure")));
    assertEquals("own", shown(proxy, "any.example.com"));
    assertEquals("shop", shown(proxy, "shop.example.com"));
    assertEquals(DefaultCertificate.NAME, shown(proxy, "deep.any.example.com"));
    assertEquals(DefaultCertificate.NAME, shown(proxy, "example.com"));
  }

  @Test
  void backend_thatIsNotThere_hasConnectionsClosed(Proxy proxy) throws Exception {
    String vault = passing(ingress("vault", HOST, "Prefix / secure"));
    apply(proxy, vault);
    assertEquals("own", shown(proxy, HOST));

    proxy.apply(vault, service("secure"));
    assertClosed(proxy, HOST);
    proxy.apply(vault);
    assertClosed(proxy, HOST);
    proxy.apply(vault, service("secure", secure));
    assertEquals("own", shown(proxy, HOST));
    assertEquals(List.of(), proxy.rejections());
  }

  @Test
  void addresses_thatAreNotLetIn_getNoConnection(Proxy proxy) throws Exception {
    String vault = ingress("vault", HOST, "Prefix / secure");
    apply(proxy, passing(vault, "allowlist-source-range", "10.0.0.0/8"));
    assertClosed(proxy, HOST);
    apply(proxy, passing(vault, "allowlist-source-range", "127.0.0.0/8"));
    assertEquals("own", shown(proxy, HOST));
    apply(proxy, passing(vault, "denylist-source-range", "127.0.0.1"));
    assertClosed(proxy, HOST);
    assertEquals(List.of(), proxy.rejections());
  }

  @Test
  void limit_ofRequests_keepsTlsWithEnvoy(Proxy proxy) throws Exception {
    apply(proxy, passing(ingress("vault", HOST, "Prefix / secure"), "limit-rps", "5"));
    assertEquals(DefaultCertificate.NAME, shown(proxy, HOST));
  }
}
