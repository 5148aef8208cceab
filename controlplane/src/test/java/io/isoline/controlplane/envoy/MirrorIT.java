package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.AnsweringBackend.answer;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.AnsweringBackend.Received;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies of requests. */
@WithEnvoy
class MirrorIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "shop.example.com";
  private static final String SERVICE = "http://copies.default.svc";

  @SuppressWarnings("NullAway") // set before each test
  private AnsweringBackend web;

  @SuppressWarnings("NullAway") // set before each test
  private AnsweringBackend copies;

  @BeforeEach
  void startBackends() throws IOException {
    web = AnsweringBackend.start(request -> answer(200, "x"));
    copies = AnsweringBackend.start(request -> answer(500, "nobody reads this"));
  }

  @AfterEach
  void stopBackends() throws IOException {
    web.close();
    copies.close();
  }

  private void apply(Proxy proxy, String target, String... annotations) {
    String[] all = new String[annotations.length + 2];
    all[0] = "mirror-target";
    all[1] = target;
    System.arraycopy(annotations, 0, all, 2, annotations.length);
    proxy.apply(
        Yaml.annotatedBelow(NGINX, ingress("shop", HOST, "Prefix / web"), all),
        web.service("web"),
        copies.service("copies"));
    assertEquals(List.of(), proxy.rejections());
  }

  private static Response send(Proxy proxy, String method, String path, String headers, String body)
      throws IOException {
    return proxy.request(
        "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s%s\r\n%s"
            .formatted(
                method,
                path,
                HOST,
                body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n",
                headers,
                body));
  }

  private Received copy() {
    Await.until("a copy came", () -> !copies.received().isEmpty());
    return copies.received().getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "'', /a/b?q=1%20$x, /?q=1%20$x",
    "/, /a, /",
    "/m, /a, /m",
    "/m, /a?q=1, /m?q=1",
    "/m?x=1, /a?q=1, /m?x=1&q=1",
    "$request_uri, /a/b?q=1, /a/b?q=1",
    "/100%25$request_uri, /%25?100%, /100%25/%25?100%",
    "/m$is_args$args, /a?q=%1, /m?q=%1",
    "/m$is_args$query_string, /a, /m"
  })
  void copy_hasThePathOfTheTarget(String path, String asked, String copied, Proxy proxy)
      throws Exception {
    apply(proxy, SERVICE + path);
    assertEquals(200, send(proxy, "POST", asked, "X-A: 1\r\n", "hello").status());
    Received copy = copy();
    assertEquals("POST", copy.request().method());
    assertEquals(copied, copy.target());
    assertEquals("hello", copy.body());
    assertEquals("1", copy.header("x-a"));
    assertEquals(asked, web.received().getFirst().target());
    assertEquals(1, web.received().size());
  }

  @Test
  void copy_toAService_hasWhatTheClientSent_andItsHost(Proxy proxy) throws Exception {
    apply(proxy, SERVICE + "/m");
    send(proxy, "GET", "/", "Authorization: Basic x\r\nCookie: a=1\r\nx-isoline-copy: /y\r\n", "");
    Received copy = copy();
    assertEquals("copies.default.svc", copy.header("host"));
    assertEquals("Basic x", copy.header("authorization"));
    assertEquals("a=1", copy.header("cookie"));
    for (Response.Header header : copy.request().headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      assertFalse(name.matches("(x-forwarded|x-envoy|x-isoline|x-real|x-request).*"), name);
    }
    assertTrue(web.received().getFirst().header("x-forwarded-for").contains("127.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource({"mirror.example.com:81, mirror.example.com:81", "$host, shop.example.com"})
  void mirrorHost_isTheHostOfCopies(String value, String host, Proxy proxy) throws Exception {
    apply(proxy, SERVICE, "mirror-host", value);
    send(proxy, "GET", "/", "", "");
    assertEquals(host, copy().header("host"));
    assertEquals(HOST, web.received().getFirst().header("host"));
  }

  @Test
  void copy_toAnotherHost_hasNoCredentials(Proxy proxy) throws Exception {
    proxy.configure(
        settings -> settings.with(settings.services().allowingExternalName(true)));
    apply(proxy, "http://127.0.0.1:" + copies.port() + "/mirror$request_uri");
    send(proxy, "GET", "/x", "Authorization: Basic x\r\nCookie: a=1\r\n", "");
    Received copy = copy();
    assertEquals("/mirror/x", copy.target());
    assertEquals("127.0.0.1", copy.header("host"));
    assertEquals("", copy.header("authorization"));
    assertEquals("", copy.header("cookie"));
    assertEquals("Basic x", web.received().getFirst().header("authorization"));
  }

  @Test
  void mirrorRequestBody_off_copiesMethodsWithoutBodies(Proxy proxy) throws Exception {
    apply(proxy, SERVICE + "$request_uri", "mirror-request-body", "off");
    assertEquals(200, send(proxy, "POST", "/secret", "", "hello").status());
    assertEquals(200, send(proxy, "GET", "/a", "", "").status());
    assertEquals("/a", copy().target());
    assertEquals(2, web.received().size());
    assertEquals(1, copies.received().size());
  }

  @Test
  void copy_thatNobodyAnswers_keepsNobodyWaiting(Proxy proxy) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (AnsweringBackend silent =
        AnsweringBackend.start(
            request -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return AnsweringBackend.LEAVE;
            })) {
      proxy.apply(
          Yaml.annotatedBelow(
              NGINX, ingress("shop", HOST, "Prefix / web"), "mirror-target", SERVICE),
          web.service("web"),
          silent.service("copies"));
      assertEquals(200, send(proxy, "GET", "/", "", "").status());
      Await.until("a copy came", () -> !silent.received().isEmpty());
      assertEquals(200, send(proxy, "GET", "/", "", "").status());
    } finally {
      end.countDown();
    }
  }

  @Test
  void copy_toNobody_changesNothing(Proxy proxy) throws Exception {
    copies.close();
    apply(proxy, SERVICE);
    assertEquals(200, send(proxy, "POST", "/", "", "hello").status());
    assertEquals("hello", web.received().getFirst().body());
  }

  @Test
  void requestThatIsRefused_isNotCopied(Proxy proxy) throws Exception {
    apply(proxy, SERVICE + "$request_uri", "denylist-source-range", "127.0.0.2/32");
    assertEquals(200, send(proxy, "GET", "/a", "", "").status());
    assertEquals("/a", copy().target());
    apply(proxy, SERVICE + "$request_uri", "denylist-source-range", "127.0.0.1/32");
    assertEquals(403, send(proxy, "GET", "/b", "", "").status());
    apply(proxy, SERVICE + "$request_uri");
    assertEquals(200, send(proxy, "GET", "/c", "", "").status());
    Await.until("the next copy came", () -> copies.received().size() > 1);
    assertEquals("/c", copies.received().get(1).target());
  }

  @Test
  void config_isReadByEnvoy(Proxy proxy) throws Exception {
    apply(proxy, SERVICE + "/m", "mirror-host", "mirror.example.com");
    String dump = proxy.envoy().admin().get("/config_dump?resource=dynamic_route_configs").body();
    assertTrue(dump.contains("\"host_rewrite_literal\": \"mirror.example.com\""), dump);
    assertTrue(dump.contains("\"disable_shadow_host_suffix_append\": true"), dump);
    assertTrue(dump.contains("\"request_headers_mutations\""), dump);
  }
}
