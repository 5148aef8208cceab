package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.credentials.CredentialsServer;
import io.isoline.envoy.XdsProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Envoy lets pass where a service is asked, and what that service gets. */
class ExternalAuthIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";

  @SuppressWarnings("NullAway") // set before all tests
  private static Proxy proxy;

  @SuppressWarnings("NullAway") // set before all tests
  private static Backend backend;

  @SuppressWarnings("NullAway") // set before all tests
  private static Path socket;

  @SuppressWarnings("NullAway") // set before each test
  private CredentialsServer beside;

  @SuppressWarnings("NullAway") // set before each test
  private AuthService auth;

  @BeforeAll
  static void start() throws Exception {
    backend = Backend.start("A");
    // A container could not reach the socket.
    proxy = Proxy.start(EnvoyLauncher.choose("native"), XdsProtocol.DELTA);
    socket = proxy.envoy().credentialsSocket();
  }

  @BeforeEach
  void startServices() throws IOException {
    proxy.reset();
    beside = CredentialsServer.start(socket);
    auth = AuthService.start();
  }

  @AfterEach
  void stopServices() throws IOException {
    beside.close();
    auth.close();
  }

  @AfterAll
  static void stop() throws IOException {
    proxy.close();
    backend.close();
  }

  /** Serves {@code a.example.com} with these annotations, and other hosts without. */
  private void serve(String... namesAndValues) {
    List<String> annotations = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      annotations.add(NGINX + namesAndValues[i]);
      annotations.add(namesAndValues[i + 1]);
    }
    String[] all = annotations.toArray(String[]::new);
    proxy.apply(
        annotated(ingress("a", "a.example.com", "Prefix / a"), all),
        annotated(ingress("wild", "*.w.example.com", "Prefix / a"), all),
        ingress("open", "open.example.com", "Prefix / a"),
        users(),
        service("a", backend));
    assertEquals(List.of(), proxy.rejections());
  }

  private static String users() {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: users, namespace: default}
    stringData: {auth: "ada:{PLAIN}pw"}
    """;
  }

  private static Response get(String path, String... headers) throws IOException {
    return request("GET", "a.example.com", path, headers);
  }

  private static Response request(String method, String host, String path, String... headers)
      throws IOException {
    StringBuilder request =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    boolean hasBody = List.of(headers).contains("Transfer-Encoding: chunked");
    return proxy.request(
        request + "Connection: close\r\n\r\n" + (hasBody ? "4\r\nbody\r\n0\r\n\r\n" : ""));
  }

  @Test
  void serviceOfTheOperator_isAskedAboutAllThatDoNotOptOut() throws Exception {
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "auth:",
                "  url: " + auth.url("/auth/401/location/cookie"),
                "  signIn: https://login.example.com/start",
                "  signInParameter: back"));
    proxy.apply(
        ingress("a", "a.example.com", "Prefix / a", "Prefix /.well-known/acme-challenge/t a"),
        annotated(
            ingress("open", "open.example.com", "Prefix / a"),
            NGINX + "enable-global-auth",
            "false"),
        service("a", backend));
    assertEquals(List.of(), proxy.rejections());

    Response response = get("/p");
    assertEquals(302, response.status());
    assertEquals(
        "https://login.example.com/start?back=http://a.example.com%2Fp",
        response.header("location").replaceAll(":\\d+%2F", "%2F"));
    assertEquals("A", request("GET", "open.example.com", "/").route());
    assertEquals("A", get("/.well-known/acme-challenge/t").route());
    assertEquals(1, auth.seen().size());

    beside.close();
    assertEquals(503, get("/p").status());
  }

  @ParameterizedTest
  @CsvSource({
    "200, A",
    "204, A",
    "202, A",
    "401, 401",
    "403, 403",
    "302, 500",
    "400, 500",
    "404, 500",
    "429, 500",
    "500, 500",
    "503, 500",
  })
  void statusOfTheService_saysWhatTheClientGets(int status, String expected) throws Exception {
    serve("auth-url", auth.url("/auth/" + status + "/location/cookie"));
    Response response = get("/p");
    assertEquals(expected, response.route());
    assertEquals("", response.header("location"));
    assertEquals(expected.equals("A") ? 1 : 0, response.all("set-cookie").size());
    assertEquals("A", request("GET", "open.example.com", "/").route());
    assertEquals(1, auth.seen().size());
  }

  @Test
  void refusal_bringsTheChallengeOfTheService() throws Exception {
    serve("auth-url", auth.url("/auth/401/challenge/cookie"));
    Response response = get("/p");
    assertEquals(401, response.status());
    assertEquals("Bearer realm=\"z\"", response.header("www-authenticate"));
    assertEquals("", response.header("set-cookie"));
  }

  @Test
  void refusal_withAPage_isThePageAlone_andIsAskedOnce() throws Exception {
    serve(
        "auth-url",
        auth.url("/auth/403"),
        "custom-http-errors",
        "403",
        "default-backend",
        "a");
    Request page = get("/p", "Authorization: Bearer x").echo();
    assertEquals("/", page.target());
    assertEquals("403", page.header("x-code"));
    assertEquals("/p", page.header("x-original-uri"));
    assertEquals("", page.header("authorization"));
    assertEquals(1, auth.seen().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.w.example.com", "X.W.example.com", "A.EXAMPLE.COM", "a.example.com:80"})
  void scopeThatIsFoundLate_isProtected(String host) throws Exception {
    serve("auth-url", auth.url("/auth/403"));
    assertEquals(403, request("GET", host, "/").status());
  }

  @Test
  void question_hasWhatNginxSends_andNoBody() throws Exception {
    serve("auth-url", auth.url("/auth/200?h=$host&u=$request_uri"));
    Response response =
        request(
            "POST",
            "a.example.com:8080",
            "/p?q=1",
            "Cookie: x=1",
            "X-Own: 1",
            "X-Own: 2",
            "X-Original-URL: http://evil.example/",
            "X-Real-IP: 6.6.6.6",
            "x-envoy-external-address: 6.6.6.6",
            "X-Forwarded-For: 6.6.6.6",
            "Transfer-Encoding: chunked");
    assertEquals("A", response.route());
    List<String> lines = auth.last();
    assertEquals("GET /auth/200?h=a.example.com&u=/p?q=1 HTTP/1.1", lines.getFirst());
    assertTrue(lines.contains("Host: 127.0.0.1"), lines::toString);
    assertTrue(
        lines.contains("X-Original-URL: http://a.example.com:8080/p?q=1"), lines::toString);
    assertTrue(lines.contains("X-Original-Method: POST"), lines::toString);
    assertTrue(lines.contains("X-Auth-Request-Redirect: /p?q=1"), lines::toString);
    assertTrue(lines.contains("X-Real-IP: 127.0.0.1"), lines::toString);
    assertTrue(lines.contains("X-Forwarded-For: 127.0.0.1"), lines::toString);
    assertTrue(lines.contains("cookie: x=1"), lines::toString);
    assertTrue(lines.contains("x-own: 1"), lines::toString);
    assertTrue(lines.contains("x-own: 2"), lines::toString);
    for (String line : lines) {
      assertFalse(line.contains("6.6.6.6") || line.contains("evil"), lines::toString);
      assertFalse(line.startsWith("x-envoy-") || line.startsWith("x-isoline-"), lines::toString);
      assertFalse(line.startsWith("content-length"), lines::toString);
    }
  }

  @Test
  void method_isThatOfTheAnnotation() throws Exception {
    serve("auth-url", auth.url("/auth/200/body"), "auth-method", "POST");
    assertEquals("A", get("/p?q=1").route());
    List<String> lines = auth.last();
    assertEquals("POST /auth/200/body HTTP/1.1", lines.getFirst());
    assertTrue(lines.contains("X-Original-URI: /p?q=1"), lines::toString);
    assertTrue(lines.contains("X-Scheme: http"), lines::toString);
  }

  @Test
  void responseHeaders_goToTheBackend_andNoClientMakesThemUp() throws Exception {
    serve(
        "auth-url",
        auth.url("/auth/200/user"),
        "auth-response-headers",
        "X-Auth-User, X-Auth-Groups, X-Staff");
    Response response = get("/", "X-Staff: yes", "X-Other: kept");
    assertEquals("ada", response.echo().header("x-auth-user"));
    assertEquals("g1,g2", response.echo().header("x-auth-groups"));
    assertEquals("", response.echo().header("x-staff"));
    assertEquals("kept", response.echo().header("x-other"));
  }

  @Test
  void cookies_goToTheClientBesideThoseOfTheBackend() throws Exception {
    serve("auth-url", auth.url("/auth/200/cookies"));
    assertEquals(List.of("a=1; Path=/", "b=2; Path=/"), get("/").all("set-cookie"));
  }

  @Test
  void signin_sendsTheClientThere_withTheWayBackAndTheCookies() throws Exception {
    serve(
        "auth-url",
        auth.url("/auth/401/cookies/challenge"),
        "auth-signin",
        "https://login.example/start");
    Response response = get("/p/q?z=1&y=2");
    assertEquals(302, response.status());
    assertEquals(
        "https://login.example/start?rd=http://a.example.com%2Fp%2Fq%3Fz%3D1%26y%3D2",
        response.header("location"));
    assertEquals(List.of("a=1; Path=/", "b=2; Path=/"), response.all("set-cookie"));
    assertEquals(
        "https://login.example/start?rd=http://a.example.com:8080%2Fp",
        request("POST", "a.example.com:8080", "/p").header("location"));
  }

  @Test
  void signin_ofARefusal_isNone() throws Exception {
    serve("auth-url", auth.url("/auth/403"), "auth-signin", "https://login.example/start");
    assertEquals(403, get("/p").status());
  }

  @Test
  void signin_hostileRequest_staysOneHeader() throws Exception {
    serve(
        "auth-url",
        auth.url("/auth/401?x=$http_x_evil"),
        "auth-signin",
        "https://$host/start?next=$http_x_evil&p=%41",
        "auth-signin-redirect-param",
        "rd");
    Response response = get("/%0d%0aX-Evil:1?a=%0a", "X-Evil: a b\t\"<>{}|\\^`#\u00e9%zz%2f");
    assertEquals(302, response.status());
    assertEquals(
        "https://a.example.com/start?next=a%20b%09%22%3C%3E%7B%7D%7C%5C%5E%60%23%E9%25zz%2f"
            + "&p=%41&rd=http://a.example.com%2F%250d%250aX-Evil%3A1%3Fa%3D%250a",
        response.header("location"));
    assertEquals("", response.header("x-evil"));
    assertTrue(
        auth.last().getFirst().startsWith("GET /auth/401?x=a%20b%09%22%3C"),
        auth.last()::toString);
  }

  @Test
  void cache_sameKey_isAskedOnce_otherKeyAgain() throws Exception {
    serve("auth-url", auth.url("/auth/200/user"), "auth-cache-key", "$http_authorization",
        "auth-response-headers", "X-Auth-User");
    for (int i = 0; i < 3; i++) {
      assertEquals("ada", get("/" + i, "Authorization: Bearer 1").echo().header("x-auth-user"));
    }
    assertEquals(1, auth.seen().size());
    assertEquals("A", get("/", "Authorization: Bearer 2").route());
    assertEquals(2, auth.seen().size());
    assertEquals("A", request("GET", "x.w.example.com", "/", "Authorization: Bearer 1").route());
    assertEquals(3, auth.seen().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/auth/200/nostore", "/auth/200/cookie", "/auth/403"})
  void cache_answerThatMustNotBeKept_isAskedForAgain(String path) throws Exception {
    serve("auth-url", auth.url(path), "auth-cache-key", "$http_authorization");
    get("/", "Authorization: Bearer 1");
    get("/", "Authorization: Bearer 1");
    assertEquals(2, auth.seen().size());
  }

  @Test
  void connections_areUsedAgain_alsoWhenTheServiceClosedThem() throws Exception {
    serve("auth-url", auth.url("/auth/200/body"));
    for (int i = 0; i < 5; i++) {
      assertEquals("A", get("/").route());
    }
    assertEquals(1, auth.connections());
    auth.close();
    auth = AuthService.start();
    serve("auth-url", auth.url("/auth/200/once"));
    for (int i = 0; i < 5; i++) {
      assertEquals("A", get("/").route());
    }
    assertEquals(5, auth.connections());
  }

  @Test
  void serviceThatIsAway_letsNobodyPass() throws Exception {
    String url = auth.url("/auth/200");
    serve("auth-url", url);
    assertEquals("A", get("/").route());
    auth.close();
    assertEquals(500, get("/").status());
    serve("auth-url", "http://nosuch.invalid/");
    assertEquals(500, get("/").status());
    auth = AuthService.start();
    serve("auth-url", auth.url("/auth/200/gone"));
    assertEquals(500, get("/").status());
  }

  @Test
  void whoAsksIsAway_letsNobodyPass() throws Exception {
    serve("auth-url", auth.url("/auth/200"));
    beside.close();
    assertEquals(503, get("/").status());
    assertEquals("A", request("GET", "open.example.com", "/").route());
    beside = CredentialsServer.start(socket);
    Await.until("it is asked again", () -> get("/").route().equals("A"));
  }

  @Test
  void clientThatLeavesWhileTheServiceIsAsked_endsTheQuestion() throws Exception {
    serve("auth-url", auth.url("/auth/200/silent"));
    try (Connection connection = proxy.connect()) {
      connection.send("GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
      Await.until("the service is asked", () -> auth.open() == 1);
    }
    Await.until("the question has ended", () -> auth.open() == 0);
    serve("auth-url", auth.url("/auth/200"));
    assertEquals("A", get("/").route());
  }

  @Test
  void silentService_takesNothingFromOtherNamespaces() throws Exception {
    proxy.apply(
        annotated(
                ingress("slow", "slow.example.com", "Prefix / a"),
                NGINX + "auth-url",
                auth.url("/auth/200/silent"))
            .replace("namespace: default", "namespace: other"),
        annotated(
            ingress("a", "a.example.com", "Prefix / a"),
            NGINX + "auth-url",
            auth.url("/auth/200")),
        service("a", backend),
        service("a", backend).replace("namespace: default", "namespace: other"));
    List<Connection> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Connection connection = proxy.connect();
        connection.send("GET / HTTP/1.1\r\nHost: slow.example.com\r\n\r\n");
        waiting.add(connection);
      }
      Await.until("all that may be asked is asked", () -> auth.open() >= 256);
      assertEquals("A", get("/").route());
      assertEquals(503, request("GET", "slow.example.com", "/").status());
    } finally {
      for (Connection connection : waiting) {
        connection.close();
      }
    }
    Await.until("all questions have ended", () -> auth.open() <= 1);
  }

  @Test
  void certificateOfAnAddress_isNotVerified_thatOfAPublicNameIs() throws Exception {
    TestCertificate nobodys = TestCertificate.of("auth.example.com", "auth.example.com");
    try (AuthService secure = AuthService.startTls(nobodys)) {
      serve("auth-url", "https://127.0.0.1:" + secure.port() + "/auth/200/user",
          "auth-response-headers", "X-Auth-User");
      assertEquals("ada", get("/").echo().header("x-auth-user"));
    }
  }

  @Test
  void thisMachine_isNotAskedUnlessTheSettingsAllowIt() throws Exception {
    serve("auth-url", auth.url("/auth/200"));
    assertEquals("A", get("/").route());
    proxy.configure(
        settings ->
            settings.with(settings.services().allowingLoopbackEndpoints(false)));
    for (String host : List.of("127.0.0.1", "localhost", "127.9.9.9")) {
      serve("auth-url", "http://" + host + ":" + auth.port() + "/auth/200");
      assertEquals(500, get("/").status(), host);
    }
    assertEquals(1, auth.seen().size());
  }

  @Test
  void passwordAndService_both_areNeeded() throws Exception {
    serve("auth-url", auth.url("/auth/200/user"), "auth-type", "basic", "auth-secret", "users",
        "auth-response-headers", "X-Auth-User");
    assertEquals(401, get("/").status());
    assertEquals(0, auth.seen().size());
    Response response = get("/", "Authorization: " + BasicAuthEnvoy.basic("ada", "pw"));
    assertEquals("ada", response.echo().header("x-auth-user"));
    assertEquals("", response.echo().header("authorization"));
    serve("auth-url", auth.url("/auth/403"), "auth-type", "basic", "auth-secret", "users");
    assertEquals(403, get("/", "Authorization: " + BasicAuthEnvoy.basic("ada", "pw")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "200, , A", "200, wrong, A", "401, pw, A", "403, pw, A", "401, , 401", "403, wrong, 401",
    "500, , 500",
  })
  void satisfyAny_oneOfPasswordAndService_isEnough(int status, String password, String expected)
      throws Exception {
    serve("auth-url", auth.url("/auth/" + status), "auth-type", "basic", "auth-secret", "users",
        "satisfy", "any");
    Response response =
        password == null
            ? get("/")
            : get("/", "Authorization: " + BasicAuthEnvoy.basic("ada", password));
    assertEquals(expected, response.route());
    if (expected.equals("401")) {
      assertEquals("Basic realm=\"\"", response.header("www-authenticate"));
    }
    if (expected.equals("A")) {
      assertEquals("", response.echo().header("authorization"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, any, , A",
    "127.0.0.1, any, wrong, A",
    "10.0.0.0/8, any, , 401",
    "10.0.0.0/8, any, pw, A",
    "127.0.0.1, all, , 401",
    "127.0.0.1, all, pw, A",
    "10.0.0.0/8, all, pw, 403",
  })
  void satisfy_addressAndPassword(
      String addresses, String satisfy, String password, String expected) throws Exception {
    serve("whitelist-source-range", addresses, "auth-type", "basic", "auth-secret", "users",
        "satisfy", satisfy);
    for (String host : List.of("a.example.com", "x.w.example.com")) {
      Response response =
          password == null
              ? request("GET", host, "/")
              : request(
                  "GET", host, "/", "Authorization: " + BasicAuthEnvoy.basic("ada", password));
      assertEquals(expected, response.route(), host);
    }
  }

  @Test
  void satisfyAny_deniedAddress_mayStillLogIn_otherAddressesMust() throws Exception {
    for (String denied : List.of("127.0.0.0/8", "10.0.0.0/8")) {
      serve("denylist-source-range", denied, "auth-type", "basic", "auth-secret", "users",
          "satisfy", "any");
      assertEquals(401, get("/").status());
      assertEquals("A", get("/", "Authorization: " + BasicAuthEnvoy.basic("ada", "pw")).route());
    }
  }
}
