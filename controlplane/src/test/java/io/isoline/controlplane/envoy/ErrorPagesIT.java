package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.AnsweringBackend.answer;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages for errors, and who answers where a Service has no endpoint. */
@WithEnvoy
class ErrorPagesIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "shop.example.com";

  /** Answers {@code /NNN} with this status, and all else by 200. */
  @SuppressWarnings("NullAway") // set before all tests
  private static AnsweringBackend web;

  /** Answers with what it got, by 200; with 404 to {@code ?lost}. */
  @SuppressWarnings("NullAway") // set before all tests
  private static AnsweringBackend errors;

  @BeforeAll
  static void startBackends() throws IOException {
    web =
        AnsweringBackend.start(
            request -> {
              String path = request.target().replaceFirst("[?].*", "");
              return path.matches("/[0-9]{3}")
                  ? answer(Integer.parseInt(path.substring(1)), "of web")
                  : answer(200, "of web");
            });
    errors =
        AnsweringBackend.start(
            request -> {
              StringBuilder seen =
                  new StringBuilder(request.request().method() + " " + request.target());
              seen.append(" host=").append(request.header("host"));
              for (String name :
                  List.of(
                      "x-code",
                      "x-format",
                      "x-original-uri",
                      "x-namespace",
                      "x-ingress-name",
                      "x-service-name",
                      "x-service-port",
                      "authorization",
                      "x-isoline-page",
                      "x-isoline-scope")) {
                String value = request.header(name);
                if (!value.isEmpty()) {
                  seen.append(' ').append(name).append('=').append(value);
                }
              }
              if (!request.body().isEmpty()) {
                seen.append(" body=").append(request.body());
              }
              return answer(
                  request.target().endsWith("?lost") ? 404 : 200, seen.toString(), "X-Page: yes");
            });
  }

  @AfterAll
  static void stopBackends() throws IOException {
    web.close();
    errors.close();
  }

  private static String annotated(String ingress, String... keysAndValues) {
    return Yaml.annotatedBelow(NGINX, ingress, keysAndValues);
  }

  private static void apply(Proxy proxy, String... ingresses) {
    proxy.apply(
        String.join("\n---\n", ingresses), web.service("web"), errors.service("errors"));
    assertEquals(List.of(), proxy.rejections());
  }

  private static void applyShop(Proxy proxy, String statuses, String... more) {
    apply(proxy, shop(HOST, statuses, more));
  }

  private static String shop(String host, String statuses, String... more) {
    List<String> all =
        new ArrayList<>(List.of("custom-http-errors", statuses, "default-backend", "errors"));
    all.addAll(List.of(more));
    return annotated(ingress("shop", host, "Prefix / web"), all.toArray(String[]::new));
  }

  private static Response send(Proxy proxy, String head, String body) throws IOException {
    return proxy.request(head + "\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n" + body);
  }

  /** The status that a page was asked for; what else came, if it is no page. */
  private static String code(Response page) {
    return page.header("x-page").isEmpty()
        ? page.toString()
        : page.body().replaceFirst(".* x-code=([0-9]+).*", "$1");
  }

  private static final String TOLD =
      " x-namespace=default x-ingress-name=shop x-service-name=web x-service-port=80";

  // The settings

  @Test
  void statusOfTheSettings_isReplacedForIngressesThatListNone(Proxy proxy) throws Exception {
    proxy.configure(
        settings ->
            Configured.with(
                settings, "defaultBackend: default/errors:80", "errorPages: {statuses: [404, 503]}"));
    apply(
        proxy,
        ingress("shop", HOST, "Prefix / web"),
        annotated(
            ingress("own", "own.example.com", "Prefix / web"), "custom-http-errors", "500"),
        annotated(
            ingress("raw", "raw.example.com", "Prefix / web"),
            "disable-proxy-intercept-errors",
            "true"));
    assertEquals("404", code(proxy.get(HOST, "/404")));
    assertEquals("of web", proxy.get(HOST, "/500").body());
    assertEquals("of web", proxy.get("own.example.com", "/404").body());
    assertEquals("500", code(proxy.get("own.example.com", "/500")));
    assertEquals("of web", proxy.get("raw.example.com", "/404").body());
  }

  // custom-http-errors

  @Test
  void statusOfABackend_thatIsListed_isReplacedByThePage(Proxy proxy) throws Exception {
    applyShop(proxy, "404,503");
    Response page = send(proxy, "GET /404?a=b HTTP/1.1\r\nAccept: text/html", "");
    assertEquals(200, page.status());
    assertEquals("yes", page.header("x-page"));
    assertEquals(
        "GET /?a=b host=shop.example.com x-code=404 x-format=text/html x-original-uri=/404?a=b"
            + TOLD,
        page.body());
    assertEquals("503", code(proxy.get(HOST, "/503")));
    assertEquals("of web", proxy.get(HOST, "/500").body());
    assertEquals(500, proxy.get(HOST, "/500").status());
    assertEquals("of web", proxy.get(HOST, "/x").body());
  }

  @Test
  void statusOfThePage_isThatOfTheClient_andIsNotReplacedAgain(Proxy proxy) throws Exception {
    applyShop(proxy, "404");
    int before = errors.received().size();
    Response page = proxy.get(HOST, "/404?lost");
    assertEquals(404, page.status());
    assertEquals("yes", page.header("x-page"));
    assertEquals(1, errors.received().size() - before);
  }

  @ParameterizedTest
  @CsvSource({"*.wild.example.com, a.wild.example.com", "shop.example.com, SHOP.example.com"})
  void hostThatIsLookedFor_hasItsPages(String host, String asked, Proxy proxy) throws Exception {
    apply(proxy, shop(host, "404"));
    assertTrue(
        proxy
            .get(asked, "/404")
            .body()
            .startsWith("GET / host=" + asked + " x-code=404"),
        proxy.get(asked, "/404").body());
  }

  @Test
  void hostsThatNobodyNames_haveTheirPages(Proxy proxy) throws Exception {
    apply(proxy, shop("", "404"));
    assertTrue(proxy.get("any.example.com", "/404").body().contains("x-code=404"));
    assertEquals("of web", proxy.get("any.example.com", "/x").body());
  }

  @Test
  void page_overTlsAndHttp2_isTheSame(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            tlsIngress("shop", "tls", HOST, "Prefix / web"),
            "custom-http-errors",
            "404",
            "default-backend",
            "errors",
            "ssl-redirect",
            "false"));
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to(HOST))) {
      Response page = tls.exchange("GET /404 HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
      assertTrue(page.body().contains("x-code=404"), page.body());
    }
    try (Connection connection = proxy.connect()) {
      Response page = Http2Get.exchange(connection, HOST, "/404", "accept", "application/json");
      assertTrue(page.body().contains("x-format=application/json"), page.body());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "error timeout http_502 non_idempotent"})
  void requestWithABody_isAskedForByGet(String tries, Proxy proxy) throws Exception {
    applyShop(proxy, "404", "proxy-next-upstream", tries);
    Response page =
        send(
            proxy,
            "POST /404 HTTP/1.1\r\nContent-Length: 4\r\nAuthorization: Bearer x",
            "abcd");
    assertEquals(
        "GET / host=shop.example.com x-code=404 x-original-uri=/404" + TOLD + " body=abcd",
        page.body());
  }

  @Test
  void bodyThatHasNotComeYet_leavesTheAnswerAsItIs(Proxy proxy) throws Exception {
    applyShop(proxy, "413", "proxy-body-size", "10");
    try (Connection connection = proxy.connect()) {
      connection.send(
          "POST /x HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: 100\r\n\r\nab");
      assertEquals(413, connection.receiveHead().status());
    }
  }

  @Test
  void head_isAnsweredAsItIs_withoutABody(Proxy proxy) throws Exception {
    applyShop(proxy, "404");
    try (Connection connection = proxy.connect()) {
      connection.send("HEAD /404 HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
      Response answer = connection.receiveHead();
      assertEquals(404, answer.status());
      assertEquals("", answer.header("x-page"));
      // What a body would be taken for.
      connection.send("HEAD /x HTTP/1.1\r\nHost: shop.example.com\r\n\r\n");
      assertEquals(200, connection.receiveHead().status());
    }
  }

  @Test
  void errorsOfEnvoy_areReplacedToo(Proxy proxy) throws Exception {
    applyShop(proxy, "403,404,502,503", "denylist-source-range", "127.0.0.0/8");
    int before = web.received().size();
    assertEquals("403", code(proxy.get(HOST, "/x")));
    assertEquals(before, web.received().size());
    proxy.apply(
        shop(HOST, "502,503"),
        Yaml.service("web", "http", List.of(Ports.free())),
        errors.service("errors"));
    assertEquals("503", code(proxy.get(HOST, "/x")));
  }

  @Test
  void requestsOfOneWhoSendsTooMany_getThePage_whichIsNotCounted(Proxy proxy) throws Exception {
    applyShop(
        proxy, "404,503", "limit-rpm", "1", "limit-burst-multiplier", "3");
    for (int i = 0; i < 4; i++) {
      assertEquals("404", code(proxy.get(HOST, "/404")));
    }
    assertEquals("503", code(proxy.get(HOST, "/404")));
  }

  @Test
  void nobodyWhoCouldSayWhoMayPass_givesThePageAndNothingElse(Proxy proxy) throws Exception {
    int before = web.received().size();
    applyShop(
        proxy,
        "401,503",
        "auth-url",
        "http://auth.example.com/x");
    assertEquals("503", code(proxy.get(HOST, "/x")));
    assertEquals(before, web.received().size());
  }

  @Test
  void webSocket_thatFails_getsTheAnswerAsItIs(Proxy proxy) throws Exception {
    applyShop(proxy, "404");
    try (Connection connection = proxy.connect()) {
      connection.send(
          String.join(
              "\r\n",
              "GET /404 HTTP/1.1",
              "Host: shop.example.com",
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "",
              ""));
      Response answer = connection.receiveHead();
      assertEquals(404, answer.status());
      assertEquals("", answer.header("x-page"));
    }
  }

  @Test
  void client_cannotReachThePageItself_norSayWhatItIsTold(Proxy proxy) throws Exception {
    applyShop(proxy, "404");
    for (String header :
        List.of("X-Isoline-Page", "x.isoline.page", "X-Isoline-Scope", "x-isoline-PAGE")) {
      Response answer =
          send(proxy, "GET /x HTTP/1.1\r\n" + header + ": default/errors/80", "");
      assertEquals("of web", answer.body(), header);
    }
    Response page =
        send(
            proxy,
            "GET /404 HTTP/1.1\r\nX-Code: 200\r\nX-Format: spoofed\r\nX-Namespace: other\r\n"
                + "X-Original-URI: /y\r\nX-Ingress-Name: z\r\nX-Service-Name: z\r\nX-Service-Port:"
                + " 1\r\nX-Isoline-Page: default/web/80",
            "");
    assertEquals("GET / host=shop.example.com x-code=404 x-original-uri=/404" + TOLD, page.body());
  }

  @Test
  void fieldsThatTheLibraryLacks_areReadByEnvoy(Proxy proxy) throws Exception {
    applyShop(proxy, "404", "disable-proxy-intercept-errors", "true");
    String dump = proxy.envoy().get("/config_dump");
    assertTrue(dump.contains("\"filter_chain\": {"), dump);
    assertTrue(dump.contains("HttpResponseLocalReplyMatchInput"), dump);
  }

  @Test
  void upstreamHost_isThatOfThePageToo_andNotOfHostsThatNobodyNames(Proxy proxy)
      throws Exception {
    String other = ingress("other", "inner.example.com", "Prefix / web");
    apply(proxy, shop(HOST, "404", "upstream-vhost", "inner.example.com"), other);
    assertEquals(
        "GET / host=inner.example.com x-code=404 x-original-uri=/404" + TOLD,
        proxy.get(HOST, "/404").body());
    apply(proxy, shop("", "404", "upstream-vhost", "inner.example.com"), other);
    assertEquals(404, proxy.get("any.example.com", "/404").status());
  }

  @Test
  void rewriting_leavesThePageAlone(Proxy proxy) throws Exception {
    applyShop(proxy, "404", "rewrite-target", "/404");
    assertEquals(
        "GET /?q host=shop.example.com x-code=404 x-original-uri=/a/b?q" + TOLD,
        proxy.get(HOST, "/a/b?q").body());
  }

  // disable-proxy-intercept-errors

  @Test
  void errorsOfBackends_whereTheyAreNotReplaced_passAsTheyAre(Proxy proxy) throws Exception {
    applyShop(
        proxy, "403,404,503", "disable-proxy-intercept-errors", "true");
    assertEquals("of web", proxy.get(HOST, "/404").body());
    applyShop(
        proxy,
        "403,404",
        "disable-proxy-intercept-errors",
        "true",
        "denylist-source-range",
        "127.0.0.0/8");
    assertEquals("403", code(proxy.get(HOST, "/x")));
  }

  // default-backend

  @Test
  void serviceWithoutEndpoints_isAnsweredForByTheDefaultBackend(Proxy proxy) throws Exception {
    String shop =
        annotated(ingress("shop", HOST, "Prefix / web"), "default-backend", "errors");
    proxy.apply(
        shop, Yaml.service("web", "http", List.<Integer>of()), errors.service("errors"));
    Response answer =
        send(
            proxy,
            "POST /a/b?q=1 HTTP/1.1\r\nContent-Length: 3\r\nAccept: text/html\r\nX-Code: 1",
            "abc");
    assertEquals(
        "POST /a/b?q=1 host=shop.example.com x-code=503 x-format=text/html" + TOLD + " body=abc",
        answer.body());

    proxy.apply(shop, web.service("web"), errors.service("errors"));
    assertEquals("of web", proxy.get(HOST, "/x").body());

    proxy.apply(shop, errors.service("errors"));
    assertEquals("503", code(proxy.get(HOST, "/x")));
  }

  @Test
  void defaultBackend_withoutEndpoints_answersNothing(Proxy proxy) throws Exception {
    proxy.apply(
        shop(HOST, "404,503"),
        Yaml.service("errors", "http", List.<Integer>of()),
        web.service("web"));
    assertEquals("of web", proxy.get(HOST, "/404").body());
    proxy.apply(shop(HOST, "404,503"), Yaml.service("errors", "http", List.<Integer>of()));
    assertEquals(503, proxy.get(HOST, "/404").status());
  }
}
