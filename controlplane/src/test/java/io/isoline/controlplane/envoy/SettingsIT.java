package io.isoline.controlplane.envoy;

import static io.isoline.controlplane.envoy.Yaml.ingress;
import static io.isoline.controlplane.envoy.Yaml.service;
import static io.isoline.controlplane.envoy.Yaml.tlsIngress;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.isoline.controlplane.envoy.EnvoyExtension.WithEnvoy;
import io.isoline.controlplane.envoy.TlsConnection.Hello;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator chooses. Each test changes the settings of an Envoy that runs. */
@WithEnvoy
class SettingsIT {

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

  /** A host with a certificate and one without. */
  private static void apply(Proxy proxy) {
    proxy.apply(
        tlsIngress("shop", "shop", "shop.example.com", "Prefix / a"),
        ingress("plain", "plain.example.com", "Prefix / a"),
        TestCertificate.of("shop", "shop.example.com").secret("shop"),
        service("a", backend));
  }

  private static String request(String method, String path, String headers, String body) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n"
        + headers
        + "\r\n"
        + body;
  }

  @Test
  void redirect_hostsWithCertificate_308ToTheirHttpsPort(Proxy proxy) throws Exception {
    apply(proxy);
    assertEquals("A", proxy.get("shop.example.com", "/x").route());
    proxy.configure(settings -> Configured.with(settings, "redirectToHttps: true"));
    Response response = proxy.get("shop.example.com:8080", "/x?y=1");
    assertEquals(308, response.status());
    assertEquals(
        "https://shop.example.com:" + proxy.httpsPort() + "/x?y=1", response.header("location"));
    assertEquals("A", proxy.get("shop.example.com", "/.well-known/acme-challenge/token").route());
    assertEquals(308, proxy.get("shop.example.com", "/.well-known/other").status());
    assertEquals(
        308, proxy.get("shop.example.com", "/.well-known/acme-challenge/../../x").status());
    assertEquals("A", proxy.get("plain.example.com", "/x").route());
    try (TlsConnection connection = proxy.tls(Hello.to("shop.example.com"))) {
      assertEquals("A", connection.get("shop.example.com", "/x").route());
    }
  }

  @Test
  void redirect_forwardedPort443_namesNoPort(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "redirectToHttps: true",
                "https: {address: 127.0.0.1, port: " + settings.listeners().https().port()
                    + ", forwardedPort: 443}"));
    assertEquals(
        "https://shop.example.com/x", proxy.get("shop.example.com", "/x").header("location"));
    try (TlsConnection connection = proxy.tls(Hello.to("shop.example.com"))) {
      assertEquals(
          "443", connection.get("shop.example.com", "/").echo().header("x-forwarded-port"));
    }
  }

  @Test
  void hsts_onlyOverHttpsAndWithCertificate(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings -> Configured.with(
            settings, "hsts: {maxAge: 24h, includeSubDomains: true, preload: false}"));
    String header = "strict-transport-security";
    try (TlsConnection connection = proxy.tls(Hello.to("shop.example.com"))) {
      assertEquals(
          "max-age=86400; includeSubDomains",
          connection.get("shop.example.com", "/").header(header));
      assertEquals("", connection.get("plain.example.com", "/").header(header));
    }
    assertEquals("", proxy.get("shop.example.com", "/").header(header));
  }

  @Test
  void compression_ofLongText_forClientsThatAcceptIt(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "compression: {algorithms: [brotli, gzip, zstd], minimumSize: 1000, contentTypes: [text/plain]}"));
    for (String coding : List.of("gzip", "br", "zstd")) {
      String accept = "Accept-Encoding: " + coding + "\r\n";
      Response response = proxy.request(request("GET", "/?text=5000", accept, ""));
      assertEquals(coding, response.header("content-encoding"));
      assertTrue(response.body().length() < 500, response::body);
      assertEquals(
          "", proxy.request(request("GET", "/?text=500", accept, "")).header("content-encoding"));
    }
    assertEquals(
        "br",
        proxy
            .request(request("GET", "/?text=5000", "Accept-Encoding: gzip, br, zstd\r\n", ""))
            .header("content-encoding"));
    assertEquals(
        "", proxy.request(request("GET", "/?text=5000", "", "")).header("content-encoding"));
  }

  @Test
  void bodyLimit_longer_413(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestBody: 1000}"));
    String chunk = "%x\r\n%s\r\n".formatted(1001, "a".repeat(1001));
    assertEquals(413, post(proxy, 1001).status());
    assertEquals(
        413,
        proxy
            .request(request("POST", "/", "Transfer-Encoding: chunked\r\n", chunk + "0\r\n\r\n"))
            .status());
    assertEquals("A", post(proxy, 1000).route());
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestBody: 0}"));
    assertEquals("A", post(proxy, 100_000).route());
  }

  private static Response post(Proxy proxy, int length) throws IOException {
    return proxy.request(
        request("POST", "/", "Content-Length: " + length + "\r\n", "a".repeat(length)));
  }

  @Test
  void headerLimits_beyond_431(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(settings, "limits: {requestHeaders: 4KiB, requestHeaderCount: 20}"));
    assertEquals(
        431, proxy.request(request("GET", "/", "X: " + "a".repeat(5000) + "\r\n", "")).status());
    assertEquals(431, proxy.request(request("GET", "/", "X: y\r\n".repeat(30), "")).status());
    assertEquals(
        "A", proxy.request(request("GET", "/", "X: " + "a".repeat(3000) + "\r\n", "")).route());
  }

  @Test
  void underscores_inHeaderNames_rejectedDroppedOrAllowed(Proxy proxy) throws Exception {
    apply(proxy);
    String request = request("GET", "/", "with_underscore: yes\r\n", "");
    assertEquals(400, proxy.request(request).status());
    proxy.configure(
        settings -> Configured.with(settings, "headersWithUnderscores: drop"));
    assertEquals("", proxy.request(request).echo().header("with_underscore"));
    proxy.configure(
        settings -> Configured.with(settings, "headersWithUnderscores: allow"));
    assertEquals("yes", proxy.request(request).echo().header("with_underscore"));
  }

  @Test
  void accessLog_json_namesTheIngress(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(settings, "accessLog: {format: json, path: /dev/stdout}"));
    assertEquals("A", proxy.get("shop.example.com", "/logged").route());
    Await.until(
        "the line is there",
        () ->
            proxy.envoy().output().stream()
                .anyMatch(
                    line ->
                        line.startsWith("{")
                            && line.contains("\"path\":\"/logged\"")
                            && line.contains("\"route\":\"ingress/default/shop\"")
                            && line.contains("\"status\":200")
                            && line.contains("\"host\":\"shop.example.com\"")));
  }

  @Test
  void proxyProtocol_givesTheClientsAddress(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(
                settings,
                "http: {address: 127.0.0.1, port: " + settings.listeners().http().port()
                    + ", proxyProtocol: true}"));
    Response response =
        proxy.request("PROXY TCP4 203.0.113.7 192.0.2.1 4711 80\r\n" + request("GET", "/", "", ""));
    assertEquals("203.0.113.7", response.echo().header("x-forwarded-for"));
    assertEquals("203.0.113.7", response.echo().header("x-real-ip"));
    assertThrows(IOException.class, () -> proxy.request(request("GET", "/", "", "")));
  }

  @Test
  void classes_changed_otherIngressesAreServed(Proxy proxy) throws Exception {
    proxy.apply(
        ingress("other", "other.example.com", "Prefix / a")
            .replace("ingressClassName: isoline", "ingressClassName: second"),
        service("a", backend));
    assertEquals("404", proxy.get("other.example.com", "/").route());
    proxy.configure(
        settings ->
            Configured.with(settings, "ingressClass: {names: [isoline, second]}"));
    assertEquals("A", proxy.get("other.example.com", "/").route());
  }

  @Test
  void port_changed_isListenedOnInPlaceOfTheOld(Proxy proxy) throws Exception {
    apply(proxy);
    int old = proxy.httpPort();
    proxy.configure(
        settings ->
            Configured.with(settings, "http: {address: 127.0.0.1, port: " + Ports.free() + "}"));
    Await.until("the new port answers", () -> answers(proxy.httpPort()));
    assertEquals("A", proxy.get("shop.example.com", "/").route());
    Await.until("the old port is closed", () -> !answers(old));
  }

  private static boolean answers(int port) {
    try (Connection connection = Connection.open(port)) {
      return connection.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status()
          > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Envoy refuses the listener, as it cannot open the file; the one that it has goes on. */
  @Test
  void settings_refusedByEnvoy_leaveWhatWasThere(Proxy proxy) throws Exception {
    apply(proxy);
    proxy.configure(
        settings ->
            Configured.with(settings, "accessLog: {format: text, path: /nowhere/access.log}"));
    assertEquals(2, proxy.rejections().size(), () -> proxy.rejections().toString());
    assertTrue(
        proxy.rejections().getFirst().words().contains("/nowhere/access.log"),
        () -> proxy.rejections().toString());
    assertEquals("A", proxy.get("shop.example.com", "/").route());
    // Routes go on to change, and the one listener that differs is refused again.
    proxy.apply(ingress("new", "new.example.com", "Prefix / a"), service("a", backend));
    assertEquals("A", proxy.get("new.example.com", "/").route());
    assertEquals("404", proxy.get("shop.example.com", "/").route());
    int refusals = proxy.rejections().size();
    assertTrue(refusals <= 3, () -> proxy.rejections().toString());
    proxy.apply(ingress("newer", "new.example.com", "Prefix / a"), service("a", backend));
    assertEquals("A", proxy.get("new.example.com", "/").route());
    assertEquals(refusals, proxy.rejections().size());
    proxy.configure(settings -> Configured.with(settings, "accessLog: off"));
    assertEquals("A", proxy.get("new.example.com", "/").route());
    assertEquals(refusals, proxy.rejections().size());
  }
}
