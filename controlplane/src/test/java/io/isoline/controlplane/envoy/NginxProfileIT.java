package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A host that is served as ingress-nginx serves it, beside one that is not. */
@WithEnvoy
class NginxProfileIT {

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

  private static void mixed(Proxy proxy) {
    proxy.configure(
        settings -> Configured.with(settings, "ingressClass: {nginxNames: [nginx], names: [isoline, nginx]}"));
    proxy.apply(
        ofNginx(tlsIngress("moved", "moved", "moved.example.com", "Prefix /web a")),
        ofNginx(ingress("plain", "plain.example.com", "Prefix /web a")),
        ingress("strict", "strict.example.com", "Prefix /web a"),
        TestCertificate.of("moved", "moved.example.com").secret("moved"),
        service("a", backend));
    assertEquals(List.of(), proxy.rejections());
  }

  private static String ofNginx(String ingress) {
    return ingress.replace("ingressClassName: isoline", "ingressClassName: nginx");
  }

  private static Response send(Proxy proxy, String method, String host) throws IOException {
    return proxy.request(
        method
            + " /web HTTP/1.1\r\nHost: "
            + host
            + "\r\nX-Scheme: forged\r\nX-Forwarded-Scheme: forged\r\nConnection: close\r\n\r\n");
  }

  @Test
  void backends_getTheSchemeInTwoMoreHeaders(Proxy proxy) throws Exception {
    mixed(proxy);
    Request got = send(proxy, "GET", "plain.example.com").echo();
    assertEquals("http", got.header("x-scheme"));
    assertEquals("http", got.header("x-forwarded-scheme"));
    Request strict = send(proxy, "GET", "strict.example.com").echo();
    assertEquals("", strict.header("x-scheme"));
    assertEquals("", strict.header("x-forwarded-scheme"));
  }

  @Test
  void hostWithATlsSection_redirectsAndHasStrictTransportSecurity(Proxy proxy) throws Exception {
    mixed(proxy);
    assertEquals(308, send(proxy, "GET", "moved.example.com").status());
    assertEquals(308, proxy.get("moved.example.com", "/unknown").status());
    assertEquals("A", proxy.get("plain.example.com", "/web").route());
    try (TlsConnection connection = proxy.tls(Hello.to("moved.example.com"))) {
      Response response = connection.get("moved.example.com", "/web");
      assertEquals(200, response.status());
      assertEquals(
          "max-age=31536000; includeSubDomains", response.header("strict-transport-security"));
    }
  }

  @Test
  void trace_isNotAllowed(Proxy proxy) throws Exception {
    mixed(proxy);
    assertEquals(405, send(proxy, "TRACE", "plain.example.com").status());
    assertEquals("A", send(proxy, "TRACE", "strict.example.com").route());
  }

  private static void allOfNginx(Proxy proxy) {
    mixed(proxy);
    proxy.configure(
        settings ->
            Configured.with(
                settings, "ingressClass: {controller: k8s.io/ingress-nginx, names: [nginx]}"));
  }

  @Test
  void strictTransportSecurity_allOfIngressNginx_isAlsoThatOfUnknownHosts(Proxy proxy)
      throws Exception {
    allOfNginx(proxy);
    proxy.apply(
        annotated(
            ofNginx(tlsIngress("console", "moved", "console.example.com", "Prefix /web a")),
            "nginx.ingress.kubernetes.io/app-root",
            "/web"));
    assertEquals(List.of(), proxy.rejections());
    for (String host : List.of("unknown.example.com", "console.example.com")) {
      try (TlsConnection connection = proxy.tls(Hello.to(host))) {
        Response response = connection.get(host, "/unknown");
        assertEquals(404, response.status());
        assertEquals(
            "max-age=31536000; includeSubDomains", response.header("strict-transport-security"));
      }
    }
    try (TlsConnection connection = proxy.tls(Hello.to("console.example.com"))) {
      Response response = connection.get("console.example.com", "/");
      assertEquals(302, response.status());
      assertEquals("", response.header("strict-transport-security"));
    }
  }

