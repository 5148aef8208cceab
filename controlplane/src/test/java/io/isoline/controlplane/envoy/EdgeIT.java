package io.isoline.controlplane.envoy;

import io.isoline.translator.model.HttpOptions;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import io.isoline.translator.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can't do to a backend: forge who it is, or reach past a rule. */
@WithEnvoy
class EdgeIT {

  private static final String FORGED =
      """
      X-Forwarded-For: 203.0.113.9, 198.51.100.7
      X-Forwarded-Proto: https
      X-Forwarded-Host: forged.example.com
      X-Forwarded-Port: 7777
      X-Forwarded-Scheme: https
      X-Real-IP: 203.0.113.9
      Forwarded: for=203.0.113.9
      X-Envoy-External-Address: 203.0.113.9
      X-Envoy-Upstream-Rq-Timeout-Ms: 1
      X-Envoy-Max-Retries: 99
      X-Envoy-Retry-On: 5xx
      X-Envoy-Original-Path: /forged
      X-Envoy-Decorator-Operation: forged
      X-Envoy-Internal: true
      X-Envoy-Attempt-Count: 7
      X-Envoy-Expected-Rq-Timeout-Ms: 5
      X-Envoy-Downstream-Service-Cluster: forged
      X-Envoy-Downstream-Service-Node: forged
      X-Envoy-Force-Trace: true
      X-Envoy-Hedge-On-Per-Try-Timeout: true
      X-Envoy-Ip-Tags: forged
      X-Envoy-Is-Timeout-Retry: true
      X-Envoy-Original-Dst-Host: 127.0.0.1:1
      X-Envoy-Original-Host: forged.example.com
      X-Envoy-Retriable-Header-Names: forged
      X-Envoy-Retriable-Status-Codes: 200
      X-Envoy-Retry-Grpc-On: cancelled
      X-Envoy-Upstream-Alt-Stat-Name: forged
      X-Envoy-Upstream-Rq-Per-Try-Timeout-Ms: 1
      X-Envoy-Upstream-Stream-Duration-Ms: 1
      """;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend open;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend admin;

  @BeforeAll
  static void startBackends() throws IOException {
    open = Backend.start("OPEN");
    admin = Backend.start("ADMIN");
  }

  @AfterAll
  static void stopBackends() throws IOException {
    open.close();
    admin.close();
  }

  private static void applyOpen(Proxy proxy) {
    proxy.apply(ingress("web", "web.example.com", "Prefix / open"), service("open", open));
  }

  private static String withHeaders(String headers) {
    return "GET / HTTP/1.1\r\nHost: web.example.com\r\nConnection: close\r\n"
        + headers.replace("\n", "\r\n")
        + "\r\n";
  }

  @Test
  void forwardedHeaders_ofAClient_areReplaced(Proxy proxy) throws Exception {
    applyOpen(proxy);
    for (String headers : List.of("", FORGED)) {
      Request request = proxy.request(withHeaders(headers)).echo();
      assertOwnAddress(request.header("x-forwarded-for"));
      assertEquals("http", request.header("x-forwarded-proto"));
      assertEquals("web.example.com", request.header("x-forwarded-host"));
      assertEquals(Integer.toString(proxy.httpPort()), request.header("x-forwarded-port"));
      assertEquals("127.0.0.1", request.header("x-real-ip"));
      assertEquals("", request.header("forwarded"));
      assertEquals("", request.header("x-forwarded-scheme"));
    }
  }

  /** For a client on a loopback address Envoy writes another address of its machine. */
  private static void assertOwnAddress(String address) throws IOException {
    assertTrue(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(own -> own.getHostAddress().equals(address)),
        address);
  }

  @Test
  void forwardedHeaders_ofATrustedHop_areKept(Proxy proxy) throws Exception {
    applyOpen(proxy);
    proxy.configure(settings -> Configured.with(settings, "trustedHops: 1"));
    Request request = proxy.request(withHeaders(FORGED)).echo();
    String[] addresses = request.header("x-forwarded-for").split(", *", -1);
    assertEquals(List.of("203.0.113.9", "198.51.100.7"), List.of(addresses).subList(0, 2));
    assertOwnAddress(addresses[2]);
    assertEquals("https", request.header("x-forwarded-proto"));
    assertEquals("forged.example.com", request.header("x-forwarded-host"));
    assertEquals("7777", request.header("x-forwarded-port"));
    // One hop is trusted: the address that it saw, not the one that it was told.
    assertEquals("198.51.100.7", request.header("x-real-ip"));
  }

