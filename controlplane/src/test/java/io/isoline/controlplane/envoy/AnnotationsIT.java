package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the annotations of an Ingress change for its requests. */
@WithEnvoy
class AnnotationsIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend a;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend b;

  @BeforeAll
  static void startBackends() throws IOException {
    a = Backend.start("A");
    b = Backend.start("B");
  }

  @AfterAll
  static void stopBackends() throws IOException {
    a.close();
    b.close();
  }

  private static void apply(Proxy proxy, String... ingresses) {
    proxy.apply(String.join("\n---\n", ingresses), service("a", a), service("b", b));
    assertEquals(List.of(), proxy.rejections());
  }

  private static Response options(Proxy proxy, String host, String origin) throws IOException {
    return proxy.request(
        "OPTIONS /x HTTP/1.1\r\nHost: "
            + host
            + "\r\nOrigin: "
            + origin
            + "\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n");
  }

  private static Response get(Proxy proxy, String host, String origin) throws IOException {
    return proxy.request(
        "GET /x HTTP/1.1\r\nHost: "
            + host
            + "\r\nOrigin: "
            + origin
            + "\r\nConnection: close\r\n\r\n");
  }

  // permanent-redirect

  @ParameterizedTest
  @CsvSource({
    "https://www.example.com",
    "https://www.example.com/new?x=1&y=2",
    "/local",
    "www.example.com"
  })
  void permanentRedirect_anyRequest_getsThisLocation(String location, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        annotated(
            ingress("moved", "moved.example.com", "Prefix / a"),
            NGINX + "permanent-redirect",
            location,
            NGINX + "permanent-redirect-code",
            "308"),
        ingress("other", "other.example.com", "Prefix / b"));
    for (String path : List.of("/", "/a/b?c", "//")) {
      Response response = proxy.get("moved.example.com", path);
      assertEquals(308, response.status(), path);
      assertEquals(location, response.header("location"), path);
    }
    assertEquals("B", proxy.get("other.example.com", "/").route());
  }

  // ssl-redirect, force-ssl-redirect

  @Test
  void forceSslRedirect_ofOneIngressOfAHost_isForItsPathsAlone(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("admin", "shop.example.com", "Prefix /admin a"),
            NGINX + "force-ssl-redirect",
            "true"),
        ingress("shop", "shop.example.com", "Prefix / b"));
    Response response = proxy.get("shop.example.com", "/admin/x/?y=1");
    assertEquals(308, response.status());
    assertEquals(
        "https://shop.example.com:" + proxy.httpsPort() + "/admin/x/?y=1",
        response.header("location"));
    assertEquals("B", proxy.get("shop.example.com", "/other").route());
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to("shop.example.com"))) {
      assertEquals(
          "A", tls.exchange("GET /admin HTTP/1.1\r\nHost: shop.example.com\r\n\r\n").route());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "SHOP.example.com", "x.wild.example.com"})
  void sslRedirect_whereThereIsACertificate_redirects(String host, Proxy proxy) throws Exception {
    String named = host.startsWith("x.") ? "*.wild.example.com" : "shop.example.com";
    apply(
        proxy,
        annotated(
            tlsIngress("shop", "shop-tls", named, "Prefix / a"), NGINX + "ssl-redirect", "true"));
    assertEquals(308, proxy.get(host, "/").status());
    assertEquals("A", proxy.get(host, "/.well-known/acme-challenge/x").route());
    apply(
        proxy, annotated(ingress("shop", named, "Prefix / a"), NGINX + "ssl-redirect", "true"));
    assertEquals("A", proxy.get(host, "/").route());
  }

  @Test
  void sslRedirect_off_servesPlainHttpThoughTheSettingsRedirect(Proxy proxy) throws Exception {
    proxy.configure(settings -> Configured.with(settings, "redirectToHttps: true"));
    apply(
        proxy,
        annotated(
            tlsIngress("open", "tls", "shop.example.com", "Prefix /open a"),
            "isoline.io/ssl-redirect",
            "false"),
        tlsIngress("shop", "tls", "shop.example.com", "Prefix /shop b"));
    assertEquals("A", proxy.get("shop.example.com", "/open").route());
    assertEquals(308, proxy.get("shop.example.com", "/shop").status());
    assertEquals(308, proxy.get("shop.example.com", "/nothing").status());
  }

  // backend-protocol

  @Test
  void backendProtocol_https_isSpokenWhateverTheServiceSays(Proxy proxy) throws Exception {
    TestCertificate certificate = TestCertificate.of("backend.example.com", "backend.example.com");
    try (Backend secure = Backend.startTls("S", certificate)) {
      proxy.apply(
          annotated(
              ingress("secure", "secure.example.com", "Prefix / s"),
              NGINX + "backend-protocol",
              "HTTPS"),
          ingress("plain", "plain.example.com", "Prefix / s"),
          service("s", secure));
      assertEquals("S", proxy.get("secure.example.com", "/").route());
      // The other Ingress uses the same port of the same Service as that says.
      assertTrue(proxy.get("plain.example.com", "/").status() >= 500);
      assertEquals(List.of(), proxy.rejections());
    }
  }

  // proxy-read-timeout

  @Test
  void proxyReadTimeout_silentBackend_is504(Proxy proxy) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      proxy.apply(
          annotated(
              ingress("slow", "slow.example.com", "Prefix / slow"),
              NGINX + "proxy-read-timeout",
              "1"),
          service("slow", "http", List.of(silent.getLocalPort())));
      assertEquals(504, proxy.get("slow.example.com", "/").status());
    }
  }

  @Test
  void proxyReadTimeout_slowButNotSilent_goesOn(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("slow", "slow.example.com", "Prefix / a"),
            NGINX + "proxy-read-timeout",
            "3"));
    Response response = proxy.get("slow.example.com", "/?trickle=5");
    assertEquals("A", response.route());
    assertEquals(".....", response.body());
  }

  // enable-cors

  @ParameterizedTest
  @ValueSource(strings = {"api.example.com", "API.example.com", "x.api.example.com"})
  void enableCors_byDefault_allowsAllAsNginxDoes(String host, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("api", "api.example.com", "Prefix / a"), NGINX + "enable-cors", "true"),
        annotated(
            ingress("wild", "*.api.example.com", "Prefix / a"), NGINX + "enable-cors", "true"));
    Response preflight = options(proxy, host, "https://a.example");
    assertEquals(204, preflight.status());
    for (Response response : List.of(preflight, get(proxy, host, "https://a.example"))) {
      assertEquals("*", response.header("access-control-allow-origin"));
      assertEquals("true", response.header("access-control-allow-credentials"));
      assertEquals(
          "GET, PUT, POST, DELETE, PATCH, OPTIONS",
          response.header("access-control-allow-methods"));
      assertEquals("1728000", response.header("access-control-max-age"));
      assertTrue(response.header("access-control-allow-headers").startsWith("DNT,Keep-Alive"));
    }
    assertEquals("A", get(proxy, host, "https://a.example").route());
  }

  @Test
  void enableCors_listedOrigins_othersAreTheBackendsMatter(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("api", "api.example.com", "Prefix / a"),
            NGINX + "enable-cors",
            "true",
            NGINX + "cors-allow-origin",
            "https://app.example, https://*.example.org",
            NGINX + "cors-expose-headers",
            "X-Total",
            NGINX + "cors-allow-credentials",
            "false"));
    for (String origin : List.of("https://app.example", "https://x.example.org")) {
      Response preflight = options(proxy, "api.example.com", origin);
      assertEquals(204, preflight.status());
      assertEquals(origin, preflight.header("access-control-allow-origin"));
      Response response = get(proxy, "api.example.com", origin);
      assertEquals("A", response.route());
      assertEquals(origin, response.header("access-control-allow-origin"));
      assertEquals("", response.header("access-control-allow-credentials"));
      assertEquals("X-Total", response.header("access-control-expose-headers"));
      assertEquals("Origin", response.header("vary"));
    }
    for (String origin : List.of("https://evil.example", "https://x.y.example.org", "null")) {
      assertEquals("A", options(proxy, "api.example.com", origin).route());
      Response response = get(proxy, "api.example.com", origin);
      assertEquals("A", response.route());
      assertEquals("", response.header("access-control-allow-origin"));
    }
  }

  @Test
  void enableCors_withRedirectToHttps_preflightIsAnsweredFirst(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("api", "api.example.com", "Prefix / a"),
            NGINX + "enable-cors",
            "true",
            NGINX + "force-ssl-redirect",
            "true"));
    assertEquals(204, options(proxy, "api.example.com", "https://a.example").status());
    assertEquals(308, get(proxy, "api.example.com", "https://a.example").status());
  }
}
