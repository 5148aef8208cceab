package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TestCertificate.Algorithm;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With which cipher suites Envoy speaks TLS 1.2 to clients. */
@WithEnvoy
class ServerCiphersIT {

  private static final String CIPHERS = "nginx.ingress.kubernetes.io/ssl-ciphers";
  private static final String PREFER = "nginx.ingress.kubernetes.io/ssl-prefer-server-ciphers";
  private static final String HOST = "web.example.com";
  @SuppressWarnings("TimeInStaticInitializer") // The certificate is good for longer than the tests.
  private static final String RSA =
      TestCertificate.create(
              "web", Algorithm.RSA, Instant.now().plus(Duration.ofDays(30)), HOST, "b.example.com")
          .secret("web");

  private static final String AES_128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
  private static final String AES_256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";

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

  private static void apply(Proxy proxy, String... ingresses) {
    proxy.apply(String.join("\n---\n", ingresses), RSA, service("a", backend));
    assertEquals(List.of(), proxy.rejections());
  }

  private static String web() {
    return tlsIngress("web", "web", HOST, "Prefix / a");
  }

  private static String chosen(Proxy proxy, String host, String... offered) throws IOException {
    try (TlsConnection connection =
        proxy.tls(Hello.to(host).withCipherSuites(List.of(offered)))) {
      assertEquals("A", connection.get(host, "/x").route());
      return connection.cipherSuite();
    }
  }

  @Test
  void sslCiphers_one_isTheOnlyOne(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(web(), CIPHERS, "ECDHE-RSA-AES256-GCM-SHA384"),
        tlsIngress("b", "web", "b.example.com", "Prefix / a"));
    assertEquals(AES_256, chosen(proxy, HOST, AES_128, AES_256));
    assertThrows(SSLException.class, () -> chosen(proxy, HOST, AES_128));
    assertEquals(AES_128, chosen(proxy, "b.example.com", AES_128));
    try (TlsConnection connection = proxy.tls(Hello.to(HOST))) {
      assertEquals("TLSv1.3", connection.version());
    }
  }

  @ParameterizedTest
  @CsvSource({"true, " + AES_256, "false, " + AES_128})
  void sslPreferServerCiphers_saysWhoseOrderCounts(String value, String expected, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        annotated(
            web(),
            CIPHERS,
            "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256",
            PREFER,
            value));
    assertEquals(expected, chosen(proxy, HOST, AES_128, AES_256));
  }

  /** Whatever the reader takes, Envoy has to take. */
  @Test
  void sslCiphers_all_areKnownToEnvoy(Proxy proxy) throws Exception {
    apply(proxy, annotated(web(), CIPHERS, "HIGH:!aNULL:!MD5"));
    assertEquals(AES_128, chosen(proxy, HOST, AES_128));
    assertTrue(proxy.envoy().get("/config_dump").contains("\"AES256-SHA\""));
  }

  @ParameterizedTest
  @CsvSource({"NO-SUCH-CIPHER", "DHE-RSA-AES128-SHA", "foo bar;"})
  void sslCiphers_withoutAnyThatThereIs_isRefusedAndHarmsNobody(String value, Proxy proxy)
      throws Exception {
    apply(proxy, annotated(web(), CIPHERS, value));
    assertEquals(AES_128, chosen(proxy, HOST, AES_128));
  }

  @Test
  void sslCiphers_ofTwoIngresses_areThoseOfTheOldest(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(web(), CIPHERS, "ECDHE-RSA-AES256-GCM-SHA384"),
        annotated(
            tlsIngress("second", "web", HOST, "Prefix /y a"),
            CIPHERS,
            "ECDHE-RSA-AES128-GCM-SHA256"));
    assertEquals(AES_256, chosen(proxy, HOST, AES_128, AES_256));
  }
}