  @Test
  void envoysOwnHeaders_inEitherDirection_stayAtTheEdge(Proxy proxy) throws Exception {
    applyOpen(proxy);
    for (String headers : List.of("", FORGED)) {
      Response response = proxy.request(withHeaders(headers));
      List<String> got =
          response.echo().headers().stream()
              .map(header -> header.name().toLowerCase(Locale.ROOT))
              .filter(name -> name.startsWith("x-envoy"))
              .toList();
      assertEquals(List.of(), got);
      assertTrue(
          response.headers().stream()
              .noneMatch(h -> h.name().toLowerCase(Locale.ROOT).startsWith("x-envoy")),
          response::toString);
    }
  }

  @Test
  void scope_ofAClient_changesNothingAndIsSeenByNobody(Proxy proxy) throws Exception {
    proxy.apply(
        service("open", open),
        service("admin", admin),
        ingress("open", "open.example.com", "Prefix / open"),
        ingress("wildcard", "*.example.com", "Prefix / open"),
        ingress("admin", "admin.example.com", "Prefix / admin"));
    for (String host : List.of("open.example.com", "other.example.com", "OPEN.example.com")) {
      Response response =
          proxy.request(
              withHeaders("X-Isoline-Scope: admin.example.com\n")
                  .replace("web.example.com", host));
      assertEquals("OPEN", response.route(), host);
      assertFalse(
          response.echo().headers().stream()
              .anyMatch(h -> h.name().toLowerCase(Locale.ROOT).startsWith("x-isoline")),
          response::toString);
    }
  }

  @Test
  void envoysOwnHeaders_ofAClient_changeNothing(Proxy proxy) throws Exception {
    applyOpen(proxy);
    String request =
        withHeaders(
                "X-Envoy-Upstream-Rq-Timeout-Ms: 1\nX-Envoy-Upstream-Rq-Per-Try-Timeout-Ms: 1\n")
            .replace("GET / ", "GET /?trickle=1 ");
    assertEquals("OPEN", proxy.request(request).route());
  }

  @Test
  void requestId_keptOrMade(Proxy proxy) throws Exception {
    applyOpen(proxy);
    assertEquals(
        "mine", proxy.request(withHeaders("X-Request-ID: mine\n")).echo().header("x-request-id"));
    String one = proxy.request(withHeaders("")).echo().header("x-request-id");
    String two = proxy.request(withHeaders("")).echo().header("x-request-id");
    assertFalse(one.isEmpty());
    assertNotEquals(one, two);
  }

  @Test
  void responseHeaders_ofTheBackend_areUntouched(Proxy proxy) throws Exception {
    applyOpen(proxy);
    Response response = proxy.get("web.example.com", "/?headers");
    assertEquals("backend/1", response.header("server"));
    assertEquals(Backend.DATE, response.header("date"));
    assertEquals("1.1 other", response.header("via"));
    assertEquals("tests", response.header("x-powered-by"));
  }

