package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.annotatedBelow;
import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown to backends that speak TLS, and which of them get requests. */
@WithEnvoy
class UpstreamTlsIT {

  private static final String NGINX = "nginx.ingress.kubernetes.io/";
  private static final String HOST = "web.example.com";
  private static final String NAME = "backend.internal";

  private static final TestAuthority AUTHORITY = TestAuthority.named("CN=backend ca");
  private static final TestAuthority OTHER = TestAuthority.named("CN=other ca");
  private static final TestAuthority.Client SERVER = AUTHORITY.issueFor(NAME, "*.example.com");
  private static final TestAuthority.Client PROXY = AUTHORITY.issue("CN=proxy");

  private final List<Backend> backends = new ArrayList<>();

  @AfterEach
  void stopBackends() throws IOException {
    for (Backend backend : backends) {
      backend.close();
    }
  }

  private Backend backend(TestAuthority.Client certificate, boolean asksClients)
      throws IOException {
    SSLContext context = certificate.serverContext();
    Backend backend = Backend.startTls("TLS", context, asksClients);
    backends.add(backend);
    return backend;
  }

  /** An Ingress for a backend with TLS. */
  private static String web(String... keysAndValues) {
    return annotatedBelow(NGINX, ingress("web", HOST, "Prefix / a"), keysAndValues);
  }

