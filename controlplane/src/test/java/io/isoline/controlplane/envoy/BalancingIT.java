package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which endpoint of a Service gets a request, as annotations say it. */
@WithEnvoy
class BalancingIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "shop.example.com";
  private static final List<Backend> BACKENDS = new ArrayList<>();

  @BeforeAll
  static void startBackends() throws IOException {
    for (String name : List.of("A", "B", "C", "D", "E", "F", "G", "H")) {
      BACKENDS.add(Backend.start(name));
    }
  }

  @AfterAll
  static void stopBackends() throws IOException {
    for (Backend backend : BACKENDS) {
      backend.close();
    }
  }

  private static void apply(Proxy proxy, String ingress, Backend... backends) {
    proxy.apply(ingress, service("web", backends));
    assertEquals(List.of(), proxy.rejections());
  }

  private static void applyEight(Proxy proxy, String... annotations) {
    for (int i = 0; i < annotations.length; i += 2) {
      annotations[i] = NGINX + annotations[i];
    }
    apply(
        proxy,
        annotated(ingress("web", HOST, "Prefix / web"), annotations),
        BACKENDS.toArray(Backend[]::new));
  }

  /** The backends that answer requests, each on a connection of its own. */
  private static Set<String> answering(Proxy proxy, int requests, String path, String... headers)
      throws IOException {
    Set<String> answering = new TreeSet<>();
    for (int i = 0; i < requests; i++) {
      answering.add(get(proxy, path, headers).route());
    }
    return answering;
  }

  private static Response get(Proxy proxy, String path, String... headers) throws IOException {
    return proxy.request(
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
            .formatted(path, HOST, lines(headers)));
  }

  private static Response getByHttps(Proxy proxy, String... headers) throws IOException {
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to(HOST))) {
      return tls.exchange(
          "GET / HTTP/1.1\r\nHost: %s\r\n%s\r\n".formatted(HOST, lines(headers)));
    }
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }

  /** {@code NAME=VALUE} of the cookie that a response sets, as a browser sends it. */
  private static String cookie(Response response) {
    // After a retry it is there twice.
    Set<String> cookies = Set.copyOf(response.all("set-cookie"));
    assertEquals(1, cookies.size(), response::toString);
    return response.all("set-cookie").getFirst().replaceFirst(";.*", "");
  }

  /** What a Set-Cookie says besides name and value. */
  private static String attributes(Response response) {
    cookie(response);
    return response.header("set-cookie").replaceFirst("^[^;]*; ", "");
  }

  // load-balance

  @ParameterizedTest
  @ValueSource(strings = {"round_robin", "ewma"})
  void loadBalance_allEndpointsGetRequests(String way, Proxy proxy) throws Exception {
    applyEight(proxy, "load-balance", way);
    assertEquals(8, answering(proxy, 100, "/").size());
  }

  // upstream-hash-by

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$request_uri | /%d | X-A: a",
        "$uri | /%d?x | X-A: a",
        "$args | /?%d | X-A: a",
        "$http_x_user | / | X-User: %d",
        "$cookie_user | / | Cookie: a=b; user=%d",
        "$arg_user | /?a=b&user=%d | X-A: a",
        "${request_uri}-$host | /%d | X-A: a",
        "a${http_x_user}b$remote_addr | / | X-User: %d",
      })
  void upstreamHashBy_equalRequests_goToOneEndpointAndOthersToAnother(
      String key, String path, String header, Proxy proxy) throws Exception {
    applyEight(proxy, "upstream-hash-by", key);
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      Set<String> one =
          answering(proxy, 4, path.replace("%d", "" + i), header.replace("%d", "" + i));
      assertEquals(1, one.size(), one::toString);
      all.addAll(one);
    }
    assertTrue(all.size() > 3, all::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$uri | /x?%d",
        "$args | /%d?x",
        "$http_x_user | /%d",
        "$cookie_user | /%d",
        "$arg_user | /%d",
        "$remote_addr | /%d",
        "$host | /%d",
        "constant | /%d",
      })
  void upstreamHashBy_whatDiffersElsewhereOrIsMissing_isOneEndpoint(
      String key, String path, Proxy proxy) throws Exception {
    applyEight(proxy, "upstream-hash-by", key);
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      all.addAll(answering(proxy, 1, path.replace("%d", "" + i)));
    }
    assertEquals(1, all.size(), all::toString);
  }

  @Test
  void upstreamHashBy_endpointThatRefuses_anotherOneAnswers(Proxy proxy) throws Exception {
    int refusing = Ports.free();
    List<Integer> ports = List.of(BACKENDS.getFirst().port(), refusing);
    proxy.apply(
        annotated(
            ingress("web", HOST, "Prefix / web"), NGINX + "upstream-hash-by", "$request_uri"),
        service("web", "http", ports));
    for (int i = 0; i < 10; i++) {
      assertEquals("A", get(proxy, "/" + i).route());
    }
  }

  // affinity

  @ParameterizedTest
  @ValueSource(strings = {"balanced", "persistent"})
  void affinity_clientWithItsCookie_staysOnItsEndpoint(String mode, Proxy proxy)
      throws Exception {
    applyEight(proxy, "affinity", "cookie", "affinity-mode", mode);
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      Response first = get(proxy, "/");
      assertEquals("Path=/; HttpOnly", attributes(first));
      assertTrue(cookie(first).startsWith("INGRESSCOOKIE="), first::toString);
      for (int j = 0; j < 3; j++) {
        Response again = get(proxy, "/other", "Cookie: a=b; " + cookie(first));
        assertEquals(first.route(), again.route());
        assertEquals(List.of(), again.all("set-cookie"));
      }
      all.add(first.route());
    }
    assertTrue(all.size() > 3, all::toString);
  }

  @Test
  void affinity_cookieOfSomebodyElse_isHashedAsItIs(Proxy proxy) throws Exception {
    applyEight(proxy, "affinity", "cookie");
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      Response response = get(proxy, "/", "Cookie: INGRESSCOOKIE=junk");
      assertEquals(List.of(), response.all("set-cookie"));
      all.add(response.route());
    }
    assertEquals(1, all.size());
  }

  @Test
  void affinity_persistent_staysWhenEndpointsCome_andMovesWhenItsOwnGoes(Proxy proxy)
      throws Exception {
    String web =
        annotated(
            ingress("web", HOST, "Prefix / web"),
            NGINX + "affinity",
            "cookie",
            NGINX + "affinity-mode",
            "persistent");
    Backend first = BACKENDS.getFirst();
    apply(proxy, web, first);
    String cookie = "Cookie: " + cookie(get(proxy, "/"));
    apply(proxy, web, BACKENDS.toArray(Backend[]::new));
    for (int i = 0; i < 8; i++) {
      assertEquals("A", get(proxy, "/", cookie).route());
    }
    apply(proxy, web, BACKENDS.get(1));
    Response moved = get(proxy, "/", cookie);
    assertEquals("B", moved.route());
    assertFalse(cookie(moved).isEmpty());
  }

  @Test
  void affinity_cookieOfAnEndpointOfAnotherService_leadsNowhereElse(Proxy proxy)
      throws Exception {
    String web = ingress("web", HOST, "Prefix /a a", "Prefix /b b");
    proxy.apply(
        annotated(
            web, NGINX + "affinity", "cookie", NGINX + "affinity-mode", "persistent"),
        service("a", BACKENDS.get(0)),
        service("b", BACKENDS.get(1)));
    String cookie = cookie(get(proxy, "/a"));
    assertEquals("B", get(proxy, "/b", "Cookie: " + cookie).route());
  }

  @ParameterizedTest
  @ValueSource(strings = {"balanced", "persistent"})
  void affinity_allThatCanBeSaidOfTheCookie(String mode, Proxy proxy) throws Exception {
    applyEight(
        proxy,
        "affinity",
        "cookie",
        "affinity-mode",
        mode,
        "session-cookie-name",
        "route",
        "session-cookie-path",
        "/p",
        "session-cookie-expires",
        "3600",
        "session-cookie-max-age",
        "1800",
        "session-cookie-samesite",
        "lax",
        "session-cookie-domain",
        "example.com",
        "session-cookie-secure",
        "true");
    Response response = get(proxy, "/");
    assertTrue(cookie(response).startsWith("route="), response::toString);
    assertEquals(
        "Max-Age=1800; Domain=example.com; Path=/p; Secure; SameSite=Lax; HttpOnly",
        attributes(response));
  }

  @Test
  void affinity_byHttps_cookieIsSecure(Proxy proxy) throws Exception {
    applyEight(proxy, "affinity", "cookie", "session-cookie-secure", "false");
    assertEquals("Path=/; Secure; HttpOnly", attributes(getByHttps(proxy)));
    assertEquals("Path=/; HttpOnly", attributes(get(proxy, "/")));
    String cookie = "Cookie: " + cookie(get(proxy, "/"));
    assertEquals(get(proxy, "/", cookie).route(), getByHttps(proxy, cookie).route());
  }

  @Test
  void affinity_pathOfTheRule_isThatOfTheCookie(Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(
            ingress("web", HOST, "Prefix /foo web", "Exact /bar web"),
            NGINX + "affinity",
            "cookie",
            NGINX + "session-cookie-expires",
            "60"),
        BACKENDS.getFirst());
    assertEquals("Max-Age=60; Path=/foo; HttpOnly", attributes(get(proxy, "/foo/x")));
    assertEquals("Max-Age=60; Path=/bar; HttpOnly", attributes(get(proxy, "/bar")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iPhone; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            + " Version/12.0 Mobile/15E148 Safari/604.1 | false",
        "iPad; CPU OS 12_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1"
            + " Mobile/15E148 Safari/604.1 | false",
        "X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/60.0.0.0 Safari/537.36 |"
            + " false",
        "Macintosh; Intel Mac OS X 10_14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2"
            + " Safari/605.1.15 | false",
        "Macintosh; Intel Mac OS X 10_14_6) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/120.0.0.0 Safari/537.36 | true",
        "X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 |"
            + " true",
        "iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            + " Version/17.0 Mobile/15E148 Safari/604.1 | true",
      })
  void affinity_conditionalSameSiteNone(String browser, boolean understands, Proxy proxy)
      throws Exception {
    applyEight(
        proxy,
        "affinity",
        "cookie",
        "session-cookie-samesite",
        "None",
        "session-cookie-conditional-samesite-none",
        "true");
    String agent = "User-Agent: Mozilla/5.0 (" + browser;
    assertEquals(
        understands ? "Path=/; SameSite=None; HttpOnly" : "Path=/; HttpOnly",
        attributes(get(proxy, "/", agent)));
    assertEquals(
        understands ? "Path=/; Secure; SameSite=None; HttpOnly" : "Path=/; Secure; HttpOnly",
        attributes(getByHttps(proxy, agent)));
  }

  @Test
  void affinity_twoIngressesOfOneService_areApart(Proxy proxy) throws Exception {
    proxy.apply(
        annotated(ingress("a", HOST, "Prefix /a web"), NGINX + "affinity", "cookie"),
        ingress("b", HOST, "Prefix /b web"),
        service("web", BACKENDS.toArray(Backend[]::new)));
    assertEquals("Path=/a; HttpOnly", attributes(get(proxy, "/a")));
    assertEquals(List.of(), get(proxy, "/b").all("set-cookie"));
    assertEquals(8, answering(proxy, 100, "/b").size());
  }

  @Test
  void affinity_root_holdsForTwoSlashesToo(Proxy proxy) throws Exception {
    applyEight(proxy, "affinity", "cookie");
    Response first = getByHttps(proxy);
    String cookie = "Cookie: " + cookie(first);
    assertEquals(first.route(), get(proxy, "//", cookie).route());
    assertEquals("Path=/; HttpOnly", attributes(get(proxy, "//")));
  }

  @Test
  void affinity_endpointThatRefuses_anotherOneAnswersAndTheCookieStays(Proxy proxy)
      throws Exception {
    proxy.apply(
        annotated(ingress("web", HOST, "Prefix / web"), NGINX + "affinity", "cookie"),
        service("web", "http", List.of(BACKENDS.getFirst().port(), Ports.free())));
    for (int i = 0; i < 10; i++) {
      Response response = get(proxy, "/");
      assertEquals("A", response.route());
      Response again = get(proxy, "/", "Cookie: " + cookie(response));
      assertEquals("A", again.route());
      assertEquals(List.of(), again.all("set-cookie"));
    }
  }
}
