package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who answers where an Ingress has a canary: A is the main one, B the canary. */
@WithEnvoy
class CanaryIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "shop.example.com";

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

  private static void apply(Proxy proxy, String main, String... annotations) {
    String[] all = new String[annotations.length + 2];
    all[0] = NGINX + "canary";
    all[1] = "true";
    for (int i = 0; i < annotations.length; i++) {
      all[i + 2] = i % 2 == 0 ? NGINX + annotations[i] : annotations[i];
    }
    proxy.apply(
        main,
        annotated(ingress("other", HOST, "Prefix / b"), all),
        service("a", a),
        service("b", b));
    assertEquals(List.of(), proxy.rejections());
  }

  private static String ofMain(String... annotations) {
    return annotated(ingress("main", HOST, "Prefix / a"), annotations);
  }

  private static Response get(Proxy proxy, String path, String... headers) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return proxy.request(
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
            .formatted(path, HOST, lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Canary: always | Cookie: beta=never | B",
        "X-Canary: never | Cookie: beta=always | A",
        "X-Canary: x | Cookie: beta=never | A",
        "X-Canary: x | Cookie: a=b; beta=always; c=d | B",
        "X-Canary: Always | Cookie: beta=x | A",
        "X-Other: always | Cookie: xbeta=always | A",
      })
  void headerBeforeCookieBeforeWeight(
      String header, String cookie, String expected, Proxy proxy) throws Exception {
    apply(proxy, ofMain(), "canary-by-header", "X-Canary", "canary-by-cookie", "beta");
    for (String path : List.of("/", "/x", "//")) {
      assertEquals(expected, get(proxy, path, header, cookie).route(), path);
    }
    try (TlsConnection tls = proxy.tls(TlsConnection.Hello.to(HOST))) {
      assertEquals(
          expected,
          tls.exchange(
                  "GET / HTTP/1.1\r\nHost: %s\r\n%s\r\n%s\r\n\r\n".formatted(HOST, header, cookie))
              .route());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "^(de|fr)$ ; de ; B",
        "^(de|fr)$ ; DE ; A",
        "de ; xdex ; B",
        "(?i)^[a-c]{2}.d* ; ABx ; B",
        "^[^/:]+~ ; a=b~c ; B",
      })
  void byHeaderPattern_matchesSomewhere(
      String pattern, String value, String expected, Proxy proxy) throws Exception {
    apply(proxy, ofMain(), "canary-by-header", "X-Canary", "canary-by-header-pattern", pattern);
    assertEquals(expected, get(proxy, "/", "X-Canary: " + value).route());
  }

  @Test
  void weight_bothAnswer(Proxy proxy) throws Exception {
    apply(proxy, ofMain(), "canary-weight", "50");
    Set<String> answering = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      answering.add(get(proxy, "/").route());
    }
    assertEquals(Set.of("A", "B"), answering);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sticky", "legacy"})
  void affinity_clientWithItsCookie_staysWhereItsCookieLeads(String behavior, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        ofMain(
            NGINX + "affinity", "cookie", NGINX + "affinity-canary-behavior", behavior),
        "canary-weight",
        "50");
    Set<String> all = new TreeSet<>();
    int divided = 0;
    for (int i = 0; i < 20; i++) {
      String cookie = get(proxy, "/").all("set-cookie").getFirst().replaceFirst(";.*", "");
      Set<String> ofClient = new TreeSet<>();
      for (int j = 0; j < 5; j++) {
        ofClient.add(get(proxy, "/", "Cookie: " + cookie).route());
      }
      divided += ofClient.size() - 1;
      all.addAll(ofClient);
    }
    assertEquals(Set.of("A", "B"), all);
    assertTrue(behavior.equals("sticky") ? divided == 0 : divided > 5, "" + divided);
  }

  @Test
  void whatTheMainAsks_holdsForTheCanary(Proxy proxy) throws Exception {
    apply(
        proxy,
        ofMain(NGINX + "enable-cors", "true", NGINX + "force-ssl-redirect", "true"),
        "canary-by-header",
        "X-Canary");
    assertEquals(308, get(proxy, "/", "X-Canary: always").status());
    assertEquals(
        204,
        proxy
            .request(
                "OPTIONS / HTTP/1.1\r\nHost: "
                    + HOST
                    + "\r\nX-Canary: always\r\nOrigin: https://a.example\r\n"
                    + "Access-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n")
            .status());
  }

  @Test
  void withoutEndpoints_mainAnswers(Proxy proxy) throws Exception {
    proxy.apply(
        ofMain(),
        annotated(
            ingress("other", HOST, "Prefix / b"),
            NGINX + "canary",
            "true",
            NGINX + "canary-weight",
            "100"),
        service("a", a),
        service("b"));
    assertEquals("A", get(proxy, "/").route());
  }
}
