package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.config.DefaultCertificate;
import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TestCertificate.Algorithm;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import io.isoline.translator.Verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which certificate a client is shown, and what goes on behind it. */
@WithEnvoy
class TlsIT {

  private static final TestCertificate SHOP = TestCertificate.of("shop", "shop.example.com");
  private static final TestCertificate WILD = TestCertificate.of("wild", "*.example.com");

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

  private static String shown(Proxy proxy, Hello hello) throws IOException {
    try (TlsConnection connection = proxy.tls(hello)) {
      return connection.commonName();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, shop",
    "SHOP.example.com, shop",
    "other.example.com, wild",
    "example.org, " + DefaultCertificate.NAME,
    "example.com, " + DefaultCertificate.NAME,
    "'', " + DefaultCertificate.NAME,
  })
  void certificate_bySni_exactThenWildcardThenDefault(
      String serverName, String expected, Proxy proxy) throws Exception {
    proxy.apply(
        tlsIngress("wild", "wild", "*.example.com", "Prefix / a"),
        tlsIngress("shop", "shop", "shop.example.com", "Prefix / a"),
        SHOP.secret("shop"),
        WILD.secret("wild"),
        service("a", backend));
    assertEquals(
        expected,
        shown(proxy, serverName.isEmpty() ? Hello.withoutServerName() : Hello.to(serverName)));
  }

  @Test
  void certificate_nestedWildcards_isOfTheLongest(Proxy proxy) throws Exception {
    proxy.apply(
        tlsIngress("wild", "wild", "*.example.com", "Prefix / a"),
        tlsIngress("shop", "shop", "*.shop.example.com", "Prefix / a"),
        SHOP.secret("shop"),
        WILD.secret("wild"),
        service("a", backend));

    assertEquals("shop", shown(proxy, Hello.to("a.shop.example.com")));
    assertEquals("wild", shown(proxy, Hello.to("shop.example.com")));
    assertEquals("wild", shown(proxy, Hello.to("a.b.example.com")));
    // What Envoy itself calls unfinished is outside of its threat model.
    assertEquals(
        List.of(),
        proxy.envoy().output().stream().filter(line -> line.contains("in-progress")).toList());
  }

  @Test
  void route_unknownOrAbsentSni_goesByHost(Proxy proxy) throws Exception {
    proxy.apply(
        tlsIngress("shop", "shop", "shop.example.com", "Prefix / a"),
        SHOP.secret("shop"),
        service("a", backend));
    for (Hello hello : new Hello[] {Hello.withoutServerName(), Hello.to("unknown.example.org")}) {
      try (TlsConnection connection = proxy.tls(hello)) {
        assertEquals("A", connection.get("shop.example.com", "/").route());
        assertEquals("404", connection.get("other.example.com", "/").route());
      }
    }
  }

  @Test
  void route_hostWithoutTls_worksOverHttps(Proxy proxy) throws Exception {
    proxy.apply(ingress("plain", "plain.example.com", "Prefix / a"), service("a", backend));
    try (TlsConnection connection = proxy.tls(Hello.to("plain.example.com"))) {
      assertEquals(DefaultCertificate.NAME, connection.commonName());
      Response response = connection.get("plain.example.com", "/");
      assertEquals("A", response.route());
      assertEquals("https", response.echo().header("x-forwarded-proto"));
      assertEquals(Integer.toString(proxy.httpsPort()), response.echo().header("x-forwarded-port"));
    }
  }

  @Test
  void tls_withoutHosts_changesNoHandshake(Proxy proxy) throws Exception {
    proxy.apply(
        ingress("all", "", "Prefix / a") + "  tls:\n  - {secretName: shop}\n",
        SHOP.secret("shop"),
        service("a", backend));
    assertEquals(DefaultCertificate.NAME, shown(proxy, Hello.withoutServerName()));
    assertEquals(DefaultCertificate.NAME, shown(proxy, Hello.to("anything.example.org")));
  }

