package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.AnsweringBackend.answer;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What annotations do with the headers of answers. */
@WithEnvoy
class HeadersIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  @SuppressWarnings("NullAway") // set before all tests
  private static AnsweringBackend web;

  @BeforeAll
  static void startBackend() throws IOException {
    web =
        AnsweringBackend.start(
            request ->
                answer(200, "x", "X-Backend: web", "X-Team: red", "X-Team: green", "X-Gone: 1"));
  }

  @AfterAll
  static void stopBackend() throws IOException {
    web.close();
  }

  /** Adds annotations to the only Ingress of a text. */
  private static String annotated(String ingress, String... keysAndValues) {
    return Yaml.annotatedBelow(NGINX, ingress, keysAndValues);
  }

  private static String configMap(String name, String data) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, namespace: default}, data: {%s}}"
        .formatted(name, data);
  }

  // custom-headers

  @Test
  void customHeaders_ofAConfigMap_takeThePlaceOfThoseOfTheBackend(Proxy proxy) throws Exception {
    String shop =
        annotated(
            ingress("shop", "shop.example.com", "Prefix /none none", "Prefix / web"),
            "custom-headers",
            "default/headers");
    String[] others = {
      ingress("other", "other.example.com", "Prefix / web"),
      web.service("web"),
      service("none", "http", List.of())
    };
    proxy.apply(
        shop,
        configMap("headers", "X-Team: blue, X-Cost: 'a$b \"q\" 100% {}', X-Gone: ''"),
        String.join("\n---\n", others));
    assertEquals(List.of(), proxy.rejections());
    for (String path : List.of("/", "/none")) {
      Response response = proxy.get("shop.example.com", path);
      assertEquals(List.of("blue"), response.all("x-team"), path);
      assertEquals("a$b \"q\" 100% {}", response.header("x-cost"), path);
      assertEquals("", response.header("x-gone"), path);
    }
    assertEquals(503, proxy.get("shop.example.com", "/none").status());
    assertEquals(
        List.of("red", "green"), proxy.get("other.example.com", "/").all("x-team"));

    proxy.apply(shop, String.join("\n---\n", others));
    assertEquals(503, proxy.get("shop.example.com", "/").status());
    assertEquals("web", proxy.get("other.example.com", "/").route());
  }

  // proxy-cookie-path, proxy-cookie-domain

  private static List<String> cookies(Proxy proxy, String host, String... annotations)
      throws IOException {
    try (AnsweringBackend setting =
        AnsweringBackend.start(
            request ->
                answer(
                    200,
                    "",
                    "Set-Cookie: a=Path=/in/; Domain=Inner.example; Path=/in/x; HttpOnly",
                    "Set-Cookie: b=2;path=/in/;  domain = .inner.example ;Max-Age=1",
                    "Set-Cookie: c=3; Path=/other/in/; Domain=x.inner.example",
                    "Set-Cookie: d=%/in/"))) {
      proxy.apply(
          annotated(ingress("shop", "shop.example.com", "Prefix / set"), annotations),
          annotated(ingress("wild", "*.example.org", "Prefix / set"), annotations),
          setting.service("set"));
      assertEquals(List.of(), proxy.rejections());
      return proxy.get(host, "/").all("set-cookie");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "SHOP.example.com", "x.example.org"})
  void proxyCookies_eachLine_hasWhatItsWordsSay(String host, Proxy proxy) throws Exception {
    assertEquals(
        List.of(
            "a=Path=/in/; Domain=www.example; Path=/x; HttpOnly",
            "b=2;path=/;  domain = .www.example ;Max-Age=1",
            "c=3; Path=/other/in/; Domain=x.inner.example",
            "d=%/in/"),
        cookies(
            proxy,
            host,
            "proxy-cookie-path",
            "/in/ /",
            "proxy-cookie-domain",
            ".inner.example www.example"));
  }

  @Test
  void proxyCookiePath_alone_leavesDomainAsItIs(Proxy proxy) throws Exception {
    assertEquals(
        List.of(
            "a=Path=/in/; Domain=Inner.example; Path=/..=/x; HttpOnly",
            "b=2;path=/..=/;  domain = .inner.example ;Max-Age=1",
            "c=3; Path=/other/in/; Domain=x.inner.example",
            "d=%/in/"),
        cookies(proxy, "shop.example.com", "proxy-cookie-path", "/in/ /..=/"));
  }
}
