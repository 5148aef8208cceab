package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How many requests each client may send. Limits are by the minute, so that nothing comes back during
 * a test, however slow the machine is.
 */
@WithEnvoy
class RequestLimitIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "web.example.com";

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
    proxy.configure(settings -> Configured.with(settings, "trustedHops: 1"));
    proxy.apply(String.join("\n---\n", ingresses), service("a", backend));
    assertEquals(List.of(), proxy.rejections());
  }

  /** How many of some requests a client was let send; others got 503. */
  private static int served(Proxy proxy, int requests, String host, String path, String client)
      throws IOException {
    int served = 0;
    for (int i = 0; i < requests; i++) {
      Response response =
          proxy.request(
              "GET %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nConnection: close\r\n\r\n"
                  .formatted(path, host, client));
      if (response.status() == 200) {
        assertEquals(i, served, "served after it was not");
        served++;
      } else {
        assertEquals(503, response.status());
      }
    }
    return served;
  }

  @Test
  void limit_twoClients_areCountedEachForItself(Proxy proxy) throws Exception {
    apply(proxy, annotated(ingress("web", HOST, "Prefix / a"), NGINX + "limit-rpm", "1"));
    assertEquals(6, served(proxy, 10, HOST, "/", "192.0.2.1"));
    assertEquals(6, served(proxy, 10, HOST, "/", "192.0.2.2"));
    assertEquals(6, served(proxy, 10, HOST, "/", "2001:db8::1"));
    assertEquals(6, served(proxy, 10, HOST, "/", "2001:db8::2"));
    assertEquals(0, served(proxy, 3, HOST, "/", "192.0.2.1"));
  }

  @Test
  void limit_pathsOfOneIngress_shareTheCount(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(ingress("web", HOST, "Prefix /a a", "Prefix /b a"), NGINX + "limit-rpm", "1"),
        annotated(ingress("other", HOST, "Prefix /c a"), NGINX + "limit-rpm", "1"),
        ingress("free", HOST, "Prefix /d a"));
    assertEquals(4, served(proxy, 4, HOST, "/a", "192.0.2.1"));
    assertEquals(2, served(proxy, 5, HOST, "/b", "192.0.2.1"));
    assertEquals(6, served(proxy, 8, HOST, "/c", "192.0.2.1"));
    assertEquals(20, served(proxy, 20, HOST, "/d", "192.0.2.1"));
  }

  @Test
  void limit_burstMultiplier_isOfThat(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", HOST, "Prefix / a"),
            NGINX + "limit-rpm",
            "2",
            NGINX + "limit-burst-multiplier",
            "1"));
    assertEquals(3, served(proxy, 10, HOST, "/", "192.0.2.1"));
  }

  @Test
  void limit_bySecondAndByMinute_bothHold(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", HOST, "Prefix / a"),
            NGINX + "limit-rps",
            "1000",
            NGINX + "limit-rpm",
            "1"));
    assertEquals(6, served(proxy, 10, HOST, "/", "192.0.2.1"));
  }

  @Test
  void limit_bySecond_refusesAStorm(Proxy proxy) throws Exception {
    apply(proxy, annotated(ingress("web", HOST, "Prefix / a"), NGINX + "limit-rps", "1"));
    int served = 0;
    try (Connection connection = proxy.connect()) {
      for (int i = 0; i < 500; i++) {
        served +=
            connection.exchange("GET / HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(HOST)).status() == 200
                ? 1
                : 0;
      }
    }
    assertTrue(served >= 6 && served < 250, () -> "served of 500");
  }

  @Test
  void limit_exemptClients_areNotCounted(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", HOST, "Prefix /a a", "Prefix /b a"),
            NGINX + "limit-rpm",
            "1",
            NGINX + "limit-allowlist",
            "10.0.0.0/8, 2001:db8::/32"),
        annotated(
            ingress("other", HOST, "Prefix /c a"),
            NGINX + "limit-rpm",
            "1",
            NGINX + "limit-whitelist",
            "192.0.2.0/24"));
    assertEquals(20, served(proxy, 20, HOST, "/a", "10.1.2.3"));
    assertEquals(20, served(proxy, 20, HOST, "/a", "::ffff:10.1.2.3"));
    assertEquals(20, served(proxy, 20, HOST, "/b", "2001:db8::7"));
    assertEquals(6, served(proxy, 10, HOST, "/a", "192.0.2.1"));
    assertEquals(20, served(proxy, 20, HOST, "/c", "192.0.2.1"));
    assertEquals(6, served(proxy, 10, HOST, "/c", "10.1.2.3"));
    String dump = proxy.envoy().get("/config_dump");
    assertTrue(dump.contains("\"remote_address_match\""), "Envoy knows the field");
    assertTrue(dump.contains("\"invert_match\": true"), "Envoy knows the field");
  }

  /** Plain HTTP and HTTPS are two connection managers, with one set of routes. */
  @Test
  void limit_plainAndTls_shareTheCount(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(tlsIngress("web", "web", HOST, "Prefix / a"), NGINX + "limit-rpm", "1"),
        TestCertificate.of("web", HOST).secret("web"));
    assertEquals(4, served(proxy, 4, HOST, "/", "127.0.0.1"));
    try (TlsConnection connection = proxy.tls(Hello.to(HOST))) {
      assertEquals(200, connection.get(HOST, "/").status());
      assertEquals(200, connection.get(HOST, "/").status());
      assertEquals(503, connection.get(HOST, "/").status());
    }
  }

  /** Their scope is found by a script, after Envoy chose a route for the first time. */
  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "WEB.example.com"})
  void limit_ofAWildcardAndOfCapitals_isInForce(String host, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(ingress("web", HOST, "Prefix / a"), NGINX + "limit-rpm", "1"),
        annotated(ingress("wild", "*.example.com", "Prefix / a"), NGINX + "limit-rpm", "1"));
    assertEquals(6, served(proxy, 10, host, "/", "192.0.2.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3000000000", "999999999999", "0"})
  void limit_hugeOrNone_isNoneThatOneSees(String value, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", HOST, "Prefix / a"),
            NGINX + "limit-rps",
            value,
            NGINX + "limit-rpm",
            value));
    assertEquals(20, served(proxy, 20, HOST, "/", "192.0.2.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1 ", "many", "5r/s"})
  void limit_thatCannotBeRead_letsNobodyIn(String value, Proxy proxy) throws Exception {
    apply(proxy, annotated(ingress("web", HOST, "Prefix / a"), NGINX + "limit-rps", value));
    assertEquals(0, served(proxy, 1, HOST, "/", "192.0.2.1"));
  }

  /** Which addresses Envoy finds in front of it decides who is who, not what a client says. */
  @Test
  void limit_withoutTrustedProxies_isNotEscapedByAHeader(Proxy proxy) throws Exception {
    apply(proxy, annotated(ingress("web", HOST, "Prefix / a"), NGINX + "limit-rpm", "1"));
    proxy.configure(settings -> Configured.with(settings, "trustedHops: 0"));
    assertEquals(3, served(proxy, 3, HOST, "/", "192.0.2.1"));
    assertEquals(3, served(proxy, 6, HOST, "/", "192.0.2.2"));
  }
}