  @Test
  void certificate_ofAnotherNamespace_isShownForNoHostOfTheOwner(Proxy proxy) throws Exception {
    String other =
        String.join(
                "\n---\n",
                tlsIngress("wild", "wild", "*.example.com", "Prefix / a"),
                tlsIngress("shop", "wild", "shop.example.com", "Prefix /x a"),
                WILD.secret("wild"))
            .replace("namespace: default", "namespace: other");
    proxy.apply(
        ingress("plain", "plain.example.com", "Prefix / a"),
        tlsIngress("shop", "shop", "shop.example.com", "Prefix / a"),
        SHOP.secret("shop"),
        service("a", backend),
        other);
    assertEquals("wild", shown(proxy, Hello.to("other.example.com")));
    assertEquals("shop", shown(proxy, Hello.to("shop.example.com")));
    try (TlsConnection connection = proxy.tls(Hello.to("plain.example.com"))) {
      assertEquals(DefaultCertificate.NAME, connection.commonName());
      assertEquals("A", connection.get("plain.example.com", "/").route());
    }
    assertTrue(proxy.rejections().isEmpty(), () -> proxy.rejections().toString());
  }

  @Test
  void certificates_rsaAndEcdsa_theClientGetsTheOneItCanUse(Proxy proxy) throws Exception {
    proxy.apply(
        tlsIngress("one", "rsa", "both.example.com", "Prefix / a"),
        tlsIngress("two", "ecdsa", "both.example.com", "Prefix /x a"),
        TestCertificate.create(
                "rsa", Algorithm.RSA, Instant.now().plus(Duration.ofDays(30)), "both.example.com")
            .secret("rsa"),
        TestCertificate.of("ecdsa", "both.example.com").secret("ecdsa"),
        service("a", backend));
    Hello hello = Hello.to("both.example.com");
    assertEquals(
        "rsa", shown(proxy, hello.withSignatureSchemes("rsa_pss_rsae_sha256", "rsa_pkcs1_sha256")));
    assertEquals("ecdsa", shown(proxy, hello.withSignatureSchemes("ecdsa_secp256r1_sha256")));
    assertEquals("ecdsa", shown(proxy, hello));
  }

  /** What can be wrong with a Secret. */
  enum Bad {
    MISSING,
    NOT_PEM,
    EMPTY,
    KEY_OF_ANOTHER,
    EXPIRED,
    CUT_OFF;