  @Test
  void hostThatNoTlsEntryNames_showsTheCertificateThatIsForIt(Proxy proxy) throws Exception {
    mixed(proxy);
    String entryForAnother = "hosts: [\"elsewhere.example.com\"]";
    proxy.apply(
        ofNginx(tlsIngress("shop", "both", "shop.example.com", "Prefix / a"))
            .replace("hosts: [\"shop.example.com\"]", entryForAnother),
        tlsIngress("mall", "both", "mall.example.com", "Prefix / a")
            .replace("hosts: [\"mall.example.com\"]", entryForAnother),
        TestCertificate.of("both", "shop.example.com", "mall.example.com").secret("both"),
        service("a", backend));
    assertEquals(List.of(), proxy.rejections());
    try (TlsConnection connection = proxy.tls(Hello.to("shop.example.com"))) {
      assertEquals("both", connection.commonName());
      assertEquals(200, connection.get("shop.example.com", "/").status());
    }
    try (TlsConnection connection = proxy.tls(Hello.to("mall.example.com"))) {
      assertNotEquals("both", connection.commonName());
    }
  }

  @Test
  void oddNamesOfHeaders_allOfIngressNginx_areDropped(Proxy proxy) throws Exception {
    allOfNginx(proxy);
    Request got =
        proxy
            .request(
                String.join(
                    "\r\n",
                    "GET /web HTTP/1.1",
                    "Host: plain.example.com",
                    "x_under: 1",
                    "x.dot: 1",
                    "x~tilde: 1",
                    "x-plain: 1",
                    "X9-Digit: 1",
                    "Connection: close",
                    "",
                    ""))
            .echo();
    assertEquals("", got.header("x_under"));
    assertEquals("", got.header("x.dot"));
    assertEquals("", got.header("x~tilde"));
    assertEquals("1", got.header("x-plain"));
    assertEquals("1", got.header("x9-digit"));
    assertEquals("plain.example.com", got.header("x-forwarded-host"));
  }

  @Test
  void redirectToHttps_enableCors_tellsPagesOfOtherOriginsThatTheyMay(Proxy proxy)
      throws Exception {
    mixed(proxy);
    proxy.apply(
        annotated(
            ofNginx(tlsIngress("api", "moved", "api.example.com", "Prefix / a")),
            "nginx.ingress.kubernetes.io/enable-cors",
            "true",
            "nginx.ingress.kubernetes.io/cors-allow-origin",
            "https://app.example.com"));
    assertEquals(List.of(), proxy.rejections());
    for (String path : List.of("/x", "/x/")) {
      Response mine = fromOrigin(proxy, path, "https://app.example.com");
      assertEquals(308, mine.status());
      assertTrue(mine.header("location").endsWith("/x"), mine.header("location"));
      assertEquals("https://app.example.com", mine.header("access-control-allow-origin"));
      Response other = fromOrigin(proxy, path, "https://evil.example.com");
      assertEquals(308, other.status());
      assertTrue(other.header("location").endsWith("/x"), other.header("location"));
      assertEquals("", other.header("access-control-allow-origin"));
    }
  }

  private static Response fromOrigin(Proxy proxy, String path, String origin) throws IOException {
    return proxy.request(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: api.example.com\r\nOrigin: "
            + origin
            + "\r\nConnection: close\r\n\r\n");
  }

  @Test
  void noConnection_allOfIngressNginx_is502AndHasNoCacheControl(Proxy proxy) throws Exception {
    allOfNginx(proxy);
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    proxy.apply(
        ofNginx(ingress("dead", "dead.example.com", "Prefix / dead")),
        service("dead", "http", List.of(closed)));
    Response response = proxy.get("dead.example.com", "/");
    assertEquals(502, response.status());
    assertEquals("text/html; charset=utf-8", response.header("content-type"));
    assertEquals("", response.header("cache-control"));
    Response unknown = proxy.get("unknown.example.com", "/");
    assertEquals(404, unknown.status());
    assertTrue(unknown.body().contains("<h1>404</h1>"), unknown.body());
    assertEquals("", unknown.header("cache-control"));
  }
}
