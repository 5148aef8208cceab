package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotated;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients get in by their certificate, and by no other way. */
@WithEnvoy
class ClientCertificateIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "web.example.com";
  private static final String OPEN = "open.example.com";

  private static final TestAuthority AUTHORITY = TestAuthority.named("CN=client ca");
  private static final TestAuthority.Client ALICE = AUTHORITY.issue("O=Org,CN=alice");
  private static final TestAuthority.Client MALLORY =
      TestAuthority.named("CN=other ca").issue("O=Org,CN=alice");
  private static final String SERVER = TestCertificate.of("web", HOST, OPEN).secret("web");

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

  private static void apply(Proxy proxy, String... yaml) {
    proxy.apply(String.join("\n---\n", yaml), SERVER, service("a", backend));
    assertEquals(List.of(), proxy.rejections());
  }

  private static String asking(String ingress, String... more) {
    String[] all = new String[more.length + 2];
    all[0] = NGINX + "auth-tls-secret";
    all[1] = "default/clients";
    for (int i = 0; i < more.length; i += 2) {
      all[i + 2] = NGINX + more[i];
      all[i + 3] = more[i + 1];
    }
    return annotated(ingress, all);
  }

  private static String web() {
    return tlsIngress("web", "web", HOST, "Prefix / a");
  }

  private static Response get(Proxy proxy, TestAuthority.Client client) throws IOException {
    return get(proxy, HOST, HOST, client.context());
  }

  private static Response getWithout(Proxy proxy) throws IOException {
    return get(proxy, HOST, HOST, TlsConnection.trustingAll());
  }

  private static Response get(Proxy proxy, String sni, String host, SSLContext client)
      throws IOException {
    try (TlsConnection connection =
        TlsConnection.open(proxy.httpsPort(), Hello.to(sni), client)) {
      return connection.exchange(
          "GET /x HTTP/1.1\r\nHost: "
              + host
              + "\r\nssl-client-verify: SUCCESS\r\nssl-client-cert: spoof\r\n\r\n");
    }
  }

  @Test
  void secret_certificateOfTheAuthority_passesAndNoOther(Proxy proxy) throws Exception {
    apply(proxy, asking(web()), AUTHORITY.secret("clients"));
    Response response = get(proxy, ALICE);
    assertEquals("A", response.route());
    Request got = response.echo();
    assertEquals("SUCCESS", got.header("ssl-client-verify"));
    assertEquals("CN=alice,O=Org", got.header("ssl-client-subject-dn"));
    assertEquals("CN=client ca", got.header("ssl-client-issuer-dn"));
    assertEquals("", got.header("ssl-client-cert"));
    assertEquals(400, getWithout(proxy).status());
    assertEquals(400, get(proxy, MALLORY).status());
    assertEquals(421, proxy.get(HOST, "/x").status());
  }

  @Test
  void customHttpErrors_whoMayNotPass_getsThePageAlone(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(
            web(),
            "auth-tls-match-cn",
            "CN=bob",
            "custom-http-errors",
            "400,403,421",
            "default-backend",
            "a"),
        AUTHORITY.secret("clients"));
    Request page = get(proxy, ALICE).echo();
    assertEquals("/", page.target());
    assertEquals("403", page.header("x-code"));
    assertEquals("400", getWithout(proxy).route());
    assertEquals("400", get(proxy, MALLORY).route());
    assertEquals("421", proxy.get(HOST, "/x").route());
  }

  @Test
  void passCertificate_backendGetsItEncoded(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(web(), "auth-tls-pass-certificate-to-upstream", "true"),
        AUTHORITY.secret("clients"));
    String certificate = get(proxy, ALICE).echo().header("ssl-client-cert");
    String pem = URLDecoder.decode(certificate, StandardCharsets.US_ASCII);
    assertTrue(pem.startsWith("-----BEGIN CERTIFICATE-----\n"), pem);
  }

  @ParameterizedTest
  @CsvSource({
    "on, 200, 400, 400",
    "optional, 200, 200, 400",
    "optional_no_ca, 200, 200, 200",
    "maybe, 200, 400, 400",
  })
  void verifyClient_eachWord(String word, int good, int without, int bad, Proxy proxy)
      throws Exception {
    apply(proxy, asking(web(), "auth-tls-verify-client", word), AUTHORITY.secret("clients"));
    assertEquals(good, get(proxy, ALICE).status());
    assertEquals(without, getWithout(proxy).status());
    assertEquals(bad, get(proxy, MALLORY).status());
    if (without == 200) {
      Request got = getWithout(proxy).echo();
      assertEquals("NONE", got.header("ssl-client-verify"));
      assertEquals("", got.header("ssl-client-cert"));
      assertEquals("", got.header("ssl-client-subject-dn"));
    }
    if (bad == 200) {
      assertEquals("FAILED", get(proxy, MALLORY).echo().header("ssl-client-verify"));
    }
  }

  @Test
  void verifyClient_off_asksNobody(Proxy proxy) throws Exception {
    apply(proxy, asking(web(), "auth-tls-verify-client", "off"), AUTHORITY.secret("clients"));
    assertEquals("A", getWithout(proxy).route());
    assertEquals("A", proxy.get(HOST, "/x").route());
  }

  /** A connection for a host that asks nobody must not lead to one that does. */
  @Test
  void connection_ofAnotherHost_isMisdirected(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(web()),
        tlsIngress("open", "web", OPEN, "Prefix / a"),
        AUTHORITY.secret("clients"));
    assertEquals(421, get(proxy, OPEN, HOST, TlsConnection.trustingAll()).status());
    assertEquals(421, get(proxy, OPEN, HOST, ALICE.context()).status());
    assertEquals(421, get(proxy, "unknown.example.org", HOST, ALICE.context()).status());
    assertEquals(421, get(proxy, "", HOST, ALICE.context()).status());
    assertEquals("A", get(proxy, OPEN, OPEN, TlsConnection.trustingAll()).route());
    // The other way is no danger.
    assertEquals("A", get(proxy, HOST, OPEN, TlsConnection.trustingAll()).route());
  }

  @Test
  void connection_ofAHostThatVerifiesOtherwise_isMisdirected(Proxy proxy) throws Exception {
    TestAuthority other = TestAuthority.named("CN=second ca");
    apply(
        proxy,
        asking(web()),
        annotated(
            tlsIngress("open", "web", OPEN, "Prefix / a"),
            NGINX + "auth-tls-secret",
            "second"),
        AUTHORITY.secret("clients"),
        other.secret("second"));
    TestAuthority.Client bob = other.issue("CN=bob");
    assertEquals("A", get(proxy, OPEN, OPEN, bob.context()).route());
    assertEquals(421, get(proxy, OPEN, HOST, bob.context()).status());
    assertEquals(400, get(proxy, HOST, HOST, bob.context()).status());
  }

  @Test
  void secondIngress_ofTheHost_isProtectedToo(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(tlsIngress("web", "web", HOST, "Prefix /a a")),
        tlsIngress("second", "web", HOST, "Prefix / a"),
        AUTHORITY.secret("clients"));
    assertEquals(400, getWithout(proxy).status());
    assertEquals(421, proxy.get(HOST, "/x").status());
    assertEquals("A", get(proxy, ALICE).route());
  }

  @Test
  void host_withoutTlsSection_showsTheDefaultCertificateAndAsks(Proxy proxy) throws Exception {
    apply(proxy, asking(ingress("web", HOST, "Prefix / a")), AUTHORITY.secret("clients"));
    assertEquals(400, getWithout(proxy).status());
    assertEquals("A", get(proxy, ALICE).route());
    assertEquals(421, proxy.get(HOST, "/x").status());
  }

  @Test
  void wildcard_names_areProtectedAndANameBelowIsItsOwn(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(ingress("wild", "*.example.com", "Prefix / a")),
        ingress("open", OPEN, "Prefix / a"),
        AUTHORITY.secret("clients"));
    assertEquals(400, getWithout(proxy).status());
    assertEquals("A", get(proxy, ALICE).route());
    assertEquals(421, proxy.get(HOST, "/x").status());
    assertEquals(421, proxy.get("WEB.Example.com", "/x").status());
    assertEquals("A", get(proxy, OPEN, OPEN, TlsConnection.trustingAll()).route());
    assertEquals("A", proxy.get(OPEN, "/x").route());
    assertEquals(421, get(proxy, OPEN, HOST, ALICE.context()).status());
  }

  @Test
  void alias_isProtectedAsItsHost(Proxy proxy) throws Exception {
    apply(
        proxy, asking(web(), "server-alias", "alias.example.org"), AUTHORITY.secret("clients"));
    String alias = "alias.example.org";
    assertEquals(421, proxy.get(alias, "/x").status());
    assertEquals(400, get(proxy, alias, alias, TlsConnection.trustingAll()).status());
    assertEquals(200, get(proxy, alias, alias, ALICE.context()).status());
  }

  @Test
  void appRoot_comesAfterTheCertificate(Proxy proxy) throws Exception {
    apply(proxy, asking(web(), "app-root", "/app"), AUTHORITY.secret("clients"));
    try (TlsConnection connection = proxy.tls(Hello.to(HOST))) {
      assertEquals(400, connection.get(HOST, "/").status());
    }
    try (TlsConnection connection =
        TlsConnection.open(proxy.httpsPort(), Hello.to(HOST), ALICE.context())) {
      assertEquals(302, connection.get(HOST, "/").status());
    }
  }

  @Test
  void redirect_ofPlainHttp_goesBefore(Proxy proxy) throws Exception {
    apply(proxy, asking(web(), "ssl-redirect", "true"), AUTHORITY.secret("clients"));
    assertEquals(308, proxy.get(HOST, "/x").status());
    // What a client says about how it came does not count.
    assertEquals(
        308,
        proxy
            .request(
                "GET /x HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
                    .formatted(HOST))
            .status());
    assertEquals(421, proxy.get(HOST, "/.well-known/acme-challenge/x").status());
  }

  @Test
  void challenge_ofAnotherIngress_isOpenByPlainHttpAlone(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(web(), "ssl-redirect", "true"),
        ingress("solver", HOST, "Exact /.well-known/acme-challenge/token a"),
        AUTHORITY.secret("clients"));
    Response response =
        proxy.request(
            String.join(
                "\r\n",
                "GET /.well-known/acme-challenge/token HTTP/1.1",
                "Host: %s",
                "ssl-client-verify: SUCCESS",
                "Connection: close",
                "",
                "")
                .formatted(HOST));
    assertEquals("A", response.route());
    assertEquals("", response.echo().header("ssl-client-verify"));
    try (TlsConnection connection = proxy.tls(Hello.to(HOST))) {
      assertEquals(400, connection.get(HOST, "/.well-known/acme-challenge/token").status());
    }
    try (TlsConnection connection = proxy.tls(Hello.to("other.example.com"))) {
      assertEquals(421, connection.get(HOST, "/.well-known/acme-challenge/token").status());
    }
  }

  @Test
  void errorPage_isWhereOthersAreSent(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(web(), "auth-tls-error-page", "https://help.example.com/certificates"),
        AUTHORITY.secret("clients"));
    Response response = getWithout(proxy);
    assertEquals(302, response.status());
    assertEquals("https://help.example.com/certificates", response.header("location"));
    assertEquals(302, get(proxy, MALLORY).status());
    assertEquals("A", get(proxy, ALICE).route());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "CN=alice; 200; 403",
        "CN=ali; 200; 403",
        "CN=alice(,|$); 200; 403",
        "CN=bob; 403; 403",
        "CN=ALICE; 403; 403",
        "CN=(bob|al.c[a-e])$; 403; 403",
        "CN=(bob|al.c[a-e]),O=Org$; 200; 403",
        "CN=; 200; 403",
      })
  void matchCn_subject_isSearched(String expression, int good, int without, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        asking(
            web(), "auth-tls-match-cn", expression, "auth-tls-verify-client", "optional"),
        AUTHORITY.secret("clients"));
    assertEquals(good, get(proxy, ALICE).status());
    assertEquals(without, getWithout(proxy).status());
    assertEquals(400, get(proxy, MALLORY).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"CN=a{1000}", "CN=(?i)a", "CN=(", "alice", "CN=a**", "CN=*"})
  void matchCn_thatIsNotTaken_letsNobodyIn(String expression, Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(web(), "auth-tls-match-cn", expression),
        ingress("second", HOST, "Prefix /y a"),
        AUTHORITY.secret("clients"));
    assertEquals(503, get(proxy, ALICE).status());
    try (TlsConnection connection =
        TlsConnection.open(proxy.httpsPort(), Hello.to(HOST), ALICE.context())) {
      assertEquals(403, connection.get(HOST, "/y").status());
    }
  }

  /** The longest that is taken is no larger than what Envoy takes. */
  @Test
  void matchCn_long_isTaken(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(web(), "auth-tls-match-cn", "CN=(alice|" + ".".repeat(59) + ")"),
        AUTHORITY.secret("clients"));
    assertEquals(200, get(proxy, ALICE).status());
    apply(
        proxy,
        asking(web(), "auth-tls-match-cn", "CN=(alice|" + "[^a-y]*".repeat(42) + ")"),
        AUTHORITY.secret("clients"));
    assertEquals(200, get(proxy, ALICE).status());
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 400", "1, 1, 200", "1, 2, 400", "2, 2, 200"})
  void verifyDepth_isOfCertificatesBetween(int depth, int between, int status, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        asking(web(), "auth-tls-verify-depth", String.valueOf(depth)),
        AUTHORITY.secret("clients"));
    TestAuthority issuer = AUTHORITY;
    for (int i = 0; i < between; i++) {
      issuer = issuer.below("CN=below " + i);
    }
    assertEquals(status, get(proxy, issuer.issue("CN=carol")).status());
    assertEquals(200, get(proxy, ALICE).status());
  }

  @Test
  void revoked_certificate_doesNotPass(Proxy proxy) throws Exception {
    TestAuthority.Client revoked = AUTHORITY.issue("CN=dave");
    apply(proxy, asking(web()), AUTHORITY.secret("clients", revoked.certificate()));
    assertEquals(400, get(proxy, revoked).status());
    assertEquals(200, get(proxy, ALICE).status());
  }

  @Test
  void secret_replaced_isInForceForNewConnections(Proxy proxy) throws Exception {
    TestAuthority second = TestAuthority.named("CN=second ca");
    apply(proxy, asking(web()), AUTHORITY.secret("clients"));
    assertEquals(200, get(proxy, ALICE).status());
    apply(proxy, asking(web()), second.secret("clients"));
    assertEquals(400, get(proxy, ALICE).status());
    assertEquals(200, get(proxy, second.issue("CN=bob")).status());
  }

  /** A connection that was there before the host asked has no certificate to show. */
  @Test
  void connection_olderThanTheQuestion_isMisdirected(Proxy proxy) throws Exception {
    apply(proxy, web());
    try (TlsConnection connection = proxy.tls(Hello.to(HOST))) {
      assertEquals("A", connection.get(HOST, "/x").route());
      apply(proxy, asking(web()), AUTHORITY.secret("clients"));
      assertEquals(421, connection.get(HOST, "/x").status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nosuch", "default/nosuch", "other/clients", "empty", "junk", "\\\"; junk {", "default/a/b"
      })
  void secret_thatIsNotThere_letsNobodyIn(String secret, Proxy proxy) throws Exception {
    apply(
        proxy,
        annotated(web(), NGINX + "auth-tls-secret", secret),
        ingress("second", HOST, "Prefix /y a"),
        TestAuthority.secret("empty", "  other: \"\"\n"),
        TestAuthority.secret("junk", "  ca.crt: \"anVuaw==\"\n"));
    for (String path : List.of("/x", "/y")) {
      int plain = proxy.get(HOST, path).status();
      assertTrue(plain == 403 || plain == 503, () -> path + " " + plain);
      try (TlsConnection connection =
          TlsConnection.open(proxy.httpsPort(), Hello.to(HOST), ALICE.context())) {
        int status = connection.get(HOST, path).status();
        assertTrue(status == 403 || status == 503, () -> path + " " + status);
      }
    }
  }

  @Test
  void secret_mended_letsClientsInAgain(Proxy proxy) throws Exception {
    apply(proxy, asking(web()));
    assertEquals(403, get(proxy, ALICE).status());
    apply(proxy, asking(web()), AUTHORITY.secret("clients"));
    assertEquals(200, get(proxy, ALICE).status());
    apply(proxy, asking(web()), TestAuthority.secret("clients", "  ca.crt: \"anVuaw==\"\n"));
    assertEquals(403, get(proxy, ALICE).status());
  }

  @Test
  void secondIngress_thatAsksForAnother_isClosed(Proxy proxy) throws Exception {
    apply(
        proxy,
        asking(tlsIngress("web", "web", HOST, "Prefix /a a")),
        annotated(
            ingress("second", HOST, "Prefix / a"), NGINX + "auth-tls-secret", "second"),
        AUTHORITY.secret("clients"),
        TestAuthority.named("CN=second ca").secret("second"));
    assertEquals(403, get(proxy, ALICE).status());
    assertEquals("REFUSED", outcome(proxy, "second"));
  }

  private static String outcome(Proxy proxy, String ingress) {
    return proxy.verdicts("Ingress", ingress).stream()
        .filter(verdict -> verdict.field().contains("auth-tls-secret"))
        .map(verdict -> verdict.outcome().toString())
        .findFirst()
        .orElse("");
  }

  @Test
  void rule_withoutAHost_isClosed(Proxy proxy) throws Exception {
    apply(proxy, asking(ingress("web", "", "Prefix / a")), AUTHORITY.secret("clients"));
    assertEquals(403, proxy.get("any.example.org", "/x").status());
    assertEquals(403, get(proxy, ALICE).status());
    assertEquals("REFUSED", outcome(proxy, "web"));
  }

  @Test
  void http2_certificate_passes(Proxy proxy) throws Exception {
    apply(proxy, asking(web()), AUTHORITY.secret("clients"));
    try (TlsConnection connection =
        TlsConnection.open(
            proxy.httpsPort(), Hello.to(HOST).withAlpn("h2", "http/1.1"), ALICE.context())) {
      assertEquals("h2", connection.applicationProtocol());
    }
  }
}