    String secret() {
      TestCertificate good = TestCertificate.of("bad", "bad.example.com");
      return switch (this) {
        case MISSING -> "";
        case NOT_PEM -> TestCertificate.secret("bad", "certificate", "key");
        case EMPTY -> TestCertificate.secret("bad", "", "");
        case KEY_OF_ANOTHER ->
            TestCertificate.secret(
                "bad", good.chain(), TestCertificate.of("x", "bad.example.com").key());
        case EXPIRED ->
            TestCertificate.create(
                    "bad",
                    Algorithm.ECDSA,
                    Instant.now().minus(Duration.ofDays(1)),
                    "bad.example.com")
                .secret("bad");
        case CUT_OFF ->
            TestCertificate.secret(
                "bad", good.chain().replaceFirst("(?s)(.{200}).*(-----END)", "$1\n$2"), good.key());
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void secret_bad_defaultForItsHostAndNothingForOthers(Bad bad, Proxy proxy) throws Exception {
    String[] good = {
      tlsIngress("shop", "shop", "shop.example.com", "Prefix / a"),
      SHOP.secret("shop"),
      service("a", backend)
    };
    String all = String.join("\n---\n", good);
    proxy.apply(all);
    long listenersBefore = proxy.envoy().counter("listener_manager.listener_modified");
    String withBad = all + "\n---\n" + tlsIngress("bad", "bad", "bad.example.com", "Prefix / a");
    try (TlsConnection open = proxy.tls(Hello.to("shop.example.com"))) {
      proxy.apply(withBad, bad.secret());
      assertEquals(DefaultCertificate.NAME, shown(proxy, Hello.to("bad.example.com")));
      assertEquals("shop", shown(proxy, Hello.to("shop.example.com")));
      assertEquals("A", open.get("shop.example.com", "/").route());
      try (TlsConnection connection = proxy.tls(Hello.to("bad.example.com"))) {
        assertEquals("A", connection.get("bad.example.com", "/").route());
      }
      assertTrue(
          proxy.verdicts("Ingress", "bad").stream()
              .anyMatch(v -> v.reason() == Reason.TLSSecretInvalid),
          () -> proxy.verdicts("Ingress", "bad").toString());
      assertTrue(proxy.rejections().isEmpty(), () -> proxy.rejections().toString());
      // Its correction is live without a listener being touched.
      long listeners = proxy.envoy().counter("listener_manager.listener_modified");
      assertTrue(listeners >= listenersBefore);
      proxy.apply(withBad, TestCertificate.of("corrected", "bad.example.com").secret("bad"));
      Await.until(
          "the corrected certificate is shown",
          () -> shown(proxy, Hello.to("bad.example.com")).equals("corrected"));
      assertEquals(listeners, proxy.envoy().counter("listener_manager.listener_modified"));
      assertEquals("A", open.get("shop.example.com", "/").route());
    }
  }

  @Test
  void secret_rotated_newConnectionsGetItAndOldOnesLive(Proxy proxy) throws Exception {
    String shop = tlsIngress("shop", "shop", "shop.example.com", "Prefix / a");
    proxy.apply(shop, SHOP.secret("shop"), service("a", backend));
    long listeners = proxy.envoy().counter("listener_manager.lds.update_success");
    try (TlsConnection open = proxy.tls(Hello.to("shop.example.com"))) {
      assertEquals("A", open.get("shop.example.com", "/1").route());
      for (int i = 1; i <= 5; i++) {
        String name = "rotation-" + i;
        proxy.apply(
            shop,
            TestCertificate.of(name, "shop.example.com").secret("shop"),
            service("a", backend));
        Await.until(
            "the new certificate is shown",
            () -> shown(proxy, Hello.to("shop.example.com")).equals(name));
      }
      assertEquals("shop", open.commonName());
      assertEquals("A", open.get("shop.example.com", "/2").route());
    }
    assertEquals(listeners, proxy.envoy().counter("listener_manager.lds.update_success"));
  }

  @Test
  void alpn_offersHttp2AndHttp11(Proxy proxy) throws Exception {
    proxy.apply();
    Hello hello = Hello.to("any.example.com");
    try (TlsConnection connection = proxy.tls(hello.withAlpn("http/1.1", "h2"))) {
      assertEquals("h2", connection.applicationProtocol());
    }
    try (TlsConnection connection = proxy.tls(hello.withAlpn("http/1.1"))) {
      assertEquals("http/1.1", connection.applicationProtocol());
      assertEquals("TLSv1.3", connection.version());
    }
  }

  @Test
  void version_under12_isRefused(Proxy proxy) throws Exception {
    proxy.apply();
    assertEquals("alert 70", answerToHello(proxy, 0x0302)); // protocol_version
    assertEquals("alert 70", answerToHello(proxy, 0x0301));
    assertEquals("server hello", answerToHello(proxy, 0x0303));
  }

  /** Written out by hand, as the JDK no longer speaks the old versions. */
  private static String answerToHello(Proxy proxy, int version) throws IOException {
    String body =
        HexFormat.of().toHexDigits((short) version)
            + "00".repeat(32) // random
            + "00" // session id
            + "0004c009c02b" // ECDSA with AES, for TLS 1.0 and 1.2
            + "0100" // no compression
            + "0016" // extensions:
            + "000a00040002"
            + "0017" // the curve P-256
            + "000b00020100" // its points not compressed
            + "000d00040002"
            + "0403"; // ECDSA with SHA-256
    String message = "01" + "%06x".formatted(body.length() / 2) + body;
    String hello = "160301" + "%04x".formatted(message.length() / 2) + message;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.httpsPort())) {
      socket.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
      socket.getOutputStream().write(HexFormat.of().parseHex(hello));
      InputStream in = socket.getInputStream();
      byte[] answer = in.readNBytes(7);
      return answer.length == 7 && answer[0] == 0x15
          ? "alert " + answer[6]
          : answer.length == 7 && answer[0] == 0x16 ? "server hello" : "nothing";
    }
  }
}