  /** The same that verifies it by a Secret. */
  private static String verifying(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("proxy-ssl-secret", "default/upstream", "proxy-ssl-verify", "on"));
    all.addAll(List.of(more));
    return web(all.toArray(String[]::new));
  }

  private static void apply(Proxy proxy, Backend backend, String... yaml) {
    proxy.apply(String.join("\n---\n", yaml), service("a", "https", backend));
    assertEquals(List.of(), proxy.rejections());
  }

  private static int status(Proxy proxy) throws IOException {
    return proxy.get(HOST, "/x").status();
  }

  /** The name, the version, the subject and the suite. */
  private static List<String> agreed(Proxy proxy, String host) throws IOException {
    Response response = proxy.get(host, "/x");
    assertEquals(200, response.status());
    return List.of(response.header("x-tls").split("\\|", -1));
  }

  private static String sni(Proxy proxy) throws IOException {
    return agreed(proxy, HOST).getFirst();
  }

  @Test
  void secret_certificate_isShownToABackendThatAsks(Proxy proxy) throws Exception {
    Backend backend = backend(SERVER, true);
    apply(proxy, backend, web());
    assertEquals(503, status(proxy));
    apply(
        proxy,
        backend,
        web("proxy-ssl-secret", "default/upstream"),
        TestAuthority.secret("upstream", PROXY.data()));
    assertEquals("CN=proxy", agreed(proxy, HOST).get(2));
    String dump = proxy.envoy().get("/config_dump");
    // "[redacted]" in Base64.
    assertTrue(dump.contains("W3JlZGFjdGVkXQ=="));
    String key = PROXY.data().replaceAll("(?s).*tls.key: \"([^\"]*)\".*", "$1");
    assertFalse(dump.contains(key));
  }

  @Test
  void verify_certificateOfTheAuthorityWithTheName_passesAndNoOther(Proxy proxy) throws Exception {
    Backend backend = backend(SERVER, false);
    apply(proxy, backend, verifying("proxy-ssl-name", NAME), AUTHORITY.secret("upstream"));
    assertEquals(200, status(proxy));
    apply(proxy, backend, verifying("proxy-ssl-name", NAME), OTHER.secret("upstream"));
    assertEquals(503, status(proxy));
    apply(
        proxy, backend, verifying("proxy-ssl-name", "other.internal"), AUTHORITY.secret("upstream"));
    assertEquals(503, status(proxy));
    apply(proxy, backend, web("proxy-ssl-name", "other.internal"));
    assertEquals(200, status(proxy));
  }

  @Test
  void verify_selfSigned_getsNothing(Proxy proxy) throws Exception {
    Backend backend = Backend.startTls("TLS", TestCertificate.of("backend", NAME));
    backends.add(backend);
    apply(proxy, backend, verifying("proxy-ssl-name", NAME), AUTHORITY.secret("upstream"));
    assertEquals(503, status(proxy));
    assertEquals(List.of(), backend.received());
  }

  @ParameterizedTest
  @CsvSource({
    "backend.internal, 200",
    "BACKEND.internal, 200",
    "backend.internal:8443, 200",
    "a.example.com, 200",
    "a.b.example.com, 503",
    "server, 503", // its common name
    "127.0.0.1, 503",
  })
  void verify_eachName(String name, int status, Proxy proxy) throws Exception {
    apply(
        proxy,
        backend(SERVER, false),
        verifying("proxy-ssl-name", name),
        AUTHORITY.secret("upstream"));
    assertEquals(status, status(proxy));
  }

  @Test
  void verify_address_isComparedWithAddresses(Proxy proxy) throws Exception {
    apply(
        proxy,
        backend(AUTHORITY.issueForAddress("127.0.0.1"), false),
        verifying("proxy-ssl-name", "127.0.0.1"),
        AUTHORITY.secret("upstream"));
    assertEquals("", sni(proxy));
  }

  @Test
  void verify_hostOfTheRequest_isComparedForEach(Proxy proxy) throws Exception {
    Backend backend = backend(SERVER, false);
    apply(
        proxy,
        backend,
        verifying("proxy-ssl-name", "$host"),
        annotatedBelow(
            NGINX,
            ingress("second", "web.example.org", "Prefix / a"),
            "proxy-ssl-secret",
            "default/upstream",
            "proxy-ssl-verify",
            "on",
            "proxy-ssl-name",
            "$host"),
        AUTHORITY.secret("upstream"));
    // Both by the same cluster, of whose connections none is for the other name.
    for (int i = 0; i < 3; i++) {
      assertEquals("web.example.com", sni(proxy));
      assertEquals(503, proxy.get("web.example.org", "/x").status());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void verify_certificatesBetween_passWhateverTheirNumber(int between, Proxy proxy)
      throws Exception {
    TestAuthority issuer = AUTHORITY;
    for (int i = 0; i < between; i++) {
      issuer = issuer.below("CN=between " + i);
    }
    apply(
        proxy,
        backend(issuer.issueFor(NAME), false),
        verifying("proxy-ssl-name", NAME, "proxy-ssl-verify-depth", "0"),
        AUTHORITY.secret("upstream"));
    assertEquals(200, status(proxy));
  }

  @Test
  void verify_withoutNameOrAuthorities_isClosed(Proxy proxy) throws Exception {
    Backend backend = backend(SERVER, false);
    apply(proxy, backend, verifying(), AUTHORITY.secret("upstream"));
    assertEquals(503, status(proxy));
    apply(
        proxy,
        backend,
        verifying("proxy-ssl-name", NAME),
        TestAuthority.secret("upstream", PROXY.data()));
    assertEquals(503, status(proxy));
    apply(proxy, backend, web("proxy-ssl-verify", "on", "proxy-ssl-name", NAME));
    assertEquals(503, status(proxy));
    assertEquals(List.of(), backend.received());
  }

  @Test
  void secret_changes_isInForceWithoutARestart(Proxy proxy) throws Exception {
    Backend backend = backend(SERVER, true);
    String verifying = verifying("proxy-ssl-name", NAME);
    apply(proxy, backend, verifying);
    assertEquals(503, status(proxy));
    apply(proxy, backend, verifying, AUTHORITY.secretShowing("upstream", PROXY));
    assertEquals("CN=proxy", agreed(proxy, HOST).get(2));
    apply(
        proxy,
        backend,
        verifying,
        AUTHORITY.secretShowing("upstream", AUTHORITY.issue("CN=renewed")));
    assertEquals("CN=renewed", agreed(proxy, HOST).get(2));
    apply(proxy, backend, verifying, OTHER.secretShowing("upstream", PROXY));
    assertEquals(503, status(proxy));
    apply(proxy, backend, verifying, AUTHORITY.secretShowing("upstream", PROXY));
    assertEquals("CN=proxy", agreed(proxy, HOST).get(2));
    apply(proxy, backend, verifying);
    assertEquals(503, status(proxy));
  }

  @Test
  void namespaces_sameNames_haveTheirOwn(Proxy proxy) throws Exception {
    Backend backend = backend(SERVER, true);
    String web = web("proxy-ssl-secret", "upstream");
    String mine = TestAuthority.secret("upstream", PROXY.data());
    String service = service("a", "https", backend);
    String theirs = TestAuthority.secret("upstream", AUTHORITY.issue("CN=theirs").data());
    String other =
        String.join("\n---\n", web.replace(HOST, "other.example.org"), theirs, service)
            .replace("namespace: default", "namespace: other");
    proxy.apply(web, mine, service, other);
    assertEquals("CN=proxy", agreed(proxy, HOST).get(2));
    assertEquals("CN=theirs", agreed(proxy, "other.example.org").get(2));
    proxy.apply(
        web("proxy-ssl-secret", "other/upstream"), mine, service, other);
    assertEquals(503, status(proxy));
    assertEquals("CN=theirs", agreed(proxy, "other.example.org").get(2));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', web.example.com",
    "on, '', web.example.com",
    "off, '', ''",
    "'', backend.internal, backend.internal",
    "on, backend.internal, backend.internal",
    "off, backend.internal, ''",
    "on, 127.0.0.1, ''",
  })
  void serverName_eachWord(String serverName, String name, String sni, Proxy proxy)
      throws Exception {
    apply(
        proxy,
        backend(SERVER, false),
        web("proxy-ssl-server-name", serverName, "proxy-ssl-name", name));
    assertEquals(sni, sni(proxy));
  }

  @ParameterizedTest
  @CsvSource({
    "'', TLSv1.3",
    "TLSv1.2, TLSv1.2",
    "TLSv1.3, TLSv1.3",
    "TLSv1.3 TLSv1.2, TLSv1.3",
    "SSLv9, TLSv1.3",
  })
  void protocols_eachWord(String protocols, String version, Proxy proxy) throws Exception {
    apply(proxy, backend(SERVER, false), web("proxy-ssl-protocols", protocols));
    assertEquals(version, agreed(proxy, HOST).get(1));
  }

  @Test
  void ciphers_areOffered(Proxy proxy) throws Exception {
    apply(
        proxy,
        backend(SERVER, false),
        web(
            "proxy-ssl-protocols",
            "TLSv1.2",
            "proxy-ssl-ciphers",
            "ECDHE-ECDSA-CHACHA20-POLY1305:DHE-RSA-AES128-SHA"));
    assertEquals(
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", agreed(proxy, HOST).getLast());
  }

  // A class of ingress-nginx.

  private static void asNginx(Proxy proxy) {
    proxy.configure(
        settings ->
            Configured.with(
                settings, "ingressClass: {controller: k8s.io/ingress-nginx, names: [isoline]}"));
  }

  @Test
  void ofNginx_withoutASecret_neitherNameNorVerification(Proxy proxy) throws Exception {
    asNginx(proxy);
    Backend backend = backend(OTHER.issueFor("elsewhere"), false);
    apply(proxy, backend, web());
    assertEquals("", sni(proxy));
    apply(
        proxy,
        backend,
        web("proxy-ssl-name", NAME, "proxy-ssl-server-name", "on", "proxy-ssl-verify", "on"));
    assertEquals(List.of("", "TLSv1.3"), agreed(proxy, HOST).subList(0, 2));
    apply(
        proxy,
        backend,
        annotatedBelow(
            "isoline.io/", ingress("web", HOST, "Prefix / a"), "proxy-ssl-server-name", "on"));
    assertEquals(HOST, sni(proxy));
  }

  @Test
  void ofNginx_secret_verifiesAndSpeaksTls12(Proxy proxy) throws Exception {
    asNginx(proxy);
    Backend backend = backend(SERVER, false);
    apply(proxy, backend, verifying("proxy-ssl-name", NAME), AUTHORITY.secret("upstream"));
    assertEquals(List.of("", "TLSv1.2"), agreed(proxy, HOST).subList(0, 2));
    apply(
        proxy,
        backend,
        verifying("proxy-ssl-name", NAME, "proxy-ssl-server-name", "on"),
        AUTHORITY.secret("upstream"));
    assertEquals(NAME, sni(proxy));
    apply(proxy, backend, verifying("proxy-ssl-name", NAME), OTHER.secret("upstream"));
    assertEquals(502, status(proxy));
    apply(proxy, backend, verifying(), AUTHORITY.secret("upstream"));
    assertEquals(502, status(proxy));
  }

  @Test
  void ofNginx_ingressThatSaysNothing_hasWhatAnotherOfTheHostSays(Proxy proxy) throws Exception {
    asNginx(proxy);
    Backend backend = backend(SERVER, false);
    String second = ingress("z", HOST, "Prefix /z a");
    apply(proxy, backend, verifying("proxy-ssl-name", NAME), second, AUTHORITY.secret("upstream"));
    assertEquals("TLSv1.2", agreed(proxy, HOST).get(1));
    assertEquals(200, proxy.get(HOST, "/z").status());
    apply(proxy, backend, verifying("proxy-ssl-name", NAME), second, OTHER.secret("upstream"));
    assertEquals(502, proxy.get(HOST, "/z").status());
  }
}
