package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where annotations send requests, and under which hosts these are served. */
@WithEnvoy
class RedirectsIT {

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

  private static void assertRedirect(int status, String location, Response response) {
    assertEquals(status, response.status());
    assertEquals(location, response.header("location"));
  }

  @Test
  void appRoot_onlyTheRoot_isRedirectedBeforeAnythingElse(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            tlsIngress("shop", "shop-tls", "shop.example.com", "Prefix /x a"),
            NGINX + "app-root",
            "/console",
            NGINX + "force-ssl-redirect",
            "true",
            NGINX + "denylist-source-range",
            "0.0.0.0/0"));
    for (String path : List.of("/", "/?q=1", "//", "/.", "/./")) {
      assertRedirect(302, "/console", proxy.get("shop.example.com", path));
    }
    assertRedirect(302, "/console", proxy.get("SHOP.example.com:8080", "/"));
    assertEquals(308, proxy.get("shop.example.com", "/x").status());
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to("shop.example.com"))) {
      assertRedirect(302, "/console", tls.get("shop.example.com", "/"));
    }
  }

  @Test
  void temporalRedirect_anyRequest_getsThisLocation(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            tlsIngress("moved", "moved-tls", "moved.example.com", "Prefix / a"),
            NGINX + "temporal-redirect",
            "https://to.example/t?x=1",
            NGINX + "temporal-redirect-code",
            "307",
            NGINX + "ssl-redirect",
            "true"));
    assertRedirect(307, "https://to.example/t?x=1", proxy.get("moved.example.com", "/a?b"));
  }

  @ParameterizedTest
  @CsvSource({"300, https://to.example/a", "304, ''", "306, https://to.example/a"})
  void permanentRedirect_codeThatIsNotFollowed_hasNoLocation(
      int code, String body, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("moved", "moved.example.com", "Prefix / a"),
            NGINX + "permanent-redirect",
            "https://to.example/a",
            NGINX + "permanent-redirect-code",
            Integer.toString(code)));
    Response response = proxy.get("moved.example.com", "/x");
    assertRedirect(code, "", response);
    assertEquals(body, response.body());
  }

  @ParameterizedTest
  @CsvSource({
    "inner.example.com",
    "inner.example.com:81"
  })
  void upstreamVhost_backend_getsThisHost(String host, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", "web.example.com", "Prefix / a"), NGINX + "upstream-vhost", host));
    Response response = proxy.get("web.example.com:8080", "/");
    assertEquals(host, response.echo().header("host"));
    assertEquals("web.example.com:8080", response.echo().header("x-forwarded-host"));
  }

  private static String locationOf(Proxy proxy, String host, String location) throws IOException {
    return proxy
        .request(
            "GET / HTTP/1.1\r\nHost: "
                + host
                + "\r\nX-Answer: Location: "
                + location
                + "\r\nConnection: close\r\n\r\n")
        .header("location");
  }

  @ParameterizedTest
  @CsvSource({
    "http://inner.example.com/a/b?x=1, /z/b?x=1",
    "http://inner.example.com/b, http://inner.example.com/b",
    "http://inner_example.com/a/b, http://inner_example.com/a/b",
    "/http://inner.example.com/a/b, /http://inner.example.com/a/b"
  })
  void proxyRedirect_beginningOfLocation_isReplaced(
      String location, String expected, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", "web.example.com", "Prefix / a"),
            NGINX + "proxy-redirect-from",
            "http://inner.example.com/a/",
            NGINX + "proxy-redirect-to",
            "/z/"),
        ingress("plain", "plain.example.com", "Prefix / a"));
    assertEquals(expected, locationOf(proxy, "web.example.com", location));
    assertEquals(location, locationOf(proxy, "plain.example.com", location));
    assertEquals("", proxy.get("web.example.com", "/").header("location"));
  }

  @Test
  void serverAlias_isServedAsTheHostIs(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            tlsIngress("shop", "shop-tls", "shop.example.com", "Prefix / a"),
            NGINX + "server-alias",
            "shop.example.org, *.shop.example.org",
            NGINX + "ssl-redirect",
            "false"),
        ingress("more", "shop.example.com", "Prefix /more b"));
    for (String host : List.of("shop.example.org", "SHOP.example.org", "x.shop.example.org")) {
      assertEquals("A", proxy.get(host, "/").route(), host);
      assertEquals("B", proxy.get(host, "/more").route(), host);
    }
    assertEquals(404, proxy.get("x.y.shop.example.org", "/").status());
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to("shop.example.org"))) {
      assertEquals("A", tls.get("shop.example.org", "/").route());
    }
  }

  @Test
  void fromToWww_theOtherHost_isRedirectedWithPathAndQuery(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("shop", "shop.example.com", "Prefix / a"),
            NGINX + "from-to-www-redirect",
            "true"));
    assertRedirect(
        308, "http://shop.example.com/x/?q=1", proxy.get("www.shop.example.com", "/x/?q=1"));
    assertRedirect(308, "http://shop.example.com/x/", proxy.get("www.shop.example.com", "/x/"));
    assertRedirect(308, "http://shop.example.com/", proxy.get("WWW.shop.example.com:8080", "/"));
    assertEquals("A", proxy.get("shop.example.com", "/").route());
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to("www.shop.example.com"))) {
      assertRedirect(308, "https://shop.example.com/x", tls.get("www.shop.example.com", "/x"));
    }
  }
}