  @Test
  void serverHeader_missingAtTheBackend_isEnvoy(Proxy proxy) throws Exception {
    applyOpen(proxy);
    assertEquals("envoy", proxy.get("web.example.com", "/").header("server"));
    assertEquals("envoy", proxy.get("nobody.example.com", "/").header("server"));
    try (TlsConnection connection = proxy.tls(Hello.to("web.example.com"))) {
      assertEquals("envoy", connection.get("web.example.com", "/").header("server"));
      assertEquals("backend/1", connection.get("web.example.com", "/?headers").header("server"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/admin, /admin, ADMIN",
    "/admin/../x, /x, OPEN",
    "//admin, /admin, ADMIN",
    "/./admin/./y, /admin/y, ADMIN",
    "/x/%2e%2e/admin, /admin, ADMIN",
    "/x/..%2fadmin, /admin, ADMIN",
    "/x%2F..%2Fadmin, /admin, ADMIN",
    "/x%5c..%5cadmin, /admin, ADMIN",
    "/%61dmin, /admin, ADMIN",
    "/a%20b, /a%20b, OPEN",
    "/a%25b, /a%25b, OPEN",
    "/caf%C3%A9, /caf%C3%A9, OPEN",
    "//, /, OPEN",
    "///, /, OPEN",
    "/%2F, /, OPEN",
    "/%2f%2F?x=//, /?x=//, OPEN",
    "/./\\/, /, OPEN",
    "/x/..//, /, OPEN",
    "/a;b=c/d, /a;b=c/d, OPEN",
    "/q?x=/../%2e%2e//, /q?x=/../%2e%2e//, OPEN",
    "/x/..;/admin, /admin, ADMIN",
    "/x/..;a=b/.;/admin, /admin, ADMIN",
  })
  void path_isMatchedAsTheBackendGetsIt(String path, String received, String to, Proxy proxy)
      throws Exception {
    applyProtected(proxy);
    Response response = proxy.get("web.example.com", path);
    assertEquals(to + " " + received, response.route() + " " + response.echo().target());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x/%2e%2e;/admin", "/x/..%3b/admin", "/x/.%2E;a=b/admin", "/.%3B/admin"})
  void dotsWithParameters_thatEnvoyDoesNotResolve_403(String path, Proxy proxy) throws Exception {
    applyProtected(proxy);
    assertEquals("403", proxy.get("web.example.com", path).route());
  }

  @ParameterizedTest
  @CsvSource({
    "KEEP, true, /projects/grp%2Fproj, OPEN /projects/grp%2Fproj",
    "KEEP, true, /queues/%2F/q, OPEN /queues/%2F/q",
    "KEEP, true, /wiki/A://B, OPEN /wiki/A:/B",
    "KEEP, false, /wiki/A://B, OPEN /wiki/A://B",
    "KEEP, false, /a%5Cb%2fc?d=%2F, OPEN /a%5Cb%2fc?d=%2F",
    "KEEP, true, /admin%2Fx, ADMIN /admin%2Fx",
    "KEEP, false, //admin, ADMIN //admin",
    "KEEP, true, /x/..%2fadmin, 403",
    "KEEP, true, /x%2f.., 403",
    "KEEP, true, /x/...%2fy, OPEN /x/...%2fy",
    "DECODE, false, /wiki/A://B, OPEN /wiki/A://B",
    "DECODE, false, /a%2F%2fb, OPEN /a//b",
    "DECODE, false, ///admin//x, ADMIN ///admin//x",
    "REJECT, true, /a%2Fb, 400",
    "REJECT, true, /a%5cb, 400",
    "REJECT, false, //a, OPEN //a",
    "REJECT, true, //a, OPEN /a",
    "REDIRECT, true, /a%2Fb?c, 307 /a/b?c",
    "REDIRECT, false, /%2fother.example.com/x, 307 /other.example.com/x",
    "REDIRECT, false, /a//b, OPEN /a/b",
  })
  void path_slashes_areAsTheSettingsSay(
      HttpOptions.Paths.EscapedSlashes escaped, boolean merge, String path, String to, Proxy proxy)
      throws Exception {
    applyProtected(proxy);
    proxy.configure(
        settings -> Configured.with(
            settings,
            "paths: {escapedSlashes: " + escaped.name().toLowerCase(Locale.ROOT)
                + ", mergeSlashes: " + merge + "}"));
    Response response = proxy.get("web.example.com", path);
    String outcome =
        switch (response.status()) {
          case 200 -> response.route() + " " + response.echo().target();
          case 307 -> "307 " + response.header("location");
          default -> response.route();
        };
    assertEquals(to, outcome);
  }

  @Test
  void path_ruleWithKeptSlashes_isMatchedAsItIsWritten(Proxy proxy) throws Exception {
    proxy.apply(
        ingress(
            "web",
            "web.example.com",
            "Prefix / open",
            "Prefix /group%2Fone admin",
            "Exact /wiki//x admin",
            // As long as a rule can be.
            "Prefix " + "/a".repeat(50) + "b".repeat(300) + " admin"),
        service("open", open),
        service("admin", admin));
    assertEquals(2, refusals(proxy));
    proxy.configure(
        settings ->
            Configured.with(settings, "paths: {escapedSlashes: keep, mergeSlashes: false}"));
    assertEquals(0, refusals(proxy));
    assertEquals(List.of(), proxy.rejections());
    for (String path :
        List.of("/group%2fone", "/group%2Fone/x", "/wiki//x", "//a".repeat(50) + "b".repeat(300))) {
      assertEquals("ADMIN", proxy.get("web.example.com", path).route(), path);
    }
    for (String path : List.of("/group/one", "/wiki/x", "/wiki///x")) {
      assertEquals("OPEN", proxy.get("web.example.com", path).route(), path);
    }
  }

  private static long refusals(Proxy proxy) {
    return proxy.verdicts("Ingress", "web").stream()
        .filter(verdict -> verdict.outcome() == Verdict.Outcome.REFUSED)
        .count();
  }

  private static void applyProtected(Proxy proxy) {
    proxy.apply(
        ingress("web", "web.example.com", "Prefix / open", "Prefix /admin admin"),
        service("open", open),
        service("admin", admin));
  }

  @ParameterizedTest
  @CsvSource({
    "DECODE, true", "DECODE, false", "KEEP, true", "KEEP, false",
    "REJECT, true", "REJECT, false", "REDIRECT, true", "REDIRECT, false",
  })
  void path_anySpellingOfAProtectedOne_neverReachesTheBackendOfOthers(
      HttpOptions.Paths.EscapedSlashes escaped, boolean merge, Proxy proxy) throws Exception {
    applyProtected(proxy);
    proxy.configure(
        settings -> Configured.with(
            settings,
            "paths: {escapedSlashes: " + escaped.name().toLowerCase(Locale.ROOT)
                + ", mergeSlashes: " + merge + "}"));
    open.received().clear();
    Connection connection = proxy.connect();
    int answered = 0;
    try {
      for (String spelling : spellings()) {
        try {
          Response response =
              connection.exchange("GET " + spelling + " HTTP/1.1\r\nHost: web.example.com\r\n\r\n");
          answered += response.status() == 200 ? 1 : 0;
          if (response.header("connection").equalsIgnoreCase("close")) {
            connection.close();
            connection = proxy.connect();
          }
        } catch (IOException e) {
          connection.close();
          connection = proxy.connect();
        }
      }
    } finally {
      connection.close();
    }
    assertTrue(answered > 100, () -> "hardly anything reached a backend");
    Set<String> past = new LinkedHashSet<>();
    for (Request request : open.received()) {
      String path = asALenientServerReads(request.target());
      if (path.equals("/admin") || path.startsWith("/admin/")) {
        past.add(request.target());
      }
    }
    assertEquals(Set.of(), past);
  }

  private static List<String> spellings() {
    List<String> before =
        List.of(
            "/",
            "//",
            "///",
            "/./",
            "/%2e/",
            "/%2E/",
            "/x/../",
            "/x/%2e%2e/",
            "/x/.%2E/",
            "/x/%2e./",
            "/%2f",
            "/%2F",
            "%2f",
            "/x/..%2f",
            "/x/..%2F/",
            "/x%2f..%2f",
            "/\\",
            "\\",
            "/%5c",
            "/%5C",
            "/x/..\\",
            "/x/..%5c",
            "/x\\..\\",
            "/../",
            "/%2e%2e/",
            "/..%2f",
            "/x/y/../../",
            "/x//../",
            "/x/./../",
            "/.//",
            "http://web.example.com/",
            "http://web.example.com//",
            "http://web.example.com/x/..%2f",
            "/;/../",
            "/x;/../",
            "/%00/../",
            "/x/%2e%2e%2f",
            "/x/%2e%2e%5c",
            "/%2e%2f",
            "/%2f%2e%2e%2f",
            "/x/..;/",
            "/x/.%2e;a=b/",
            "/x/%2e%2e;/",
            "/.;/",
            "/%2e;x/",
            "/x/..%3b/");
    List<String> names =
        List.of(
            "admin",
            "%61dmin",
            "a%64min",
            "ad%6din",
            "ad%6Din",
            "adm%69n",
            "admi%6e",
            "%61%64%6d%69%6e",
            "%61%64%6D%69%6E");
    List<String> after =
        List.of(
            "",
            "/",
            "/x",
            "%2f",
            "%2Fx",
            "%5cx",
            "\\x",
            "?",
            "?x",
            "/.",
            "/./",
            "/%2e",
            "/x/..",
            "/x/%2e%2e",
            "/x/..%2f",
            "//",
            "%2f..%2fadmin",
            "/../admin",
            "#",
            "#x");
    List<String> all = new ArrayList<>();
    for (String head : before) {
      for (String name : names) {
        for (String tail : after) {
          all.add(head + name + tail);
        }
      }
    }
    return all;
  }

  /**
   * Decodes once, takes backslashes for slashes, merges slashes and resolves dots, also those with
   * parameters.
   */
  private static String asALenientServerReads(String target) {
    String path = target.replaceFirst("[?#].*", "").replaceFirst("^https?://[^/]*", "");
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%'
          && i + 2 < path.length()
          && path.substring(i + 1, i + 3).matches("[0-9a-fA-F]{2}")) {
        decoded.write(Integer.parseInt(path.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        decoded.write(path.charAt(i));
      }
    }
    Deque<String> elements = new ArrayDeque<>();
    for (String element :
        decoded.toString(StandardCharsets.ISO_8859_1).replace('\\', '/').split("/", -1)) {
      // Some servers drop parameters first and find dots then.
      String plain = element.replaceFirst("^(\\.\\.?);.*", "$1");
      if (plain.equals("..")) {
        elements.pollLast();
      } else if (!plain.isEmpty() && !plain.equals(".")) {
        elements.addLast(element);
      }
    }
    return "/" + String.join("/", elements);
  }
}
