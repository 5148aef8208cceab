package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From which addresses requests are let in. A trusted proxy in front says which one it is. */
@WithEnvoy
class AddressListIT {

  private static final String ALLOW = "nginx.ingress.kubernetes.io/allowlist-source-range";
  private static final String DENY = "nginx.ingress.kubernetes.io/denylist-source-range";
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

  private static Response get(Proxy proxy, String host, String client) throws IOException {
    return proxy.request(
        "GET /x HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nConnection: close\r\n\r\n"
            .formatted(host, client));
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 200",
    "::ffff:10.1.2.3, 200",
    "192.0.2.7, 200",
    "192.0.2.8, 403",
    "11.0.0.0, 403",
    "2001:db8:1::5, 200",
    "2001:db9::5, 403",
    "10.9.0.1, 403",
    "::ffff:10.9.0.1, 403",
    "2001:db8:2::1, 403",
    // The last address is the one that the trusted proxy saw.
    "'10.1.2.3, 192.0.2.8', 403",
  })
  void lists_both_denyGoesBeforeAllow(String client, int status, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", HOST, "Prefix / a"),
            ALLOW,
            "10.0.0.0/8, 192.0.2.7 ,\n2001:db8::/32",
            DENY,
            "10.9.0.0/16,2001:db8:2::1"));
    assertEquals(status, get(proxy, HOST, client).status());
  }

  @ParameterizedTest
  @CsvSource({"198.51.100.1, 403", "::ffff:198.51.100.1, 403", "10.0.0.1, 200", "::1, 200"})
  void denylist_alone_letsAllOthersIn(String client, int status, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(ingress("web", HOST, "Prefix / a"), DENY, "198.51.100.0/24"),
        ingress("other", "other.example.com", "Prefix / a"));
    assertEquals(status, get(proxy, HOST, client).status());
    assertEquals(200, get(proxy, "other.example.com", client).status());
  }

  @Test
  void allowlist_ofOneIngress_isForItsPathsAlone(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(ingress("admin", HOST, "Prefix /x a", "Prefix /z a"), ALLOW, "10.0.0.0/8"),
        ingress("web", HOST, "Prefix / a"));
    assertEquals(403, get(proxy, HOST, "192.0.2.1").status());
    assertEquals(
        200,
        proxy
            .request(
                "GET /y HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
                    .formatted(HOST))
            .status());
  }

  /** Their scope is found by a script, after Envoy chose a route for the first time. */
  @ParameterizedTest
  @CsvSource({"shop.example.com", "WEB.example.com", "Shop.Example.Com"})
  void allowlist_ofAWildcardAndOfCapitals_isInForce(String host, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(ingress("web", HOST, "Prefix / a"), ALLOW, "10.0.0.0/8"),
        annotated(ingress("wild", "*.example.com", "Prefix / a"), ALLOW, "10.0.0.0/8"));
    assertEquals(403, get(proxy, host, "192.0.2.1").status());
    assertEquals(200, get(proxy, host, "10.0.0.1").status());
  }

  @Test
  void allowlist_thousandsOfRanges_areTaken(Proxy proxy) throws Exception {
    StringBuilder ranges = new StringBuilder("127.0.0.0/8");
    for (int i = 0; i < 5000; i++) {
      ranges.append(",10.%d.%d.0/24".formatted(i / 256, i % 256));
    }
    apply(proxy, annotated(ingress("web", HOST, "Prefix / a"), ALLOW, ranges.toString()));
    assertEquals(200, get(proxy, HOST, "10.19.135.1").status());
    assertEquals(403, get(proxy, HOST, "10.19.136.1").status());
  }

  @Test
  void allowlist_besideARedirectAndCors_comesAfterThem(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            tlsIngress("web", "web", HOST, "Prefix / a"),
            ALLOW,
            "10.0.0.0/8",
            "nginx.ingress.kubernetes.io/ssl-redirect",
            "true",
            "nginx.ingress.kubernetes.io/enable-cors",
            "true"),
        TestCertificate.of("web", HOST).secret("web"));
    assertEquals(308, get(proxy, HOST, "192.0.2.1").status());
    String preflight =
        "OPTIONS /x HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: 192.0.2.1\r\nOrigin: https://a.test\r\n"
                .formatted(HOST)
            + "Access-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n";
    assertEquals(204, proxy.request(preflight).status());
    try (TlsConnection connection = proxy.tls(Hello.to(HOST))) {
      assertEquals(403, connection.get(HOST, "/x").status());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allowlist-source-range | '' | 503",
        "whitelist-source-range | '' | 200",
        "denylist-source-range | '' | 503",
        "allowlist-source-range | , | 503",
        "allowlist-source-range | 127.0.0.1, foo | 503",
        "denylist-source-range | foo | 503",
      })
  void lists_thatCannotBeRead_letNobodyIn(String key, String value, int status, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", HOST, "Prefix / a"), "nginx.ingress.kubernetes.io/" + key, value));
    assertEquals(status, get(proxy, HOST, "127.0.0.1").status());
  }

  @Test
  void allowlist_withProxyProtocol_isOfTheAddressThatItSays(Proxy proxy) throws Exception {
    proxy.apply(
        annotated(ingress("web", HOST, "Prefix / a"), ALLOW, "192.0.2.1"),
        service("a", backend));
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "http: {address: 127.0.0.1, port: " + proxy.httpPort() + ", proxyProtocol: true}"));
    String request = "GET /x HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(HOST);
    assertEquals(
        200, proxy.request("PROXY TCP4 192.0.2.1 127.0.0.1 1 80\r\n" + request).status());
    assertEquals(
        403, proxy.request("PROXY TCP4 192.0.2.2 127.0.0.1 1 80\r\n" + request).status());
  }
}
